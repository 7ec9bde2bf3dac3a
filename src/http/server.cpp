#include "http/server.hpp"

#include "http/lane.hpp"
#include "http/unix_socket.hpp"

#include <fmt/format.h>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <cassert>
#include <future>
#include <mutex>
#include <stdexcept>
#include <utility>

namespace sallyport::http {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using std::chrono::milliseconds;

constexpr auto quietly = asio::as_tuple(asio::use_awaitable);
constexpr milliseconds accept_pause{100};     // Out of descriptors or memory: trying at once would only spin.
constexpr milliseconds abort_time{200};       // For coroutines to notice that their connection was closed.
constexpr std::size_t most_turned_away = 64;  // Above the limit, at once; more are closed without a word.

tcp::endpoint resolve(asio::io_context& context, std::string const& host, int number) {
    auto const port = static_cast<asio::ip::port_type>(number);
    boost::system::error_code error;
    auto const address = asio::ip::make_address(host, error);
    if (!error) return {address, port};
    tcp::resolver resolver{context};
    auto const found = resolver.resolve(host, std::to_string(port), tcp::resolver::passive);
    auto const old = std::ranges::find_if(found, [](auto const& entry) { return entry.endpoint().address().is_v4(); });
    return old != found.end() ? old->endpoint() : found.begin()->endpoint();
}

tcp::acceptor listen(asio::io_context& context, std::string const& host, int port) {
    try {
        auto const endpoint = resolve(context, host, port);
        tcp::acceptor acceptor{context, endpoint.protocol()};
        acceptor.set_option(asio::socket_base::reuse_address{true});  // Over connections that linger; not over servers.
        if (endpoint.address().is_v6()) acceptor.set_option(asio::ip::v6_only{false});
        acceptor.bind(endpoint);
        acceptor.listen();
        return acceptor;
    } catch (boost::system::system_error const& cause) {
        throw std::runtime_error{
            fmt::format("cannot listen on {}:{}: {}\n  hint: choose another with --port and --host", host, port,
                        cause.code().message())};
    }
}

}  // namespace

struct Server::Impl {
    Impl(ServerRules rules_, Handler handler_, Refusal refusal_, BodyLimit body_limit_, Handler for_exposed_);

    template <class Acceptor>
    Task<> accept_all(Acceptor& from, Tls* tls);
    void listen_for_clients(boost::asio::io_context& context);
    void close_acceptors();

    ServerRules rules;
    Handler handler;
    Refusal refusal;
    BodyLimit body_limit;
    Handler for_exposed;
    TrustedProxies proxies;
    Headcount headcount;
    std::vector<std::unique_ptr<Lane>> lanes;
    std::optional<tcp::acceptor> acceptor;
    std::optional<tcp::acceptor> plain_acceptor;                           ///< Beside one that speaks TLS.
    std::optional<asio::local::stream_protocol::acceptor> local_acceptor;  ///< Instead of both.
    int port = 0;
    int plain_port = 0;
    bool is_started = false;
    std::once_flag stopped;
};

Server::Impl::Impl(ServerRules rules_, Handler handler_, Refusal refusal_, BodyLimit body_limit_, Handler for_exposed_)
    : rules{std::move(rules_)},
      handler{std::move(handler_)},
      refusal{std::move(refusal_)},
      body_limit{std::move(body_limit_)},
      for_exposed{for_exposed_ ? std::move(for_exposed_) : handler},
      proxies{rules.trusted_proxies, rules.loopback_is_proxy, rules.forwarded_header} {
    auto const cores = std::max<std::size_t>(std::thread::hardware_concurrency(), 1);
    for (std::size_t i = 0; i < (rules.threads != 0 ? rules.threads : cores); ++i) {
        lanes.push_back(
            std::make_unique<Lane>(Service{rules, handler, for_exposed, refusal, body_limit, proxies, {}}, headcount));
    }
    listen_for_clients(lanes.front()->context());
}

void Server::Impl::listen_for_clients(asio::io_context& context) {
    if (!rules.socket.empty()) {
        local_acceptor.emplace(listen_on(context, rules.socket));
        return;
    }
    acceptor.emplace(listen(context, rules.host, rules.port));
    port = acceptor->local_endpoint().port();
    if (!rules.plain_port) return;
    plain_acceptor.emplace(listen(context, rules.host, *rules.plain_port));
    plain_port = plain_acceptor->local_endpoint().port();
}

template <class Acceptor>
Task<> Server::Impl::accept_all(Acceptor& from, Tls* tls) {
    asio::steady_timer pause{lanes.front()->context()};
    for (std::size_t next = 0; from.is_open(); next = (next + 1) % lanes.size()) {
        auto& lane = *lanes[next];
        auto [error, socket] = co_await from.async_accept(lane.context().get_executor(), quietly);
        if (error == asio::error::operation_aborted) break;
        if (error == asio::error::connection_aborted) continue;
        if (error) {
            pause.expires_after(accept_pause);
            co_await pause.async_wait(quietly);
            continue;
        }
        auto const count = headcount.arrive();
        if (count > rules.max_connections + most_turned_away) {
            headcount.leave();
        } else {
            lane.welcome(Connection::Socket{std::move(socket)}, tls, count > rules.max_connections);
        }
    }
}

void Server::Impl::close_acceptors() {
    std::promise<void> closed;
    asio::post(lanes.front()->context(), [&] {
        boost::system::error_code ignored;
        if (acceptor) acceptor->close(ignored);
        if (plain_acceptor) plain_acceptor->close(ignored);
        if (local_acceptor) local_acceptor->close(ignored);
        closed.set_value();
    });
    closed.get_future().wait();
    std::error_code gone;
    if (local_acceptor) std::filesystem::remove(rules.socket, gone);
}

Server::Server(ServerRules rules, Handler handler, Refusal refusal, BodyLimit body_limit, Handler for_exposed)
    : impl_{std::make_unique<Impl>(std::move(rules), std::move(handler), std::move(refusal), std::move(body_limit),
                                   std::move(for_exposed))} {}

Server::~Server() { stop(); }

int Server::port() const { return impl_->port; }
int Server::plain_port() const { return impl_->plain_port; }

boost::asio::io_context& Server::context(std::size_t index) { return impl_->lanes.at(index)->context(); }

std::size_t Server::connections() const { return impl_->headcount.now(); }

void Server::start() {
    assert(!impl_->is_started);
    impl_->is_started = true;
    if (auto& local = impl_->local_acceptor) {
        asio::co_spawn(context(), impl_->accept_all(*local, nullptr), asio::detached);
    }
    if (auto& usual = impl_->acceptor) {
        asio::co_spawn(context(), impl_->accept_all(*usual, impl_->rules.tls.get()), asio::detached);
    }
    if (auto& plain = impl_->plain_acceptor) {
        asio::co_spawn(context(), impl_->accept_all(*plain, nullptr), asio::detached);
    }
    for (std::size_t i = 0; i < impl_->lanes.size(); ++i) impl_->lanes[i]->run(i);
}

void Server::stop() {
    std::call_once(impl_->stopped, [this] {
        if (!impl_->is_started) return;
        impl_->close_acceptors();
        for (auto& lane : impl_->lanes) lane->drain();
        if (!impl_->headcount.wait_for_none(impl_->rules.drain_time)) {
            for (auto& lane : impl_->lanes) lane->abort();
            impl_->headcount.wait_for_none(abort_time);
        }
        for (auto& lane : impl_->lanes) lane->join();
    });
}

}  // namespace sallyport::http

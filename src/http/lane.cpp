#include "http/lane.hpp"

#include <fmt/format.h>
#include <pthread.h>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>

#include <algorithm>
#include <utility>

namespace sallyport::http {
namespace {

namespace asio = boost::asio;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

/// A quarter of the shortest time that any wait has, so that none lasts much longer than it may.
milliseconds sweep_interval_of(ServerRules const& rules) {
    auto const shortest =
        std::min({rules.header_time, rules.body_grace, rules.write_time, rules.idle_time, rules.linger_time});
    return std::clamp(shortest / 4, milliseconds{5}, milliseconds{500});
}

/// Counts a connection for as long as its coroutine lives, however that ends.
class Seat {
public:
    explicit Seat(Headcount& headcount) : headcount_{headcount} {}
    ~Seat() { headcount_.leave(); }
    Seat(Seat const&) = delete;
    Seat& operator=(Seat const&) = delete;

private:
    Headcount& headcount_;
};

}  // namespace

Lane::Lane(Service service, Headcount& headcount)
    : service_{std::move(service)},
      headcount_{headcount},
      sweep_interval_{sweep_interval_of(service_.rules)},
      work_{asio::make_work_guard(context_)},
      sweep_timer_{context_} {}

void Lane::welcome(Connection::Socket socket, Tls* tls, bool is_full) {
    asio::co_spawn(context_, attend(std::move(socket), tls, is_full), asio::detached);
}

Task<> Lane::attend(Connection::Socket socket, Tls* tls, bool is_full) {
    Seat const seat{headcount_};
    Connection connection{std::move(socket), service_, tls};
    connections_.push_back(connection);
    if (!std::exchange(is_sweeping_, true)) sweep();
    if (is_full) {
        co_await connection.turn_away();
    } else {
        co_await connection.serve();
    }
}

void Lane::sweep() {
    auto const now = steady_clock::now();
    for (auto& connection : connections_) connection.expire(now);
    is_sweeping_ = !connections_.empty();
    if (!is_sweeping_) return;
    sweep_timer_.expires_after(sweep_interval_);
    sweep_timer_.async_wait([this](boost::system::error_code error) {
        if (!error) sweep();
    });
}

void Lane::run(std::size_t index) {
    thread_ = std::thread{[this, index] {
        pthread_setname_np(pthread_self(), fmt::format("http-{}", index).c_str());
        context_.run();
    }};
}

void Lane::drain() {
    asio::post(context_, [this] {
        service_.is_draining = true;
        for (auto& connection : connections_) connection.drain();
    });
}

void Lane::abort() {
    asio::post(context_, [this] {
        for (auto& connection : connections_) connection.abort();
    });
}

void Lane::join() {
    context_.stop();
    if (thread_.joinable()) thread_.join();
}

}  // namespace sallyport::http

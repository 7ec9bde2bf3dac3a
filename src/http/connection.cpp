#include "http/connection.hpp"

#include "http/header_text.hpp"

#include <fmt/format.h>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <cstring>
#include <exception>
#include <utility>

namespace sallyport::http {
namespace {

namespace asio = boost::asio;
using std::chrono::milliseconds;
using std::chrono::steady_clock;
using ErrorCode = boost::system::error_code;

constexpr auto quietly = asio::as_tuple(asio::use_awaitable);
constexpr std::size_t head_read_bytes = 4096;
constexpr std::size_t body_read_bytes = 16384;
constexpr std::size_t most_read_ahead = 65536;  // bytes a client may pipeline while it listens to a stream
constexpr std::string_view allowed_verbs = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS";

bool is_allowed(std::string_view verb) {
    for (auto rest = allowed_verbs; !rest.empty();) {
        if (next_element(rest) == verb) return true;
    }
    return false;
}

/// The time `bytes` may take at the minimum rate.
milliseconds time_for(std::size_t bytes, ServerRules const& rules) {
    return milliseconds{bytes * 1000 / std::max<std::size_t>(rules.body_bytes_per_second, 1)};
}

/// The next piece, or nothing if the producer failed or was cancelled.
Task<std::optional<std::string>> piece_of(Producer& producer) {
    try {
        co_return co_await producer();
    } catch (...) {  // The missing end of the body tells the client.
        co_return std::nullopt;
    }
}

/// The unspecified address if the client has gone already. Who comes by a Unix socket is on this machine.
asio::ip::address address_of(Connection::Socket const& socket) {
    ErrorCode ignored;
    auto const from = socket.remote_endpoint(ignored);
    auto const family = from.protocol().family();
    if (family == AF_UNIX) return asio::ip::address_v4::loopback();
    asio::ip::tcp::endpoint endpoint;
    bool const is_ip = family == AF_INET || family == AF_INET6;
    if (ignored || !is_ip || from.size() > endpoint.capacity()) return {};
    std::memcpy(endpoint.data(), from.data(), from.size());
    return endpoint.address();
}

void drop_front(std::array<asio::const_buffer, 3>& buffers, std::size_t bytes) {
    for (auto& buffer : buffers) {
        auto const step = std::min(bytes, buffer.size());
        buffer += step;
        bytes -= step;
    }
}

}  // namespace

Connection::Connection(Socket socket, Service& service, Tls* tls)
    : socket_{std::move(socket)},
      service_{service},
      peer_{address_of(socket_)},
      reader_{{service.rules.max_request_line, service.rules.max_header_bytes, service.rules.max_headers}, request_},
      tls_{tls} {
    ErrorCode ignored;
    socket_.set_option(asio::ip::tcp::no_delay{true}, ignored);
    socket_.set_option(asio::socket_base::keep_alive{true}, ignored);
    socket_.non_blocking(true, ignored);
}

Task<> Connection::serve() {
    bool stays = !service_.is_draining && (is_plain() || co_await begin());
    while (stays && co_await read_request()) stays = co_await answer();
    if (session_) say_goodbye();
    if (owes_time_) co_await linger();
}

Task<> Connection::turn_away() {
    if (!is_plain()) co_return;  // Shaking hands first would cost more than what is saved.
    co_await refuse({503, "Too many connections"});
    if (owes_time_) co_await linger();
}

void Connection::expire(Time now) {
    if (now < deadline_) return;
    is_expired_ = true;
    ErrorCode ignored;
    socket_.cancel(ignored);
}

void Connection::drain() {
    if (phase_ != Phase::idle && phase_ != Phase::producing) return;
    is_ending_ = true;
    ErrorCode ignored;
    socket_.cancel(ignored);
}

void Connection::abort() {
    is_ending_ = true;
    ErrorCode ignored;
    socket_.close(ignored);
}

std::string_view Connection::received() const {
    return {static_cast<char const*>(inbox_.data().data()), inbox_.size()};
}

void Connection::wait_until(Phase phase, Time deadline) {
    phase_ = phase;
    deadline_ = deadline;
    is_expired_ = false;
}

// Reading
// ---------------------------------------------------------------------------------------------------------------

Task<bool> Connection::read_request() {
    reader_.restart();
    owes_time_ = false;
    co_await read_head();
    if (reader_.stage() == RequestReader::Stage::body) {
        auto const& limit = service_.body_limit;
        auto const most = service_.rules.max_body;
        reader_.limit_body(limit ? std::min(limit(request_), most) : most);
        co_await read_body();
    }
    auto fault = reader_.fault();
    if (is_expired_ && phase_ == Phase::head) fault = {408, "Request header took too long"};
    if (is_expired_ && phase_ == Phase::body) fault = {408, "Request body came too slowly"};
    if (fault.status != 0) co_await refuse(fault);
    co_return fault.status == 0 && reader_.stage() == RequestReader::Stage::complete;
}

Task<> Connection::read_head() {
    auto const begin = steady_clock::now();
    if (inbox_.size() == 0 && inbox_.capacity() > head_read_bytes) inbox_.shrink_to_fit();
    wait_until(Phase::idle, begin + service_.rules.idle_time);
    for (;;) {
        auto const taken = reader_.take(received());
        inbox_.consume(taken);
        if (reader_.stage() != RequestReader::Stage::head) co_return;
        if (taken > 0) continue;
        if (phase_ == Phase::idle && inbox_.size() > 0) {
            wait_until(Phase::head, steady_clock::now() + service_.rules.header_time);
        }
        if (!co_await fill(head_read_bytes)) co_return;
    }
}

Task<> Connection::read_body() {
    if (reader_.stage() != RequestReader::Stage::body) co_return;
    if (reader_.expects_continue() && inbox_.size() == 0) {
        static constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";
        if (!co_await write({asio::buffer(go_on)})) co_return;
    }
    auto const begin = steady_clock::now();
    std::size_t bytes = inbox_.size();
    for (;;) {
        inbox_.consume(reader_.take(received()));
        if (reader_.stage() != RequestReader::Stage::body) co_return;
        wait_until(Phase::body, begin + service_.rules.body_grace + time_for(bytes, service_.rules));
        auto const before = inbox_.size();
        if (!co_await fill(body_read_bytes)) co_return;
        bytes += inbox_.size() - before;
    }
}

/// Waits for more bytes; false if none will come in time.
Task<bool> Connection::fill(std::size_t bytes) { return session_ ? fill_sealed(bytes) : fill_plain(bytes); }

Task<bool> Connection::fill_plain(std::size_t bytes) {
    auto const [error, count] = co_await socket_.async_read_some(inbox_.prepare(bytes), quietly);
    inbox_.commit(count);
    co_return !error && !is_expired_ && !is_ending_;
}

// Answering
// -------------------------------------------------------------------------------------------------------------

Task<bool> Connection::answer() {
    wait_until(Phase::handling, Time::max());
    bool const is_exposed = service_.proxies.identify(request_, peer_);
    auto response = co_await handle(is_exposed ? service_.for_exposed : service_.handler);
    bool const stays =
        reader_.keeps_alive() && !service_.is_draining && !lists_token(response.header("Connection"), "close");
    co_return co_await send(response, stays);
}

Task<Response> Connection::handle(Handler const& handler) {
    if (!is_allowed(request_.verb)) {
        auto response = service_.refusal(request_, 405, "Method not allowed");
        response.set_header("Allow", std::string{allowed_verbs});
        co_return response;
    }
    try {
        co_return co_await handler(request_);
    } catch (...) {  // A mistake of ours; the connection goes on.
    }
    co_return service_.refusal(request_, 500, "Internal Server Error");
}

Task<bool> Connection::refuse(Fault fault) {
    static Request const unread;
    if (reader_.has_head()) service_.proxies.identify(request_, peer_);
    auto response = service_.refusal(reader_.has_head() ? request_ : unread, fault.status, std::string{fault.message});
    co_return co_await send(response, false);
}

Task<bool> Connection::send(Response& response, bool stays) {
    using std::chrono::system_clock;
    auto const framing = framing_of(response, request_.verb, reader_.is_http_1_0());
    if (framing.kind == Framing::Kind::until_close) stays = false;
    std::string_view const connection = !stays ? "close" : reader_.is_http_1_0() ? "keep-alive" : "";
    head_.clear();
    append_head(head_, response, framing, service_.date_line.at(system_clock::to_time_t(system_clock::now())),
                connection);

    auto const* text = std::get_if<std::string>(&response.body);
    auto const body = text != nullptr && framing.sends_body ? asio::buffer(*text) : asio::const_buffer{};
    if (!co_await write({asio::buffer(head_), body})) co_return false;
    owes_time_ = true;
    if (auto* producer = std::get_if<Producer>(&response.body); producer != nullptr && framing.sends_body) {
        stays = co_await stream(*producer, framing) && stays;
    }
    co_return stays;
}

Task<bool> Connection::stream(Producer& producer, Framing framing) {
    bool const is_chunked = framing.kind == Framing::Kind::chunked;
    for (auto left = framing.length;;) {
        auto piece = co_await next_piece(producer);
        if (!piece) co_return false;
        if (framing.kind == Framing::Kind::length) {
            if (piece->empty()) co_return left == 0;
            piece->resize(std::min(piece->size(), left));
            left -= piece->size();
        }
        if (is_chunked) {
            auto const size = fmt::format("{:x}\r\n", piece->size());  // Size 0 is the last chunk.
            if (!co_await write({asio::buffer(size), asio::buffer(*piece), asio::buffer("\r\n", 2)})) co_return false;
        } else if (!co_await write({asio::buffer(*piece)})) {
            co_return false;
        }
        if (piece->empty()) co_return true;
    }
}

/// Nothing if the producer failed, the client went away or the server stops.
Task<std::optional<std::string>> Connection::next_piece(Producer& producer) {
    using namespace asio::experimental::awaitable_operators;
    wait_until(Phase::producing, Time::max());
    auto first = co_await (piece_of(producer) || watch());
    co_return first.index() == 0 ? std::move(std::get<0>(first)) : std::nullopt;
}

/// Returns when the client closes; what it sends meanwhile is kept for later.
Task<> Connection::watch() {
    while (inbox_.size() < most_read_ahead) {
        if (!co_await fill(head_read_bytes)) co_return;
    }
    asio::steady_timer forever{socket_.get_executor(), Time::max()};
    co_await forever.async_wait(quietly);
}

/// Writes them in one go; false if the client does not take them in time.
Task<bool> Connection::write(Buffers buffers) { return session_ ? write_sealed(buffers) : write_plain(buffers); }

Task<bool> Connection::write_plain(Buffers buffers) {
    auto const total = asio::buffer_size(buffers);
    ErrorCode error;
    auto written = socket_.write_some(buffers, error);  // Nearly always all of it.
    if (written == total) co_return true;
    if (error && error != asio::error::would_block) co_return false;

    // The socket takes more only when a good part of its buffer is free again, so whoever reads too slowly is late too.
    drop_front(buffers, written);
    while (written < total) {
        wait_until(Phase::writing, steady_clock::now() + service_.rules.write_time);
        auto const [failure, count] = co_await socket_.async_write_some(buffers, quietly);
        if (failure || is_expired_ || is_ending_) co_return false;
        drop_front(buffers, count);
        written += count;
    }
    deadline_ = Time::max();
    co_return true;
}

/// Says that no more will come, and lets the client read what did: closing while bytes of it are unread would take our
/// last answer from it (RFC 9112 section 9.6).
Task<> Connection::linger() {
    if (is_ending_) co_return;
    ErrorCode ignored;
    socket_.shutdown(asio::socket_base::shutdown_send, ignored);
    inbox_.clear();
    wait_until(Phase::leaving, steady_clock::now() + service_.rules.linger_time);
    while (co_await fill(head_read_bytes)) inbox_.clear();
}

}  // namespace sallyport::http

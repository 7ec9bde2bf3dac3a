#include "http/connection.hpp"
#include "http/proxy_protocol.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>

// What comes before the first request (a proxy's word about the client, then the handshake) has one deadline for all of
// it. Afterwards sealed bytes take the ways of plain ones, through the session.

namespace sallyport::http {
namespace {

namespace asio = boost::asio;
using std::chrono::steady_clock;
using ErrorCode = boost::system::error_code;

constexpr auto quietly = asio::as_tuple(asio::use_awaitable);
constexpr std::size_t proxy_read_bytes = 512;
constexpr std::size_t handshake_read_bytes = 4096;
constexpr std::size_t record_bytes = 16384;       // The most that TLS seals at once (RFC 8446 section 5.1).
constexpr std::size_t most_sealed_ahead = 65536;  // bytes

}  // namespace

/// False where the connection is over already.
Task<bool> Connection::begin() {
    auto const deadline = steady_clock::now() + service_.rules.header_time;
    wait_until(Phase::idle, deadline);
    bool const is_proxy = service_.rules.proxy_protocol && service_.proxies.trusts(peer_.address);
    if (is_proxy && !co_await read_proxy_header()) co_return false;
    co_return tls_ == nullptr || co_await shake_hands(deadline);
}

Task<bool> Connection::read_proxy_header() {
    auto header = http::read_proxy_header(received());
    while (header.verdict == ProxyHeader::Verdict::unfinished) {
        if (!co_await fill_plain(proxy_read_bytes)) co_return false;
        header = http::read_proxy_header(received());
    }
    if (header.verdict == ProxyHeader::Verdict::malformed) co_return false;
    inbox_.consume(header.length);
    if (header.is_local) co_return true;
    if (header.client) peer_ = Peer{*header.client};
    peer_.is_unknown = !header.client;
    peer_.is_secure = header.is_secure.value_or(false);
    peer_.is_vouched_for = header.is_secure.value_or(true);
    co_return true;
}

Task<bool> Connection::shake_hands(Time deadline) {
    session_ = tls_->open();
    peer_.is_secure = true;
    session_->feed(received());
    inbox_.clear();
    auto state = session_->shake_hands();
    while (state == TlsSession::State::hungry) {
        if (!co_await send_sealed()) co_return false;
        wait_until(Phase::idle, deadline);  // Writing may have had one of its own.
        sealed_.resize(handshake_read_bytes);
        auto const [error, count] = co_await socket_.async_read_some(asio::buffer(sealed_), quietly);
        if (error || is_expired_ || is_ending_) co_return false;
        session_->feed({sealed_.data(), count});
        state = session_->shake_hands();
    }
    if (state == TlsSession::State::plain) {
        session_.reset();
        co_await refuse({400, "This port speaks HTTPS"});
        co_return false;
    }
    bool const is_told = co_await send_sealed();
    co_return is_told&& state == TlsSession::State::ready;
}

/// As fill(). What a session wants to say meanwhile waits for the next write: this wait may be given up at any point,
/// and half a record sent would be the end.
Task<bool> Connection::fill_sealed(std::size_t bytes) {
    auto const room = inbox_.prepare(bytes);
    for (;;) {
        std::size_t count = 0;
        auto const state = session_->read({static_cast<char*>(room.data()), room.size()}, count);
        inbox_.commit(count);
        if (count > 0) co_return true;
        if (state != TlsSession::State::hungry || session_->sealed().size() > most_sealed_ahead) co_return false;
        sealed_.resize(bytes);
        auto const [error, read] = co_await socket_.async_read_some(asio::buffer(sealed_), quietly);
        session_->feed({sealed_.data(), read});
        if (error || is_expired_ || is_ending_) co_return false;
    }
}

/// Seals the next record of them, small ones together: a record costs as much as some hundred bytes.
bool Connection::seal(Buffers& buffers) {
    std::size_t left = record_bytes;
    if (buffers[0].size() >= left || asio::buffer_size(buffers) == buffers[0].size()) {
        left = std::min(left, buffers[0].size());
        bool const is_good = session_->write({static_cast<char const*>(buffers[0].data()), left});
        buffers[0] += left;
        return is_good;
    }
    sealed_.clear();
    for (auto& buffer : buffers) {
        auto const step = std::min(left, buffer.size());
        auto const* const bytes = static_cast<char const*>(buffer.data());
        sealed_.insert(sealed_.end(), bytes, bytes + step);
        buffer += step;
        left -= step;
    }
    return session_->write({sealed_.data(), sealed_.size()});
}

/// As write(), with no more sealed at once than the client may take at once.
Task<bool> Connection::write_sealed(Buffers buffers) {
    while (asio::buffer_size(buffers) > 0) {
        while (asio::buffer_size(buffers) > 0 && session_->sealed().size() < most_sealed_ahead) {
            if (!seal(buffers)) co_return false;
        }
        if (!co_await send_sealed()) co_return false;
    }
    co_return true;
}

Task<bool> Connection::send_sealed() {
    auto const bytes = session_->sealed();
    if (bytes.empty()) co_return true;
    bool const is_sent = co_await write_plain({asio::buffer(bytes)});
    session_->clear_sealed();
    co_return is_sent;
}

/// Tells the client that an end of the connection is meant; it need not listen.
void Connection::say_goodbye() {
    session_->close();
    auto const bytes = session_->sealed();
    ErrorCode ignored;
    socket_.write_some(asio::buffer(bytes), ignored);
}

}  // namespace sallyport::http

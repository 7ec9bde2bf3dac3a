// One client's connection: read a request, have it handled, write the answer, again.

#pragma once

#include "http/fault.hpp"
#include "http/forwarded.hpp"
#include "http/http_date.hpp"
#include "http/request_reader.hpp"
#include "http/response_head.hpp"
#include "http/server.hpp"
#include "http/tls.hpp"

#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/intrusive/list_hook.hpp>

#include <array>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sallyport::http {

/// What the connections of one io thread share, touched by that thread alone.
struct Service {
    ServerRules const& rules;
    Handler const& handler;
    Handler const& for_exposed;
    Refusal const& refusal;
    BodyLimit const& body_limit;
    TrustedProxies const& proxies;
    DateLine date_line;
    bool is_draining = false;
};

/// Lives on its io thread, inside the coroutine that serves it; its list forgets it when it ends.
///
/// Deadlines are plain points in time that a sweep over all connections compares with the clock: a timer for each
/// operation would cost more than the operation.
class Connection : public boost::intrusive::list_base_hook<boost::intrusive::link_mode<boost::intrusive::auto_unlink>> {
public:
    /// Of TCP, or of a Unix socket.
    using Socket =
        boost::asio::basic_stream_socket<boost::asio::generic::stream_protocol, boost::asio::io_context::executor_type>;
    using Time = std::chrono::steady_clock::time_point;

    Connection(Socket socket, Service& service, Tls* tls = nullptr);

    Task<> serve();      ///< Until either side closes.
    Task<> turn_away();  ///< Answers 503 without reading.

    void expire(Time now);  ///< Ends the wait that has lasted too long, if one has.
    void drain();           ///< Ends it if it only waits; else the answer in flight will be its last.
    void abort();           ///< Closes it at once.

private:
    enum class Phase : unsigned char { idle, head, body, handling, producing, writing, leaving };
    using Buffers = std::array<boost::asio::const_buffer, 3>;

    // What comes before the first request, and sealed bytes: connection_tls.cpp.
    Task<bool> begin();
    Task<bool> read_proxy_header();
    Task<bool> shake_hands(Time deadline);
    Task<bool> fill_sealed(std::size_t bytes);
    Task<bool> write_sealed(Buffers buffers);
    Task<bool> send_sealed();
    bool seal(Buffers& buffers);
    void say_goodbye();

    Task<bool> read_request();
    Task<> read_head();
    Task<> read_body();
    Task<bool> fill(std::size_t bytes);
    Task<bool> fill_plain(std::size_t bytes);

    Task<bool> answer();
    Task<Response> handle(Handler const& handler);
    Task<bool> refuse(Fault fault);
    Task<bool> send(Response& response, bool stays);
    Task<bool> stream(Producer& producer, Framing framing);
    Task<std::optional<std::string>> next_piece(Producer& producer);
    Task<> watch();
    Task<bool> write(Buffers buffers);
    Task<bool> write_plain(Buffers buffers);
    Task<> linger();

    /// Begins with a request, without a header of a proxy or a handshake before it.
    bool is_plain() const { return tls_ == nullptr && !service_.rules.proxy_protocol; }

    std::string_view received() const;
    void wait_until(Phase phase, Time deadline);

    Socket socket_;
    Service& service_;
    Peer peer_;
    Request request_;
    RequestReader reader_;
    boost::beast::flat_buffer inbox_;
    std::string head_;
    Phase phase_ = Phase::idle;
    Time deadline_ = Time::max();
    Tls* tls_;                             ///< Null: plain HTTP.
    std::unique_ptr<TlsSession> session_;  ///< Once hands are being shaken.
    std::vector<char> sealed_;             ///< Room for what comes sealed.
    bool is_expired_ = false;
    bool is_ending_ = false;  ///< Drained or aborted.
    bool owes_time_ = false;  ///< The last thing it heard from us was an answer: it gets time to read it.
};

}  // namespace sallyport::http

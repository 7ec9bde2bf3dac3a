// The HTTP/1.1 server (RFC 9112): accept, then per connection read, handle, write, under limits and deadlines.

#pragma once

#include "http/forwarded.hpp"
#include "sallyport/request.hpp"

#include <boost/asio/io_context.hpp>

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace sallyport::http {

class Tls;

/// What a client may send, and how slowly. Over a limit: the status named, then the connection closes.
struct ServerRules {
    std::string host = "127.0.0.1";
    int port = 3000;                               ///< 0 lets the system choose.
    std::filesystem::path socket{};                ///< Listens on this Unix socket (mode 0600) instead.
    std::size_t threads = 0;                       ///< io threads, an io_context each; 0: one per core.
    std::size_t max_connections = 10000;           ///< One more is answered 503 and closed.
    std::size_t max_request_line = 8192;           ///< bytes, 414
    std::size_t max_header_bytes = 16384;          ///< 431
    std::size_t max_headers = 100;                 ///< 431
    std::size_t max_body = 1048576;                ///< bytes, 413; the most any path allows
    std::chrono::milliseconds header_time{10000};  ///< Whole header: 408; and all that comes before the first: closed
    std::chrono::milliseconds body_grace{10000};   ///< Before the minimum rate counts: 408
    std::size_t body_bytes_per_second = 500;
    std::chrono::milliseconds write_time{30000};  ///< Without the client taking any bytes: closed.
    std::chrono::milliseconds idle_time{60000};   ///< Between requests: closed without a word.
    std::chrono::milliseconds drain_time{10000};  ///< After stop(): requests in flight.
    std::chrono::milliseconds linger_time{2000};  ///< For the client to read a last answer and close.

    std::shared_ptr<Tls> tls{};       ///< What `port` speaks; without it plain HTTP.
    std::optional<int> plain_port{};  ///< Listens for plain HTTP too; 0 lets the system choose.

    /// Addresses and networks ("10.0.0.0/8") whose word about the client is believed.
    std::vector<std::string> trusted_proxies{};
    ForwardedHeader forwarded_header = ForwardedHeader::x_forwarded;  ///< By which they give it.
    bool proxy_protocol = false;  ///< Every connection of theirs begins with the PROXY protocol.

    /// Requests from this machine come through a proxy: they do not tell whose they are unless it is trusted.
    bool loopback_is_proxy = false;
};

/// The body limit in bytes for a request whose header has been read; asked before the body is.
using BodyLimit = std::function<std::size_t(Request const&)>;

/// Writes an answer the server itself must give (400, 405, 408, 413, 414, 431, 500, 503) in the app's error shape.
/// Called on any io thread, with the request; with an empty one where its head was not read whole.
using Refusal = std::function<Response(Request const&, int status, std::string const& message)>;

/// A listening server. Constructed, then start()ed once, then stop()ped once.
///
/// Threads that resume its coroutines (pools) must be gone before it is destroyed; after stop() they may still post.
class Server {
public:
    /// Binds at once, a socket in the place of one that nobody listens on any more. Throws std::runtime_error naming
    /// host, port and cause ("address already in use"), and
    /// std::invalid_argument for a proxy that is no address. `for_exposed` answers requests that others could read on
    /// their way (TrustedProxies::identify); without it the handler answers them too.
    Server(ServerRules rules, Handler handler, Refusal refusal, BodyLimit body_limit = {}, Handler for_exposed = {});
    ~Server();

    int port() const;        ///< 0 on a Unix socket.
    int plain_port() const;  ///< 0 without one.
    void start();            ///< Serves in threads of its own.

    /// Stops accepting, closes idle connections, answers what is in flight within drain_time, joins. From any thread
    /// but its own; a second call waits for the first.
    void stop();

    /// The io_context of a thread, for background work that belongs to the server's life.
    boost::asio::io_context& context(std::size_t index = 0);

    std::size_t connections() const;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace sallyport::http

// What this program asks of others over the network: gateways over HTTP, mail servers over SMTP (libcurl).

#pragma once

#include "sallyport/task.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace sallyport::http {

/// How far another server is trusted, and for how long it is waited for.
struct OutboundRules {
    std::chrono::milliseconds connect_time{5000};  ///< DNS, TCP and TLS; of a mail server, also greeting and login.
    std::chrono::milliseconds deadline{10000};     ///< All of it.
    std::chrono::milliseconds greeting_time{0};    ///< Of a mail server, once connected; 0: as long as connect_time.
    std::size_t max_reply = 65536;                 ///< bytes
    bool allow_private = false;             ///< Addresses that are not public (RFC 6890), and plain HTTP to them.
    std::string certificate_authorities{};  ///< A PEM file; "" for the system's.
};

struct OutboundRequest {
    std::string verb = "POST";
    std::string url;
    std::vector<std::pair<std::string, std::string>> headers{};
    std::string body{};
};

struct OutboundReply {
    int status = 0;
    std::string body;
};

/// A letter on its way to a mail server (RFC 5321).
struct OutboundMail {
    std::string url;  ///< "smtp://host:587", or "smtps://host:465"
    bool requires_tls = true;
    std::string user{};
    std::string password{};
    std::string from;  ///< Addresses alone, without names or brackets.
    std::string to;
    std::string letter;  ///< Headers and body, lines ended by CRLF.
};

/// No answer, or none that can be read. what() never holds what was sent, nor the URL.
class OutboundFailure : public std::runtime_error {
public:
    enum class Sent : std::uint8_t {
        no,     ///< Nothing reached the other side.
        maybe,  ///< The other side may have acted on it.
    };

    OutboundFailure(Sent sent, int status, std::string const& text);

    Sent sent() const { return sent_; }
    int status() const { return status_; }  ///< The last reply of a mail server; 0 for none.

private:
    Sent sent_;
    int status_;
};

/// One thread and the connections it keeps open for the next request. Nothing is done before the first.
///
/// Certificates are checked, redirects not followed, proxies of the environment ignored, and a request whose bytes
/// have left is never sent a second time. Any thread may call. Callers are resumed on their own executors, which must
/// outlive this; those still waiting when it is destroyed get an OutboundFailure.
class Outbound {
public:
    Outbound();
    ~Outbound();

    /// The reply, whatever its status. Throws OutboundFailure.
    Task<OutboundReply> send(OutboundRequest request, OutboundRules rules);

    /// Returns once the server has accepted the letter. Throws OutboundFailure; what was refused (4yz, 5yz) has a
    /// status.
    Task<> mail(OutboundMail mail, OutboundRules rules);

private:
    class Worker;
    Worker& worker();

    std::once_flag started_;
    std::unique_ptr<Worker> worker_;
};

}  // namespace sallyport::http

// TLS 1.2 and 1.3 (RFC 5246, RFC 8446) for a server, over bytes that somebody else carries.
//
// A session turns sealed bytes into clear ones and back and never touches a socket: waiting, deadlines and limits stay
// where they are for plain HTTP.

#pragma once

#include "http/certificate.hpp"

#include <chrono>
#include <cstddef>
#include <memory>
#include <mutex>
#include <span>
#include <string_view>

struct bio_st;
struct ssl_ctx_st;
struct ssl_st;

namespace sallyport::http {

/// One connection's state. Used by one thread at a time.
class TlsSession {
public:
    enum class State : unsigned char {
        ready,   ///< Shaken hands; or clear bytes were there.
        hungry,  ///< Needs more sealed bytes.
        closed,  ///< The other side says that no more will come.
        broken,  ///< Beyond repair; sealed() may hold an alert.
        plain,   ///< The client speaks plain HTTP.
    };

    explicit TlsSession(std::shared_ptr<ssl_ctx_st> const& context);
    ~TlsSession();
    TlsSession(TlsSession const&) = delete;
    TlsSession& operator=(TlsSession const&) = delete;

    void feed(std::string_view sealed);  ///< What came from the network.
    State shake_hands();                 ///< Call again after feed() until it is not hungry.

    /// Clear bytes into `room`; `count` says how many.
    State read(std::span<char> room, std::size_t& count);

    bool write(std::string_view clear);  ///< Appends to sealed(); false where the session is broken.
    void close();                        ///< Appends the notice that no more will come.

    std::string_view sealed() const;  ///< For the network, in order.
    void clear_sealed();              ///< All of it has been sent.

private:
    State state_after(int result) const;

    // The session holds the context by itself, and both buffers belong to it.
    std::unique_ptr<ssl_st, void (*)(ssl_st*)> session_;
    bio_st* incoming_;
    bio_st* outgoing_;
};

/// Makes sessions with the current certificate. Safe on any thread.
class Tls {
public:
    /// Keys of tickets live as long as the context they belong to, so it is made anew this often: whoever steals one
    /// can read no more than that of the TLS 1.2 connections that were resumed.
    static constexpr std::chrono::hours ticket_key_life{12};

    explicit Tls(Certificate certificate);

    std::unique_ptr<TlsSession> open();

    /// For sessions from now on; those that are open go on as they are.
    void use(Certificate certificate);

private:
    std::mutex mutex_;
    Certificate certificate_;
    std::shared_ptr<ssl_ctx_st> context_;
    std::chrono::steady_clock::time_point made_;
};

}  // namespace sallyport::http

// Request and Response: one HTTP exchange as plain data. http/ makes and sends them; rest/ and plain routes answer.

#pragma once

#include "sallyport/json.hpp"
#include "sallyport/task.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace sallyport {

using Headers = std::vector<std::pair<std::string, std::string>>;

/// A name or value of a query or form as it was meant: "a+b%21" is "a b!". What cannot be decoded stays as it is, but
/// for the plus signs.
std::string decode_parameter(std::string_view raw);

/// What a client sent, within the server's limits and already checked against RFC 9112.
struct Request {
    std::string verb;    ///< "GET", as sent.
    std::string target;  ///< Path and query as sent: "/api/Notes/1?filter=...".
    Headers headers;     ///< In order; names as sent.
    std::string body;    ///< Decoded from chunks, not from Content-Encoding.

    std::string peer;                       ///< Address of the client: the connection's, or what a trusted proxy said.
    bool is_secure = false;                 ///< Came over TLS, here or at a trusted proxy.
    bool is_forwarded_by_stranger = false;  ///< A forwarded header, or a proxy, that is not trusted.

    std::string_view path() const;   ///< `target` up to "?", still percent-encoded.
    std::string_view query() const;  ///< `target` after "?"; "" if none.

    /// The first value of `name` in the query, decoded; nothing if it was not sent.
    std::optional<std::string> parameter(std::string_view name) const;

    /// The body as JSON. Throws Error 400 where it is none.
    Json json() const;

    /// The first header of that name, without regard to case (RFC 9110 section 5.1); "" if none.
    std::string_view header(std::string_view name) const;
    bool has_header(std::string_view name) const;

    /// The value of a cookie (RFC 6265 section 5.4); nothing if it was not sent.
    std::optional<std::string_view> cookie(std::string_view name) const;
};

/// Gives the next piece of a body; an empty one ends it. Destroyed when the client goes away.
using Producer = std::function<Task<std::string>()>;

/// What to send back. Content-Length or chunking, Date and Connection are the server's to add.
struct Response {
    int status = 200;
    Headers headers;
    std::variant<std::string, Producer> body;
    bool carries_secret = false;  ///< A token is in the body: never compressed (BREACH), tagged or kept by a cache.

    void set_header(std::string_view name, std::string value);  ///< Replaces, without regard to case.
    std::string_view header(std::string_view name) const;
};

/// A JSON answer.
Response json_response(Json const& value, int status = 200);

/// Answers a request. Runs on the connection's io thread; must not throw.
using Handler = std::function<Task<Response>(Request const&)>;

}  // namespace sallyport

// What server/middleware.json may ask for around every answer: CORS, helmet's headers, compression, ETags, favicon.

#pragma once

#include "sallyport/json.hpp"
#include "sallyport/request.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace sallyport::http {

/// Cross-origin sharing (Fetch standard, section 3.2).
struct Cors {
    enum class Origins : std::uint8_t {
        listed,  ///< Those in `origins` exactly; "null" never.
        echoed,  ///< Whoever asks, by name: LoopBack's `origin: true`.
        all,     ///< "*": anyone, without credentials.
    };
    Origins allowed = Origins::listed;
    std::vector<std::string> origins;
    bool credentials = false;
    int max_age_seconds = -1;  ///< -1: not sent.
    std::string methods = "GET,HEAD,PUT,PATCH,POST,DELETE";
    std::string request_headers;  ///< "": those the preflight asks for.
    std::string exposed_headers;  ///< "": not sent.
};

struct MiddlewareRules {
    std::optional<Cors> cors;
    Headers fixed_headers;       ///< helmet's, and what the mode adds; an answer's own go first.
    Headers secure_headers;      ///< The same, for requests that came over TLS.
    std::string page_policy;     ///< Content-Security-Policy of HTML; "" for none.
    std::string api_policy;      ///< Of everything else.
    std::string no_store_below;  ///< Path below which nothing may be kept by a cache; "" for none.
    bool compression = false;    ///< Announced by Vary; bodies are compressed with gzip from 1 KiB on, never
                                 ///< one that carries a secret.
    bool favicon = false;
    bool etag = true;
};

/// Strict-Transport-Security (RFC 6797), beside what an entry helmet#hsts says.
struct Hsts {
    static constexpr long usual_seconds = 31536000;

    std::optional<long> seconds;  ///< Said outside middleware.json: wins; 0 for none.
    bool is_usual = false;        ///< Sent where nobody says anything; a strict reading does anyway.
};

/// Reads the entries of middleware.json that are known (loopback#favicon, compression, cors, helmet#*), of any phase;
/// others are not for it. A strict reading adds the headers that are missing for safety, and takes no cross-origin
/// rule that would give every site the user's credentials.
///
/// Strict-Transport-Security is for answers over TLS (RFC 6797 section 7.2); LoopBack's helmet sends it with all.
MiddlewareRules read_middleware(JsonObject const& middleware, bool strict, std::string const& api_root = "/api",
                                Hsts const& hsts = {});

/// Wraps a handler: preflights and favicon are answered here; other answers get headers, ETag (weak, RFC 9110
/// section 8.8.3), 304 for a matching If-None-Match, and HEAD loses its body.
Handler with_middleware(MiddlewareRules rules, Handler next);

/// The headers that those rules give every answer, for one that no handler gave.
void add_headers(MiddlewareRules const& rules, Request const& request, Response& response);

}  // namespace sallyport::http

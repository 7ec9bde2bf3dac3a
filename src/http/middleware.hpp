// What server/middleware.json may ask for around every answer: CORS, helmet's headers, compression, ETags, favicon.

#pragma once

#include "sallyport/json.hpp"
#include "sallyport/request.hpp"

#include <optional>
#include <string>
#include <vector>

namespace sallyport::http {

/// Cross-origin sharing (Fetch standard, section 3.2).
struct Cors {
    bool any_origin = false;           ///< Echo the Origin that asks.
    std::vector<std::string> origins;  ///< Else exactly these; "null" never.
    bool credentials = false;
    int max_age_seconds = -1;  ///< -1: not sent.
};

struct MiddlewareRules {
    std::optional<Cors> cors;
    Headers fixed_headers;     ///< helmet's, and what the mode adds.
    bool compression = false;  ///< Announced by Vary; bodies are compressed with gzip above 1 KiB, never one
                               ///< that carries a token.
    bool favicon = false;
    bool etag = true;
};

/// Reads middleware.json's known entries (loopback#favicon, compression, cors, helmet#*).
MiddlewareRules read_middleware(JsonObject const& middleware, bool strict);

/// Wraps a handler: preflights and favicon are answered here; other answers get headers, ETag (weak, RFC 9110
/// section 8.8.3), 304 for a matching If-None-Match, and HEAD loses its body.
Handler with_middleware(MiddlewareRules rules, Handler next);

}  // namespace sallyport::http

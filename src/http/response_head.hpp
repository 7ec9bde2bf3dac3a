// What goes before a body: status line, headers, framing (RFC 9112 sections 4 and 6).

#pragma once

#include "sallyport/request.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace sallyport::http {

/// How the client learns where the body ends, and whether there is one.
struct Framing {
    enum class Kind : unsigned char {
        nothing,  ///< No body and no word about its length: 1xx, 204, and 304.
        length,
        chunked,
        until_close,  ///< A producer's body for HTTP/1.0.
    };
    Kind kind = Kind::nothing;
    std::size_t length = 0;
    bool sends_body = false;  ///< false for HEAD: the headers speak of a body that does not come.
};

/// A producer that goes with a Content-Length header is believed, and not chunked.
Framing framing_of(Response const& response, std::string_view verb, bool is_http_1_0);

/// Appends the head with its empty line. `date_line` is a whole line.
///
/// Headers that are the server's own (Connection, Content-Length, Date, Transfer-Encoding) are left out of what the
/// response holds, and control characters inside values become spaces: nobody splits a response.
void append_head(std::string& out, Response const& response, Framing const& framing, std::string_view date_line,
                 std::string_view connection);

/// The usual words for a status: "Not Found"; "" if it has none.
std::string_view reason_phrase(int status);

}  // namespace sallyport::http

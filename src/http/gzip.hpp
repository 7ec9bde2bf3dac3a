// Compression of answers with gzip (RFC 1952).

#pragma once

#include <string>
#include <string_view>

namespace sallyport::http {

/// Whether an Accept-Encoding value lets us use gzip (RFC 9110 section 12.5.3).
bool accepts_gzip(std::string_view accept_encoding);

/// The same for another coding, such as "br"; "*" stands for every one that is not named.
bool accepts_coding(std::string_view accept_encoding, std::string_view coding);

/// Whether a Content-Type is text of some kind, which compression makes smaller.
bool is_compressible(std::string_view content_type);

/// The text compressed at the fastest level. Any thread.
std::string gzip(std::string_view text);

/// What was compressed. Only for what we compressed ourselves: throws std::runtime_error for anything else.
std::string gunzip(std::string_view compressed);

}  // namespace sallyport::http

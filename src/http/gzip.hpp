// Compression of answers with gzip (RFC 1952), and what clients compressed.

#pragma once

#include <cstddef>
#include <stdexcept>
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

/// It is not what it says it is, or not all of it; in zlib's words.
struct BadCompression : std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// What was compressed by ourselves. Throws BadCompression.
std::string gunzip(std::string_view compressed);

/// What a client compressed with gzip or "deflate", which is zlib's format (RFC 9110 section 8.4.1), reading no further
/// than `most` bytes of it. Throws BadCompression, and std::length_error where there is more. Any thread.
std::string inflated(std::string_view compressed, std::size_t most);

}  // namespace sallyport::http

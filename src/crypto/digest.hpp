// Digests, keyed digests, and comparison in equal time.

#pragma once

#include <string>
#include <string_view>

namespace sallyport::crypto {

/// SHA-256 (FIPS 180-4) as 32 raw bytes.
std::string sha256(std::string_view data);

/// SHA-1 as 20 raw bytes; for ETags and TOTP only.
std::string sha1(std::string_view data);

/// HMAC (RFC 2104) as raw bytes: 32, 20, 64. With SHA-1 for one-time codes only.
std::string hmac_sha256(std::string_view key, std::string_view data);
std::string hmac_sha1(std::string_view key, std::string_view data);
std::string hmac_sha512(std::string_view key, std::string_view data);

/// Whether two texts are equal, in a time that depends on their lengths alone.
bool equal_in_constant_time(std::string_view a, std::string_view b);

std::string to_hex(std::string_view bytes);
std::string from_hex(std::string_view text);               ///< Throws std::invalid_argument.
std::string to_base64(std::string_view bytes);             ///< RFC 4648 section 4, padded
std::string to_base64url(std::string_view bytes);          ///< RFC 4648 section 5, not padded
std::string from_base64(std::string_view text, bool& ok);  ///< Both alphabets, padding optional.

}  // namespace sallyport::crypto

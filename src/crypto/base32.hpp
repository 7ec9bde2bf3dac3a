// Base32 (RFC 4648 section 6), as authenticators read secrets.

#pragma once

#include <string>
#include <string_view>

namespace sallyport::crypto {

/// In capitals, without padding.
std::string to_base32(std::string_view bytes);

/// In either case, with or without padding. Throws std::invalid_argument for another character, for a length that no
/// bytes have, and for bits left over.
std::string from_base32(std::string_view text);

}  // namespace sallyport::crypto

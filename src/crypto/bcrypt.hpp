// Old password hashes: bcrypt as LoopBack 3 stores it. Checked, never made.

#pragma once

#include <string_view>

namespace sallyport::crypto {

/// Whether `text` has the form of a bcrypt hash: "$2a$", "$2b$" or "$2y$", a cost and 53 characters.
bool is_bcrypt(std::string_view text);

/// Whether `password` belongs to the bcrypt hash `stored`.
///
/// bcrypt stops at a NUL and looks at 72 bytes only, so that many longer passwords share a hash: those are refused,
/// after the same work.
bool bcrypt_matches(std::string_view password, std::string_view stored);

}  // namespace sallyport::crypto

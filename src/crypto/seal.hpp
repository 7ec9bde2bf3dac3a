// Small secrets sealed at rest, bound to the row they belong to (XChaCha20-Poly1305).

#pragma once

#include "crypto/keys.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace sallyport::crypto {

/// "KEYID.base64url(nonce + ciphertext)". `context` names the row; the same one must be given to open it.
std::string seal(Keys const& keys, std::string_view secret, std::string_view context);

/// The secret; nothing if it was changed, moved to another row, or sealed with a key that is gone.
std::optional<std::string> unseal(Keys const& keys, std::string_view sealed, std::string_view context);

}  // namespace sallyport::crypto

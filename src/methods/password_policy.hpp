// Which passwords may be chosen.

#pragma once

#include "definition/definition.hpp"

#include <string_view>

namespace sallyport::methods {

/// Strict: 8 characters where a code follows, 15 where the password stands alone, at most 1024 bytes (NIST SP 800-63B-4
/// section 3.1.1.2). Compatible: anything but "", at most 72 bytes, as LoopBack.
struct PasswordPolicy {
    std::size_t least_characters = 1;  ///< Unicode code points.
    std::size_t most_bytes = 72;

    /// Throws Error 422: INVALID_PASSWORD, PASSWORD_TOO_SHORT, PASSWORD_TOO_LONG. The message never holds the password.
    void require(std::string_view password) const;
};

PasswordPolicy password_policy(definition::Model const& model, bool compatible);

}  // namespace sallyport::methods

// Which passwords may be chosen.

#pragma once

#include "definition/definition.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace sallyport::methods {

/// Strict: 8 characters where a code follows, 15 where the password stands alone, at most 1024 bytes (NIST SP 800-63B-4
/// section 3.1.1.2), and none that is guessed first. Compatible: anything but "", at most 72 bytes, as LoopBack.
struct PasswordPolicy {
    std::size_t least_characters = 1;  ///< Unicode code points.
    std::size_t most_bytes = 72;
    bool refuses_most_used = false;

    /// `words` are those that belong to the account: a password that is one of them, alone or with digits and signs
    /// around it, is refused like the most used ones.
    ///
    /// Throws Error 422: INVALID_PASSWORD, PASSWORD_TOO_SHORT, PASSWORD_TOO_LONG, PASSWORD_BLOCKED. The message never
    /// holds the password.
    void require(std::string_view password, std::vector<std::string> const& words = {}) const;
};

/// Email and its part before the @, user name, number and model.
std::vector<std::string> words_of(definition::Model const& model, Json const& user);

PasswordPolicy password_policy(definition::Model const& model, bool compatible);

}  // namespace sallyport::methods

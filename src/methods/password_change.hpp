// User's changePassword (with the old one) and setPassword (with a token from a mailed link).

#pragma once

#include "methods/account.hpp"

namespace sallyport::methods {

void add_password_change(AccountParts& parts, model::StoredModel& model);

/// Whether a reset token of this model may do nothing but reset, and ordinary tokens may not: always in strict mode and
/// with two factors, else where restrictResetPasswordTokenScope says so.
bool restricts_reset_tokens(AccountRules const& rules, definition::Model const& model);

inline constexpr char const* reset_scope = "reset-password";

}  // namespace sallyport::methods

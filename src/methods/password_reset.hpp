// User's resetPassword: a short-lived token, mailed to the address that was named.

#pragma once

#include "methods/account.hpp"

namespace sallyport::methods {

/// Strict mode, and models with two factors in either mode, answer 204 whether or not there is such an account, after
/// the same work. An account gets at most 3 links in the life of one.
void add_password_reset(AccountParts& parts, model::StoredModel& model);

}  // namespace sallyport::methods

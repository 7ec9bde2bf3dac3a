// User's login and logout.

#pragma once

#include "methods/account.hpp"

namespace sallyport::methods {

/// Adds both. Plain login makes a token of a password alone: where two factors are required it answers 401
/// TWO_FACTOR_REQUIRED without looking at the password.
void add_login(AccountParts& parts, model::StoredModel& model);

}  // namespace sallyport::methods

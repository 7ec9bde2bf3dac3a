// User's verify and confirm: a mailed link proves that an address is the account's.

#pragma once

#include "methods/account.hpp"

namespace sallyport::methods {

/// The token is stored hashed; only the newest link of an account works, once.
void add_verification(AccountParts& parts, model::StoredModel& model);

}  // namespace sallyport::methods

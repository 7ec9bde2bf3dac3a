// What keeps an account sound whichever way it is changed: hashed passwords, properties only the server sets, and an
// end to sessions that a change made stale, in the transaction of the change itself.

#pragma once

#include "methods/account.hpp"

namespace sallyport::methods {

/// Adds the hooks.
///
/// Over the wire: emailVerified and verificationToken are never taken from a client; a bulk update may not set a
/// password (401, where LoopBack stores it in clear), nor touch what identifies an account with two factors. A new
/// password is always hashed, also one that looks like a hash.
void add_account_guard(AccountParts& parts, model::StoredModel& model);

}  // namespace sallyport::methods

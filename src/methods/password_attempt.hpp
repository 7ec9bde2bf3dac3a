// Trying a password: charged before it is compared, compared off the io threads, in the same time whether or not there
// is such an account.

#pragma once

#include "auth/attempt.hpp"
#include "methods/account.hpp"

#include <cstdint>
#include <string>

namespace sallyport::methods {

struct PasswordTry {
    crypto::PasswordCheck check = crypto::PasswordCheck::wrong;
    auth::Attempt attempt;  ///< For auth::succeeded(), in the transaction that the right password leads to.

    bool is_right() const { return check != crypto::PasswordCheck::wrong; }
};

/// Compares `password` (of any type: only a string can be right) with the password of `user`, which is undefined where
/// there is none. `identifier` is what was asked for: limits count it whether or not it exists.
///
/// A wrong one is answered after AccountRules::refused_password_ms, and so is one that may not be tried.
///
/// Throws Error 429 with Retry-After, and 503 where too many wait already.
Task<PasswordTry> try_password(AccountParts& parts, model::StoredModel& model, std::string identifier, Json const& user,
                               Json const& password, Request const& request);

/// Waits until a refusal of what began at `began` (ms since the Unix epoch) may be told.
Task<> hold_back(AccountParts const& parts, std::int64_t began);

/// Whether the account still has the password it was compared with, and is not disabled: asked in the transaction that
/// makes a token, so that a change in between is not overtaken.
Task<bool> may_still_sign_in(store::Transaction& transaction, model::StoredModel& model, Json const& user);

/// Puts a new hash of the same password in place of the one in `user`, unless another came in between.
Task<> replace_hash(store::Transaction& transaction, model::StoredModel& model, Json const& user, std::string hash);

}  // namespace sallyport::methods

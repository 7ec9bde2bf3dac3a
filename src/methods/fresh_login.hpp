// What needs a login of the last five minutes.

#pragma once

#include "methods/account.hpp"

#include <cstdint>
#include <string>

namespace sallyport::methods {

inline constexpr std::int64_t fresh_within_ms = 300'000;

/// Throws 401 STEP_UP_REQUIRED with `message` unless, on a model with two factors, the session was proven in the last
/// five minutes: by a second factor too where everybody has to have one, or the caller's account has. A code by mail is
/// none.
Task<> require_fresh_login(AccountParts const& parts, model::StoredModel& model, Caller const& caller,
                           std::string message);

/// The same of a remote write by the owner of account `user_id`; others are for the rules to judge.
Task<> require_fresh_owner(AccountParts const& parts, model::StoredModel& model, OperationOptions const& options,
                           Json user_id, std::string message);

}  // namespace sallyport::methods

// Changes of factors that are there: their names, which is asked for first, their end.

#pragma once

#include "methods/two_doors.hpp"
#include "sallyport/method.hpp"

namespace sallyport::methods {

// All need a session whose second factor is at most five minutes old, else 401 STEP_UP_REQUIRED; 404 for no factor of
// the caller's.

/// `{label, preferred: true}`: names a factor, or makes it the one that is asked for first. Answers it.
Task<Result> update_factor_route(TwoFactorModel const& two, Invocation& call);

/// Removes a factor no stronger than the one of this session, and ends every other session. 409 LAST_FACTOR for the
/// last one of an account that must have one. Answers 204.
Task<Result> remove_factor_route(TwoFactorModel const& two, Invocation& call);

}  // namespace sallyport::methods

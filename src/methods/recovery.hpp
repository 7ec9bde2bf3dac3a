// Recovery codes over REST: made, counted, and used in the place of a code.

#pragma once

#include "methods/two_doors.hpp"
#include "sallyport/method.hpp"

namespace sallyport::methods {

/// Makes ten in the place of those there are, and answers them once: {codes: ["3-abcde-fghjk", ...]}.
///
/// Needs a session whose second factor is at most five minutes old and no weaker than what the account has: else 401
/// STEP_UP_REQUIRED. 429 for more than five an hour; 503 while the server has too many passwords to hash.
Task<Result> make_recovery_codes_route(TwoFactorModel const& two, Invocation& call);

/// {left}: how many are not used.
Task<Result> count_recovery_codes(TwoFactorModel const& two, Invocation& call);

}  // namespace sallyport::methods

// A person's factors over REST: which there are, a new one, its confirmation.

#pragma once

#include "methods/two_doors.hpp"
#include "sallyport/method.hpp"

namespace sallyport::methods {

/// The caller's factors, oldest first: [{id, type, hint, confirmed, created}]. Throws 401 for another's account.
Task<Result> list_factors(TwoFactorModel const& two, Invocation& call);

/// `{type: "sms", phone}`: adds a number and sends a code to it. Answers {id, type, hint, confirmed: false, restricted:
/// true, about, ttl, resendAfter}.
///
/// For a token of scope "enrol" while the account has no factor, or a session whose second factor is at most five
/// minutes old and, where a number is to be replaced, no weaker than it: else 401 STEP_UP_REQUIRED, naming the
/// channels. 422 for what is no number; 429 over a limit.
Task<Result> add_factor_route(TwoFactorModel const& two, Invocation& call);

/// `{twofactor}`: confirms the number by the code sent to it; counted and limited like a code of a login. Answers the
/// factor. With a token of scope "enrol", which it ends, the answer is an AccessToken with `user` and `factor`:
/// password and number have been proven then. 401 LOGIN_FAILED for a wrong code.
Task<Result> confirm_factor_route(TwoFactorModel const& two, Invocation& call);

}  // namespace sallyport::methods

// Step one of a login: the password, and a code sent.

#pragma once

#include "methods/two_doors.hpp"
#include "sallyport/method.hpp"

namespace sallyport::methods {

/// Checks email and password and sends a code: {timestamp, challenge, channel, hint, ttl, resendAfter, channels}; for
/// an account that never had a factor and that no channel reaches, {timestamp, channels: [], enrol: {id, ttl, userId}}.
/// The same, without a code, for `ticket`: what an administrator gave the owner of a lost factor.
///
/// Throws 400 INVALID_EMAIL; 401 LOGIN_FAILED for anything else that is wrong, in the same time whether the user is
/// unknown or the password wrong; 429 with Retry-After.
Task<Result> request_code(TwoFactorModel const& two, Invocation& call);

}  // namespace sallyport::methods

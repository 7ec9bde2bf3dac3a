// A person's sessions over REST, and the proof that whoever sits there is still the same person.

#pragma once

#include "methods/two_doors.hpp"
#include "sallyport/method.hpp"

namespace sallyport::methods {

// Of the caller's own account; 401 for another's.

/// Newest first: [{id, created, lastUsed, expires, factors, network, client, current}]. `id` names one and opens
/// nothing.
Task<Result> list_sessions(TwoFactorModel const& two, Invocation& call);

/// Ends every session but this one: 204.
Task<Result> end_other_sessions(TwoFactorModel const& two, Invocation& call);

/// Ends one: 204, or 404 for none of that id.
Task<Result> end_session(TwoFactorModel const& two, Invocation& call);

/// `{password, twofactor?, challenge?}`: renews the time at which this session was proven; counted like a login. A
/// session with a second factor, and an account that has one, must show one: a code that requestCode asked for, or a
/// recovery code. From then on the session counts as proven by that one. Answers {authTime, factors}; 401 LOGIN_FAILED
/// for a wrong password or code, STEP_UP_REQUIRED without one that is needed.
Task<Result> reauthenticate(TwoFactorModel const& two, Invocation& call);

}  // namespace sallyport::methods

// An account's email and username, changed by their owner: the email once its old and its new mailbox have agreed.

#pragma once

#include "methods/two_doors.hpp"
#include "sallyport/method.hpp"

namespace sallyport::methods {

// The owner's; changes need a login of the last five minutes (methods/fresh_login.hpp).

/// {email, verified, pending: {email, created, expires, newAgreed, oldAgreed}}
Task<Result> show_email(TwoFactorModel const& two, Invocation& call);

/// What waits, as `pending` above; undefined for nothing.
Task<Json> waiting_email_change(TwoFactorModel const& two, auth::Account account);

/// {email}: mails a link to the new address, and one to the old. Answers as show_email(), and alike whether or not the
/// new address is another account's: then its owner is told, and no link is good. 422 for what is no address or the
/// account's own, 429 beyond three in a quarter of an hour. A change that waited gives way.
Task<Result> change_email(TwoFactorModel const& two, Invocation& call);

/// Ends a change that waits. Answers 204.
Task<Result> cancel_email_change(TwoFactorModel const& two, Invocation& call);

/// {username}: at once; the owner is told by mail. 422 where another account has it, and for what could be taken for an
/// email or an id (methods/username.hpp).
Task<Result> change_username(TwoFactorModel const& two, Invocation& call);

// Anybody's who has a link. 400 INVALID_TOKEN for one that is not good any more.

/// {token}: agrees. {changed, waitingFor: "new" or "old"}. The last one needed changes the email, verified, in one
/// transaction that uses the links up and ends every session but the one that asked, reset links and challenges.
Task<Result> agree_to_change(TwoFactorModel const& two, Invocation& call);

/// {token}: ends the change; from the old mailbox, whose owner did not ask for it, every session too. Answers 204.
Task<Result> refuse_change(TwoFactorModel const& two, Invocation& call);

}  // namespace sallyport::methods

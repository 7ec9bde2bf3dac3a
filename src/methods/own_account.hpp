// What an account's owner may read of it: what happened to it, and all that is kept.

#pragma once

#include "methods/two_doors.hpp"
#include "sallyport/method.hpp"

namespace sallyport::methods {

/// {limit? (50, at most 200), before? (an id)}: [{id, at, event, outcome, factor, about, network, client, by}], newest
/// first, without what is empty. `by` is "operator" where it was not the owner's doing.
Task<Result> list_events(TwoFactorModel const& two, Invocation& call);

/// {account, factors, recoveryCodesLeft, sessions, devices, events, records: {Model: [...]}}: the record as its owner
/// may see it, no hash and no secret, and the records that the mixin Owned keeps as the account's. Of events and of
/// each model the newest thousand.
Task<Result> export_account(TwoFactorModel const& two, Invocation& call);

}  // namespace sallyport::methods

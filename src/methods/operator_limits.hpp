// What an operator may see and lift of the limits.

#pragma once

#include "methods/account.hpp"

#include <string>

namespace sallyport::methods {

// `who` is what somebody is called; `id`, where it is given, stands in its place and is an id alone.

/// {model?, who?, id?, address?, number?, range?}: what is counted against an account (or what somebody called it,
/// whether it exists or not), an address, a phone number or a range of numbers; without any, what is full now. See
/// auth::limits_of.
Task<Json> show_limits(AccountParts& parts, store::Store& store, Json wanted);

/// The same, forgotten: {lifted}. Throws Error 400 without a subject: nobody lifts everybody's limits.
Task<Json> lift_limits(AccountParts& parts, store::Store& store, Json wanted, std::string actor);

/// {model?, who?, id?, event?, since? (ms since the Unix epoch), limit?}: events of the audit trail, newest first; with
/// a model and nobody named, those of all its accounts.
Task<Json> show_audit(AccountParts& parts, store::Store& store, Json wanted);

}  // namespace sallyport::methods

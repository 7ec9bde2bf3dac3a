// What makes an account one of a kind: a valid email, and email and username that no other account has.

#pragma once

#include "methods/account.hpp"

namespace sallyport::methods {

/// Adds LoopBack's validations: "custom.email" and both "uniqueness". With realmRequired and realmDelimiter they are
/// unique within a realm. A unique index of the table decides between requests that come at the same time.
void add_identity_rules(model::StoredModel& model);

}  // namespace sallyport::methods

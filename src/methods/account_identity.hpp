// What makes an account one of a kind: a valid email, and email and username that no other account has.

#pragma once

#include "methods/account.hpp"

#include <optional>
#include <string>

namespace sallyport::methods {

/// Adds LoopBack's validations: "custom.email" and both "uniqueness". With realmRequired and realmDelimiter they are
/// unique within a realm. A unique index of the table decides between requests that come at the same time.
void add_identity_rules(model::StoredModel& model);

/// The other account that `record` would be mistaken for by its `property`, email or username; nothing for none.
Task<std::optional<Json>> other_account(model::StoredModel& model, JsonObject record, std::string property);

}  // namespace sallyport::methods

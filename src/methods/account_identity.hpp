// What makes an account one of a kind: a valid email, and email and username that no other account has, nor could be
// taken for.

#pragma once

#include "methods/account.hpp"

#include <optional>
#include <string>

namespace sallyport::methods {

/// Adds LoopBack's validations: "custom.email" and both "uniqueness". With realmRequired and realmDelimiter they are
/// unique within a realm. A unique index of the table decides between requests that come at the same time.
///
/// In strict mode and of models with TwoFactor a new username must look like one: methods/username.hpp.
void add_identity_rules(AccountParts const& parts, model::StoredModel& model);

/// Why the username in `record` cannot be given to the account that it is or will be, as what follows "`username`"; ""
/// where it can, where it has it already, or where LoopBack's answer goes before safety.
Task<std::string> problem_with_new_username(AccountRules const& rules, model::StoredModel& model, JsonObject record);

/// The other account that `record` would be mistaken for by its `property`, email or username; nothing for none.
Task<std::optional<Json>> other_account(model::StoredModel& model, JsonObject record, std::string property);

}  // namespace sallyport::methods

// What makes an account one of a kind: a valid email, and email and username that no other account has.

#pragma once

#include "methods/account.hpp"

namespace sallyport::methods {

/// Adds LoopBack's validations: "custom.email" and both "uniqueness". With realmRequired and realmDelimiter they are
/// unique within a realm.
void add_identity_rules(model::StoredModel& model);

/// Asked inside the transaction that wrote `record`: two requests at once both pass a validation, but only one of them
/// this. Throws the same Error 422.
Task<> require_unique(store::Transaction& transaction, model::StoredModel& model, JsonObject record);

}  // namespace sallyport::methods

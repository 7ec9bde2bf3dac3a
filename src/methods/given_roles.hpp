// Roles that an operator gives to accounts: rows of Role and RoleMapping.

#pragma once

#include "methods/account.hpp"

#include <string>
#include <vector>

namespace sallyport::methods {

/// Where an app keeps who has which role.
struct RoleKeepers {
    model::StoredModel& roles;
    model::StoredModel& mappings;
};

/// Throws Error 400 for an app that keeps none, or keeps the two in different databases.
RoleKeepers role_keepers(AccountParts const& parts);

/// Gives an account of `users` a role, made if there is none; nothing where it has it. In a transaction of the roles'
/// store.
Task<> give_role(store::Transaction& transaction, AccountParts const& parts, model::StoredModel const& users,
                 Json user_id, std::string name);

/// The names of the roles that accounts of `users` have: for each of `ids`, in that order. Empty where the app keeps
/// none.
Task<std::vector<std::vector<std::string>>> roles_of(AccountParts const& parts, model::StoredModel const& users,
                                                     std::vector<Json> ids);

/// Takes all roles from an account; in a transaction of the roles' store.
Task<> take_roles(store::Transaction& transaction, AccountParts const& parts, model::StoredModel const& users,
                  Json user_id);

}  // namespace sallyport::methods

// Roles that an operator gives to accounts: rows of Role and RoleMapping.

#pragma once

#include "methods/account.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sallyport::methods {

/// Where an app keeps who has which role.
struct RoleKeepers {
    model::StoredModel& roles;
    model::StoredModel& mappings;
};

/// Throws Error 400 for an app that keeps none, or keeps the two in different databases.
RoleKeepers role_keepers(AccountParts const& parts);

/// Whether somebody can be given a role of that name: "$owner" and its like are decided anew each time.
bool is_given_role(std::string_view name);
void require_given_role(std::string_view name);  ///< Throws Error 400.

// In a transaction of the roles' store:

/// Gives an account of `users` a role, made if there is none; false where it has it.
Task<bool> give_role(store::Transaction& transaction, AccountParts const& parts, model::StoredModel const& users,
                     Json user_id, std::string name);

/// Takes it away; false where the account does not have it.
Task<bool> take_role(store::Transaction& transaction, AccountParts const& parts, model::StoredModel const& users,
                     Json user_id, std::string name);

/// How many have a role, directly. Blocks: at start.
std::int64_t count_holders(AccountParts const& parts, std::string const& name);

/// The names of the roles that accounts of `users` have: for each of `ids`, in that order. Empty where the app keeps
/// none.
Task<std::vector<std::vector<std::string>>> roles_of(AccountParts const& parts, model::StoredModel const& users,
                                                     std::vector<Json> ids);

/// Takes all roles from an account, in a transaction of the accounts' store; nothing where roles are kept elsewhere.
Task<> take_roles(store::Transaction& transaction, AccountParts const& parts, model::StoredModel const& users,
                  Json user_id);

}  // namespace sallyport::methods

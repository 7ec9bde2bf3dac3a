// Who has a role: the ones every app has, those of the Role and RoleMapping tables, those decided by code.

#pragma once

#include "auth/access.hpp"
#include "model/stored_model.hpp"
#include "sallyport/app.hpp"

#include <functional>
#include <map>
#include <string>

namespace sallyport::auth {

/// The roles that a program decides itself, by name; they win over the tables.
using RoleResolvers = std::map<std::string, App::RoleResolver, std::less<>>;

/// The model that keeps "Role", "RoleMapping" or "ACL": one of the app's own before the built-in; null where the app
/// has none with a data source.
model::StoredModel* attached(model::Models& models, std::string_view kind);

/// LoopBack's Role.isInRole: $everyone, $authenticated, $unauthenticated, $owner, resolvers, then Role and RoleMapping.
///
/// $owner of a user model is equality of ids, without a read, and only for callers of that very model. Elsewhere it
/// reads the record (unless the question has it) and leaves it in RoleQuestion::loaded: `userId` or `owner` decides,
/// else the first belongsTo to the caller's user model; with the model's `ownerRelations` those relations alone.
///
/// `models` and `resolvers` must outlive the result; resolvers may be added until the app serves.
Access::RoleCheck role_check(model::Models& models, RoleResolvers const& resolvers);

/// The rules of the ACL table, read at most every 5 s and after every change made through the model; empty if no model
/// keeps them. `models` must outlive the result.
Access::StoredRules stored_rules(model::Models& models);

}  // namespace sallyport::auth

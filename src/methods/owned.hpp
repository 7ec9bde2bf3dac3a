// The Owned mixin: a record belongs to whoever makes it.

#pragma once

#include "auth/access.hpp"
#include "definition/mixin.hpp"
#include "model/stored_model.hpp"

namespace sallyport::methods {

/// The mixin as a value. Its options: `relation` names the belongsTo that leads to the owner, `ownOnly` keeps records
/// from everybody else, `unless` lists roles for which none of it holds.
definition::MixinDefinition owned_mixin();

/// The relation that says whose the records of a model with the mixin are: the one it names, else the first belongsTo
/// to a user model, as for $owner. Null if there is none; `models` must be complete.
definition::Relation const* owner_relation(definition::Model const& model, definition::Registry const& models);

/// Sets the owner of every new record of a model that has the mixin, and leaves it as it is in every change, whatever a
/// client sends. Code of the program is free to name another. `models` must outlive what `has_role` refers to.
void add_owners(model::Models& models, auth::Access::RoleCheck const& has_role);

}  // namespace sallyport::methods

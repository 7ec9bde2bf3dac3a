// The Administration mixin: what administrators do with accounts over REST, behind both doors and a role.
//
// The same as operators do on the command line (operator_accounts, operator_limits), with a person as its actor. Never:
// choose a password, set a factor, sign in as somebody.

#pragma once

#include "definition/mixin.hpp"
#include "methods/two_doors.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace sallyport::methods {

/// The mixin as a value: options, methods, rules. Its rules let the role in, and nobody else; an app may let others
/// into single methods by rules of its own.
definition::MixinDefinition administration_mixin();

/// Who administers what.
struct Administration {
    std::string role;                 ///< "admin"
    std::vector<std::string> models;  ///< User models, the model's own unless others are named.
};

/// What the accounts of a model administer; nothing for a model without the mixin.
std::optional<Administration> administration_of(definition::Model const& model);

/// Gives the methods their bodies, where the model has the mixin.
void add_administration(std::shared_ptr<TwoFactorModel const> const& two);

}  // namespace sallyport::methods

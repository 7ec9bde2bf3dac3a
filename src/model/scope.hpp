// Scopes: filters that a model's JSON gives, under "scope" (every read and write), "scopes" (by name) or in a relation.

#pragma once

#include "definition/definition.hpp"
#include "sallyport/filter.hpp"

#include <string>
#include <utility>
#include <vector>

namespace sallyport::model {

/// Reads one; an undefined `scope` is an empty filter. Throws Error 400 for what is no filter.
Filter read_scope(Json const& scope, definition::Model const& model, definition::Registry const& models);

/// Lays a scope over a filter: both conditions hold, includes add up, the scope's fields win, its order is a default,
/// the smaller limit counts.
void add_scope(Filter& filter, Filter const& scope);

/// Has `name` given too, whatever else the fields say.
void add_field(Fields& fields, std::string const& name);

/// The values a condition fixes ("published is true"): records made in a scope get them.
std::vector<std::pair<std::string, Json>> fixed_values(Where const& where, definition::Model const& model);

}  // namespace sallyport::model

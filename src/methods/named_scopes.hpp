// Named scopes: what a model's JSON lists under "scopes" as methods, GET /cheap and its kin.

#pragma once

#include "methods/crud.hpp"

#include <memory>

namespace sallyport::methods {

/// Adds __get__, __create__, __delete__ and __count__ for each scope of `model`.
///
/// Throws std::runtime_error naming model and scope for one that is no filter.
void add_named_scopes(model::StoredModel& model, std::shared_ptr<CrudRules const> const& rules);

}  // namespace sallyport::methods

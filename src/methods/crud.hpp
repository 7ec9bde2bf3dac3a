// The methods of PersistedModel: create, find, findById, patchAttributes ... with LoopBack's names, aliases and routes.

#pragma once

#include "model/related.hpp"
#include "model/stored_model.hpp"
#include "query/parse.hpp"

#include <functional>

namespace sallyport::methods {

struct CrudRules {
    query::FilterRules filter;
    /// May this caller read that model? For includes and relation routes, where they are checked (strict mode); throws
    /// if not.
    std::function<Task<>(Caller const&, model::StoredModel&)> require_read;
};

/// Adds them to every persisted model.
void add_crud(model::Models& models, CrudRules const& rules);

/// Adds the methods of each relation: __get__orders, __create__orders, __findById__orders ...
void add_relations(model::Models& models, CrudRules const& rules);

}  // namespace sallyport::methods

// The methods of PersistedModel: create, find, findById, patchAttributes ... with LoopBack's names, aliases and routes.

#pragma once

#include "model/related.hpp"
#include "model/stored_model.hpp"
#include "query/parse.hpp"

#include <chrono>
#include <functional>

namespace sallyport::methods {

struct CrudRules {
    query::FilterRules filter;
    /// May this caller read that model? For includes and relation routes, where they are checked (strict mode); throws
    /// if not.
    std::function<Task<>(Caller const&, model::StoredModel&)> require_read;
    // Of change streams; what is empty holds for everybody.
    /// May this caller read this record, which has that id?
    std::function<Task<bool>(Caller const&, model::StoredModel&, Json const& id, Json const& record)> may_read_record;
    /// Is the session that the caller came with still there?
    std::function<Task<bool>(Caller const&)> session_lives;
    std::chrono::milliseconds heartbeat{15000};
};

/// Adds them to every persisted model.
void add_crud(model::Models& models, CrudRules const& rules);

/// Adds the methods of each relation: __get__orders, __create__orders, __findById__orders ...
void add_relations(model::Models& models, CrudRules const& rules);

}  // namespace sallyport::methods

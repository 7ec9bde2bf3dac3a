// createChangeStream: the changes of a model's records as server-sent events, for as long as the client listens.

#pragma once

#include "methods/crud.hpp"

#include <memory>

namespace sallyport::methods {

/// Adds it to a persisted model: GET and POST /change-stream.
///
/// An event is LoopBack's: "event: data", and as data {"target", "data" or "where", "type"}. A reader is sent those of
/// records that it may read at that moment, each looked at by itself, which fit its `options.where` and the model's
/// scope. The stream ends with the session that opened it, and when it would miss a change.
void add_change_stream(model::StoredModel& model, std::shared_ptr<CrudRules const> const& rules);

}  // namespace sallyport::methods

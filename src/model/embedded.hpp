// Records that stand inside others, and lists of references: what makes their owner invalid.

#pragma once

#include "model/stored_model.hpp"

#include <cstddef>
#include <vector>

namespace sallyport::model {

/// Adds what is wrong with the embedded records and references in `record`, a record of `owner`, in LoopBack's words.
void add_embedded_problems(StoredModel const& owner, JsonObject const& record, std::vector<Problem>& problems);

/// The places, in order, of those objects in `list` that match; all where nothing is asked. `model` is any of the
/// app's: what it asks of its stores needs no table.
Task<std::vector<std::size_t>> matching_places(StoredModel const& model, Json const& list, Where const& where);

/// What stands at those places.
Task<JsonArray> matching_items(StoredModel const& model, JsonArray list, Where const& where);

}  // namespace sallyport::model

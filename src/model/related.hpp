// Related records: what a filter's include asks for (one query per relation, never one per parent), and relation routes.

#pragma once

#include "model/stored_model.hpp"

#include <functional>
#include <vector>

namespace sallyport::model {

/// Whether the caller may read the model that an include reaches; throws if not. Empty: everyone may.
using IncludeCheck = std::function<Task<>(StoredModel& related)>;

/// Puts the related records under their relation's name into each of `records`.
Task<> include(StoredModel& model, std::vector<Json>& records, std::vector<Include> const& includes, OperationOptions const& options,
               IncludeCheck const& check);

}  // namespace sallyport::model

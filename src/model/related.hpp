// What a filter's include asks for: one query per relation, never one per parent.

#pragma once

#include "model/joins.hpp"
#include "model/stored_model.hpp"

#include <cstdint>
#include <functional>
#include <vector>

namespace sallyport::model {

/// Whether the caller may read the model that an include reaches; throws if not. Empty: everyone may.
using IncludeCheck = std::function<Task<>(StoredModel& related)>;

/// Whether an include is that of a list or a record, or of what another includes.
enum class Level : std::uint8_t { first, nested };

/// Puts the related records under their relation's name into each of `records`: an array for the relations to many, a
/// record for the others, where there is one. As in LoopBack, a nested list through another model, or of references, is
/// left out where it is empty. What a polymorphic belongsTo reaches comes as a client may see it.
///
/// Throws Error 400 for a relation the model does not have.
Task<> include(StoredModel& model, std::vector<Json>& records, std::vector<Include> const& includes,
               OperationOptions const& options, IncludeCheck const& check, Level level = Level::first);

/// Records with what the filter includes; `options` and `check` must outlive the task.
Task<std::vector<Json>> find_with(StoredModel& model, Filter filter, OperationOptions const& options,
                                  IncludeCheck const& check, Level level = Level::first);

}  // namespace sallyport::model

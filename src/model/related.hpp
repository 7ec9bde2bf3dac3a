// Related records: what a filter's include asks for (one query per relation, never one per parent), and relation
// routes.

#pragma once

#include "model/stored_model.hpp"

#include <functional>
#include <vector>

namespace sallyport::model {

/// Whether the caller may read the model that an include reaches; throws if not. Empty: everyone may.
using IncludeCheck = std::function<Task<>(StoredModel& related)>;

/// Puts the related records under their relation's name into each of `records`: an array for hasMany, a record for
/// belongsTo and hasOne, where there is one.
///
/// Throws Error 400 for a relation the model does not have.
Task<> include(StoredModel& model, std::vector<Json>& records, std::vector<Include> const& includes,
               OperationOptions const& options, IncludeCheck const& check);

/// Records with what the filter includes; `options` and `check` must outlive the task.
Task<std::vector<Json>> find_with(StoredModel& model, Filter filter, OperationOptions const& options,
                                  IncludeCheck const& check);

/// How a relation joins: records whose `property` on one side equals `foreign` on the other.
struct Join {
    std::string property;  ///< On the model that has the relation.
    std::string foreign;   ///< On the related model.
};

/// The join of a belongsTo, hasOne or hasMany relation.
Join join_of(StoredModel const& model, definition::Relation const& relation, StoredModel const& related);

}  // namespace sallyport::model

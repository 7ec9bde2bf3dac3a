// What the methods on records share: how they speak to a model for a caller, and how records leave.

#pragma once

#include "methods/crud.hpp"
#include "model/related.hpp"
#include "model/stored_model.hpp"
#include "sallyport/method.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace sallyport::methods {

/// The model of a call, as what it is.
model::StoredModel& model_of(Invocation& call);

/// Options of an operation done for the caller of a method.
OperationOptions options_for(Invocation const& call);

/// Whether the caller of `call` may include a model; both must outlive what is returned.
model::IncludeCheck include_check(Invocation const& call, CrudRules const& rules);

/// Throws unless the caller may read `related`, where `rules` say that this is looked at.
Task<> require_read(Invocation const& call, CrudRules const& rules, model::StoredModel& related);

/// Throws Error 403 for access tokens: those are made by logging in, and never changed.
void refuse_writing_tokens(model::StoredModel const& model);

/// The records that match, as a reply: text straight from the rows where that is all there is to do.
Task<Result> reply_with_list(Invocation& call, model::StoredModel& model, Filter filter, CrudRules const& rules);

/// The body of a method that makes records: one, or all of an array. `data` is an object or an array of objects.
Task<Result> reply_with_new(Invocation& call, model::StoredModel& model, Json data);

/// The record of an instance method; loaded if nobody did yet. Throws 404 MODEL_NOT_FOUND.
Task<Json> instance_of(Invocation& call);

/// The argument `name` as an object: an empty one where it is absent. Throws Error 400 for anything else.
Json object_argument(Invocation const& call, std::string_view name);

// Words for specs.
ArgumentSpec query_object(std::string name, std::string description);
ArgumentSpec id_in_path(std::string name, std::string description);
ArgumentSpec body_data(std::string description);
ReturnSpec whole(std::string name, TypeName type);

}  // namespace sallyport::methods

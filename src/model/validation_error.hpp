// The error a record that is not valid ends in: 422 ValidationError, in LoopBack's words.

#pragma once

#include "definition/definition.hpp"
#include "sallyport/error.hpp"
#include "sallyport/model.hpp"

#include <string>
#include <vector>

namespace sallyport::model {

/// "The `Note` instance is not valid. Details: `title` can't be blank (value: undefined)." and the same in `details`,
/// grouped by property in the order in which properties first failed.
///
/// Values of hidden properties read "undefined", as do those of names that speak of secrets.
Error validation_error(definition::Model const& model, JsonObject const& record, std::vector<Problem> const& problems);

/// A value as such a message shows it: texts quoted, everything cut at 32 characters, objects one level deep.
std::string shown_value(Json const& value);

}  // namespace sallyport::model

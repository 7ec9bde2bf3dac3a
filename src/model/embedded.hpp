// Records that stand inside others, and lists of references: what makes their owner invalid.

#pragma once

#include "model/stored_model.hpp"

#include <vector>

namespace sallyport::model {

/// Adds what is wrong with the embedded records and references in `record`, a record of `owner`, in LoopBack's words.
void add_embedded_problems(StoredModel const& owner, JsonObject const& record, std::vector<Problem>& problems);

}  // namespace sallyport::model

// How deep a query or a record may nest: LoopBack's maxDepthOfQuery and maxDepthOfData.

#pragma once

#include "sallyport/json.hpp"

namespace sallyport::query {

/// No setting of a model reaches further: it is what the JSON reader takes from a request.
constexpr int deepest = JsonLimits{}.max_depth;

/// Throws Error 400 QUERY_OBJECT_TOO_DEEP unless everything in `value`, which itself lies `depth` levels down, lies at
/// most `levels` down: in {"a": [1]} the 1 is two below it.
void require_depth(Json const& value, int levels, int depth = 0);

}  // namespace sallyport::query

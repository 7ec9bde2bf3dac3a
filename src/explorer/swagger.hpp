// The API as a Swagger 2.0 document, as LoopBack's explorer gives it, for clients generated from that.

#pragma once

#include "definition/definition.hpp"
#include "explorer/operation.hpp"
#include "explorer/options.hpp"
#include "sallyport/json.hpp"

#include <vector>

namespace sallyport::explorer {

/// https://swagger.io/specification/v2/ with LoopBack's operation ids, tags, formats and names of definitions.
Json swagger_document(std::vector<Operation> const& operations, definition::Registry const& models,
                      Options const& options);

}  // namespace sallyport::explorer

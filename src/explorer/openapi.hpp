// The API as an OpenAPI 3.1 document: with bodies, errors and filters spelled out, which Swagger 2.0 as LoopBack writes
// it leaves open.

#pragma once

#include "definition/definition.hpp"
#include "explorer/operation.hpp"
#include "explorer/options.hpp"
#include "sallyport/json.hpp"

#include <vector>

namespace sallyport::explorer {

/// https://spec.openapis.org/oas/v3.1.0.html; operation ids and tags are those of swagger_document().
Json openapi_document(std::vector<Operation> const& operations, definition::Registry const& models,
                      Options const& options);

}  // namespace sallyport::explorer

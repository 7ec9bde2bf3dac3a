// One entry of "methods": what a remote method takes, gives and answers to.

#pragma once

#include "definition/located_json.hpp"
#include "definition/read_property.hpp"
#include "sallyport/method.hpp"

#include <string>
#include <vector>

namespace sallyport::definition {

/// Reads `"close": {...}` or `"prototype.close": {...}`. Paths of instance methods begin with "/:id".
MethodSpec read_method(LocatedMember const& member, std::vector<ModelMention>& mentions, Findings& findings);

}  // namespace sallyport::definition

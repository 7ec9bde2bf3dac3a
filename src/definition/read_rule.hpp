// One access rule of "acls".

#pragma once

#include "definition/definition.hpp"
#include "definition/located_json.hpp"

#include <string>

namespace sallyport::definition {

/// Reads a rule that was written on `model`.
Rule read_rule(Located const& rule, std::string const& model, Findings& findings);

}  // namespace sallyport::definition

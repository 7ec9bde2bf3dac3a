// One access rule of "acls".

#pragma once

#include "definition/definition.hpp"
#include "definition/located_json.hpp"

#include <string>
#include <string_view>

namespace sallyport::definition {

/// One of LoopBack's own roles that lacks its "$".
bool is_without_dollar(std::string_view role);

/// Reads a rule that was written on `model`.
Rule read_rule(Located const& rule, std::string const& model, Findings& findings);

}  // namespace sallyport::definition

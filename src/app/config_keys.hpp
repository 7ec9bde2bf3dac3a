// Which settings config.json has, and whether what stands there are some of them.

#pragma once

#include "definition/load.hpp"

#include <string>
#include <vector>

namespace sallyport::app {

/// Adds a finding for each key of config.json that is misspelt, of the wrong type, or without effect here.
void check_config_keys(definition::Project const& project, definition::Findings& findings);

/// The settings of config.json that this program acts on: "remoting.json.limit".
std::vector<std::string> settings_acted_on();

}  // namespace sallyport::app

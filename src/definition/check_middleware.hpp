// What middleware.json and component-config.json may say. Acting on it is left to others: here it is only judged.

#pragma once

#include "definition/located_json.hpp"

#include <filesystem>
#include <string_view>

namespace sallyport::definition {

/// What the judgement depends on beside the file itself.
struct ServerRules {
    std::filesystem::path folder;  ///< Of the project.
    bool ignore_scripts = false;   ///< Someone looked at the JavaScript that is not run.
    bool is_strict = true;         ///< Without "compatibility": "loopback3".
};

/// The folder that "loopback#static" serves, given its params: "$!../client" is relative to server/.
std::filesystem::path served_folder(std::filesystem::path const& project, std::string_view params);

/// Judges phases, names and params.
void check_middleware(Located const& file, ServerRules const& rules, Findings& findings);

/// Judges names and options.
void check_components(Located const& file, ServerRules const& rules, Findings& findings);

}  // namespace sallyport::definition

// A project folder, read the way this program serves it: with the process's environment and the mixins it has built in.

#pragma once

#include "app/config.hpp"

#include <filesystem>

namespace sallyport::app {

/// Reads the folder. Never throws for what is in it: see Project::findings.
definition::Project load_project(std::filesystem::path const& folder, AppSettings const& settings);

}  // namespace sallyport::app

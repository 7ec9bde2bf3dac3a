// `sallyport new`: a project folder to begin with.

#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace sallyport::cli {

/// "api-server", "two-factor", "empty"
std::vector<std::string> const& template_names();

/// Writes a project into `folder`, which must be empty or not there, and keys of its own.
///
/// Throws std::runtime_error: a bad name, a folder with something in it, a file that cannot be written.
void write_project(std::filesystem::path const& folder, std::string const& template_name);

}  // namespace sallyport::cli

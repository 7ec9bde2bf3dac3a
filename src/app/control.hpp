// What commands ask of an app: of its server, over a Unix socket in the project folder, or of the folder itself where
// no server runs. Whoever may open the socket may do all of it, so only its owner may.

#pragma once

#include "sallyport/app.hpp"
#include "sallyport/json.hpp"
#include "sallyport/request.hpp"

#include <filesystem>
#include <optional>
#include <string>

namespace sallyport::app {

/// FOLDER/sallyport.sock
std::filesystem::path control_socket(std::filesystem::path const& folder);

/// Answers POST /user/list and its like, a JSON object in and JSON out; docs/reference/command-line.md has the verbs.
/// `parts` must outlive the handler.
Handler control(Parts& parts);

/// Asks the folder's server for `path` with `wanted`; nothing where none runs. Blocks.
///
/// Throws std::runtime_error with what a person should read.
std::optional<Json> ask_server(std::filesystem::path const& folder, std::string path, Json const& wanted);

/// The same; where no server runs the folder is opened for it.
Json ask_app(std::filesystem::path const& folder, std::string path, Json const& wanted);

}  // namespace sallyport::app

// What commands ask of an app: of its server, over a Unix socket in the project folder, or of the folder itself where
// no server runs. Whoever may open the socket may do all of it, so only its owner may.

#pragma once

#include "sallyport/app.hpp"
#include "sallyport/json.hpp"
#include "sallyport/request.hpp"

#include <filesystem>
#include <string>

namespace sallyport::app {

/// FOLDER/sallyport.sock
std::filesystem::path control_socket(std::filesystem::path const& folder);

/// Answers POST /user/list and its like, a JSON object in and JSON out; docs/reference/command-line.md has the verbs.
/// `parts` must outlive the handler.
Handler control(Parts& parts);

/// Asks for `path` with `wanted`: the server if one runs, else the folder, which is opened for it. Blocks.
///
/// Throws std::runtime_error with what a person should read.
Json ask_app(std::filesystem::path const& folder, std::string path, Json wanted);

}  // namespace sallyport::app

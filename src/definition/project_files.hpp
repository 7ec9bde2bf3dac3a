// The JSON files of server/ in their layers: X.json, then X.local.json, then X.<environment>.json; and ${VAR}s in them.

#pragma once

#include "definition/located_json.hpp"

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace sallyport::definition {

/// Reads one JSON file; nothing, and a mistake, if it cannot be read or is no JSON. `name` is relative to `folder`.
std::optional<Located> read_json_file(std::filesystem::path const& folder, std::string const& name, Findings& findings);

/// The name and the base of a model whose file is no JSON, so that others that name it are not called wrong; nothing if
/// no name can be made out.
std::optional<Located> outline(std::filesystem::path const& file, std::string const& name);

/// server/NAME.json with its overrides laid over it; nothing if there is no server/NAME.json, or none that can be read.
std::optional<Located> read_layers(std::filesystem::path const& folder, std::string const& name,
                                   std::string const& environment, Findings& findings);

/// What a ${NAME} stands for; nothing if it is not known.
using Variables = std::function<std::optional<Json>(std::string const& name)>;

/// Replaces each text that is "${NAME}" as a whole. An unknown name is a mistake.
void replace_variables(Located& located, Variables const& variables, Findings& findings);

/// The JavaScript files of common/ and server/, relative to the folder, sorted.
std::vector<std::string> find_scripts(std::filesystem::path const& folder);

}  // namespace sallyport::definition

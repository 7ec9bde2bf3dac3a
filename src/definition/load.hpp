// From a project folder to definitions: every mistake at once, with file, line and column.

#pragma once

#include "definition/definition.hpp"
#include "definition/finding.hpp"
#include "definition/located_json.hpp"
#include "definition/mixin.hpp"

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace sallyport::definition {

struct LoadRules {
    std::string environment = "development";
    /// ${NAME}s: first this, then keys of config.json.
    std::function<std::optional<std::string>(std::string const&)> variable;
    std::vector<MixinDefinition> mixins;
};

/// What a folder holds.
struct Project {
    std::filesystem::path folder;
    JsonObject config;      ///< server/config.json with its overrides merged.
    JsonObject middleware;  ///< server/middleware.json
    JsonObject components;  ///< server/component-config.json
    std::vector<DataSource> data_sources;
    Registry models;
    std::vector<std::string> scripts;  ///< JavaScript files, relative to the folder.
    std::vector<Finding> findings;     ///< In file order; a project with mistakes must not be served.
    Places config_places;              ///< Of config.json.
    Places model_places;               ///< Of model-config.json.
    Places component_places;           ///< Of component-config.json.
    bool has_data_sources = false;     ///< datasources.json could be read.

    bool has_mistakes() const;

    /// Where a key of config.json stands; the file as a whole if it is not there.
    Place config_place(std::string_view path) const;
    Place model_place(std::string_view path) const;      ///< Likewise, of model-config.json.
    Place component_place(std::string_view path) const;  ///< Likewise, of component-config.json.
};

/// config.json's remoting.rest.normalizeHttpPath.
bool normalizes_paths(JsonObject const& config);

/// Reads the whole folder. Never throws for what is in it: see Project::findings.
Project load(std::filesystem::path const& folder, LoadRules const& rules);

}  // namespace sallyport::definition

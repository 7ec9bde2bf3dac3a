// From a project folder to definitions: every mistake at once, with file, line and column.

#pragma once

#include "definition/definition.hpp"
#include "definition/mixin.hpp"

#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace sallyport::definition {

/// Something wrong, or worth knowing, in a file of the project folder.
struct Finding {
    enum class Kind : std::uint8_t { mistake, note };

    Kind kind = Kind::mistake;
    std::string file;   ///< Relative to the project folder.
    int line = 0;       ///< From 1; 0 where the file as a whole is meant.
    int column = 0;     ///< From 1, in bytes.
    std::string text;   ///< What is wrong.
    std::string hint;   ///< What to do; "" for none.
};

/// "common/models/note.json:12:5: unknown key \"propertys\"\n  hint: did you mean \"properties\"?"
std::string to_text(Finding const& finding);

struct LoadRules {
    std::string environment = "development";
    /// ${NAME}s: first this, then keys of config.json.
    std::function<std::optional<std::string>(std::string const&)> variable;
    std::vector<MixinDefinition> mixins;
};

/// What a folder holds.
struct Project {
    std::filesystem::path folder;
    JsonObject config;            ///< server/config.json with its overrides merged.
    JsonObject middleware;        ///< server/middleware.json
    JsonObject components;        ///< server/component-config.json
    std::vector<DataSource> data_sources;
    Registry models;
    std::vector<std::string> scripts;  ///< JavaScript files, relative to the folder.
    std::vector<Finding> findings;     ///< In file order; a project with mistakes must not be served.

    bool has_mistakes() const;
};

/// Reads the whole folder. Never throws for what is in it: see Project::findings.
Project load(std::filesystem::path const& folder, LoadRules const& rules);

}  // namespace sallyport::definition

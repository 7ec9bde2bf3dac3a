// `sallyport model`: a model file, and its entry in model-config.json.

#pragma once

#include "sallyport/json.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace sallyport::cli {

struct NewModel {
    std::string name;
    std::string base = "PersistedModel";
    std::vector<std::string> properties;  ///< "name:type" or "name:type:required"; the type "[string]" is a list.
    std::vector<std::string> mixins;
    std::vector<std::string> relations;      ///< "name:type:Model" or "name:type:Model:foreignKey"
    std::vector<std::string> allow;          ///< Roles that may do everything, or "role:READ".
    std::optional<std::string> data_source;  ///< "none" for none; the first that keeps records unless given.
    std::string plural;
    bool is_public = true;
};

/// What was written.
struct WrittenModel {
    std::filesystem::path file;  ///< Relative to the project folder.
    bool is_reachable = false;   ///< Some access rule lets someone in, its base's included.
};

/// Writes common/models/NAME.json and adds the model to server/model-config.json. If the project then has mistakes that
/// it had not before, both are taken back.
///
/// Throws std::runtime_error telling what is wrong.
WrittenModel write_model(std::filesystem::path const& folder, NewModel const& wanted);

/// Throws std::runtime_error for a role of LoopBack's without its "$", which would be a role that nobody has.
void refuse_bare_role(std::string const& role);

/// "string", or ["string"] for "[string]".
Json property_type(std::string const& type);

}  // namespace sallyport::cli

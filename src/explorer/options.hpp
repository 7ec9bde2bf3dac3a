// What server/component-config.json says about the explorer, and what the documents say about the API as a whole.

#pragma once

#include "definition/load.hpp"
#include "sallyport/json.hpp"

#include <optional>
#include <string>

namespace sallyport::explorer {

struct Options {
    std::string mount_path = "/explorer";        ///< Without a slash at its end: "" for the root.
    std::string resource_path = "swagger.json";  ///< Of the Swagger document below it.
    JsonObject info;                             ///< title, version, and what else apiInfo says
    std::string base_path = "/api";
    std::string host;      ///< "" for the one that was asked
    std::string protocol;  ///< "" for the one that was used
    Json consumes;         ///< Media types; undefined for LoopBack's.
    Json produces;
};

/// The options of `loopback-component-explorer`; nothing where the app has no explorer.
///
/// The API is named as package.json names it, else after its folder.
std::optional<Options> read_options(definition::Project const& project, std::string const& api_root);

/// Whether the explorer could not be reached, since it is below the API's root.
bool is_below_api(Options const& options, std::string const& api_root);

}  // namespace sallyport::explorer

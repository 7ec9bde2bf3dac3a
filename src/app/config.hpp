// Settings of the running program, from the project's config.json and the environment.

#pragma once

#include "definition/load.hpp"
#include "sallyport/app.hpp"

#include <string>
#include <vector>

namespace sallyport::app {

struct Config {
    std::string environment;
    bool is_production = false;
    bool is_compatible = false;  ///< "compatibility": "loopback3"
    std::string host = "0.0.0.0";
    int port = 3000;
    std::string api_root = "/api";
    std::string base_url;  ///< "url": for links in mail and the @host line
    std::vector<std::string> trusted_proxies;
    bool allow_plain_http = false;
    bool allow_console = false;
    bool ignore_scripts = false;
    int denied_status = 403;
    std::size_t json_limit = 0;  ///< bytes; 0: the mode's default
    std::size_t form_limit = 0;
};

/// Reads it from a loaded project and adds to its findings what is unsafe, misspelt or of the wrong type.
Config read_config(definition::Project& project, AppSettings const& settings);

/// The environment's name: settings, SALLYPORT_ENV, NODE_ENV, "development".
std::string environment_name(AppSettings const& settings);

}  // namespace sallyport::app

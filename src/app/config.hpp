// Settings of the running program, from the project's config.json and the environment.

#pragma once

#include "app/transport.hpp"
#include "definition/load.hpp"
#include "definition/settings.hpp"
#include "http/middleware.hpp"
#include "sallyport/app.hpp"

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sallyport::app {

struct Config {
    std::string environment;
    bool is_production = false;
    bool is_compatible = false;      ///< "compatibility": "loopback3"
    std::string host = "127.0.0.1";  ///< LoopBack's 0.0.0.0 where compatible.
    int port = 3000;
    std::string api_root = "/api";
    std::string base_url;  ///< "url", or made of host and port: for links in mail and the @host line; no "/" at its end
    bool is_on_loopback = true;    ///< Only this machine can reach `host`.
    bool is_behind_proxy = false;  ///< People come by a `base_url` that is another machine's.
    std::vector<std::string> trusted_proxies;
    Transport transport;
    bool allow_plain_http = false;
    bool allow_console = false;
    bool ignore_scripts = false;
    bool has_request_log = false;  ///< A line of JSON on standard output for each request.
    int denied_status = 403;
    std::int64_t refused_password_ms = 300;  ///< What the answer to a wrong password takes at least.
    std::size_t json_limit = 0;              ///< bytes
    std::size_t form_limit = 0;
    bool handle_unknown_paths = true;              ///< remoting.rest.handleUnknownPaths
    std::vector<std::string> item_delimiters;      ///< remoting.rest.arrayItemDelimiters
    std::vector<definition::SettingInUse> in_use;  ///< Each of config.json's with its value, as read.
};

/// "http://localhost:3000": where a server that listens on `host` can be reached from this machine.
std::string url_of(std::string_view scheme, std::string const& host, int port);

/// The value of an environment variable; nothing if it is not set.
using Environment = std::function<std::optional<std::string>(std::string const& name)>;
std::optional<std::string> process_environment(std::string const& name);

/// Reads it from a loaded project and adds to its findings what is unsafe, misspelt or of the wrong type.
///
/// `settings` win over the environment's HOST and PORT, and these over server/config.json.
Config read_config(definition::Project& project, AppSettings const& settings,
                   Environment const& environment = process_environment);

/// The headers and answers that middleware.json and `config` ask for.
http::MiddlewareRules middleware_rules(definition::Project const& project, Config const& config);

/// The environment's name: settings, SALLYPORT_ENV, NODE_ENV, "development".
std::string environment_name(AppSettings const& settings);

}  // namespace sallyport::app

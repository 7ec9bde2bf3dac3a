// Every setting is judged where it is read. What is unsafe stops the start: a warning would scroll by.

#include "app/config.hpp"

#include "app/config_keys.hpp"
#include "app/senders.hpp"
#include "auth/two_factor_options.hpp"
#include "explorer/options.hpp"
#include "http/middleware.hpp"
#include "http/network.hpp"
#include "rest/api.hpp"
#include "sallyport/ascii.hpp"

#include <fmt/format.h>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/network_v4.hpp>
#include <boost/asio/ip/network_v6.hpp>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstdlib>

namespace sallyport::app {
namespace {

using definition::Finding;
using definition::Findings;
using definition::Place;
using definition::Project;

constexpr double longest_refusal = 2000;  // milliseconds

bool is_loopback(std::string const& host) {
    if (host == "localhost") return true;
    boost::system::error_code error;
    auto const address = boost::asio::ip::make_address(host, error);
    return !error && address.is_loopback();
}

bool is_network(std::string const& text) {
    boost::system::error_code error;
    boost::asio::ip::make_address(text, error);
    if (!error) return true;
    boost::asio::ip::make_network_v4(text, error);
    if (!error) return true;
    boost::asio::ip::make_network_v6(text, error);
    return !error;
}

// A body is read into memory whole, and so are several at once.
constexpr std::size_t largest_body = 256UL * 1024 * 1024;

/// Whether it takes in so much of the internet that strangers would be believed: proxies have networks of their own.
bool is_too_wide(std::string const& network) {
    auto const slash = network.find('/');
    if (slash == std::string::npos) return false;
    auto const least = network.find(':') == std::string::npos ? 8 : 7;  // 10.0.0.0/8 and fc00::/7 are the widest.
    return std::stoi(network.substr(slash + 1)) < least;
}

/// "100kb", "1mb" or a number, in bytes; nothing if it is none (the notation of the npm package bytes).
std::optional<std::size_t> bytes_of(Json const& value) {
    double number = -1;
    double unit = 1;
    if (value.is_number()) number = value.as_number();
    if (value.is_string()) {
        auto const& text = value.as_string();
        auto const* end = text.data() + text.size();
        auto const [stop, error] = std::from_chars(text.data(), end, number);
        if (error != std::errc{}) return std::nullopt;
        auto word = to_lower(std::string_view{stop, end});
        std::erase(word, ' ');
        if (word == "kb")
            unit = 1024;
        else if (word == "mb")
            unit = 1024.0 * 1024;
        else if (word == "gb")
            unit = 1024.0 * 1024 * 1024;
        else if (!word.empty() && word != "b")
            return std::nullopt;
    }
    auto const bytes = std::floor(number * unit);
    return bytes >= 1 && bytes <= 4294967296.0 ? std::optional{static_cast<std::size_t>(bytes)} : std::nullopt;
}

struct NamedEnvironment {
    std::string name;
    std::string from;
};

NamedEnvironment named_environment(AppSettings const& settings, Environment const& environment) {
    if (!settings.environment.empty()) return {settings.environment, "AppSettings::environment"};
    for (auto const* name : {"SALLYPORT_ENV", "NODE_ENV"}) {
        auto const value = environment(name);
        if (value && !value->empty()) return {*value, fmt::format("the variable {}", name)};
    }
    return {"development", "default"};
}

class ConfigReader {
public:
    ConfigReader(Project& project, AppSettings const& settings, Environment const& environment)
        : project_{project},
          settings_{settings},
          environment_{environment},
          findings_{std::move(project.findings)},
          file_json_{project.config},
          file_{file_json_, project.config_places} {}

    Config read() {
        check_config_keys(project_, findings_);
        read_environment();
        config_.is_production = config_.environment == "production";
        read_compatibility();
        read_flags();
        read_remoting();
        check_explorer();
        config_.transport =
            read_transport(file_, project_.folder, [this](std::string_view path, std::string text, std::string hint) {
                mistake(path, std::move(text), std::move(hint));
            });
        read_address();
        read_url();
        check_safety();
        note_open_models();
        note_strict_transport();
        config_.in_use = file_.in_use();
        project_.findings = findings_.take();
        return config_;
    }

private:
    void mistake(std::string_view path, std::string text, std::string hint) {
        findings_.mistake(project_.config_place(path), std::move(text), std::move(hint));
    }

    void read_environment() {
        auto [name, from] = named_environment(settings_, environment_);
        file_.note("environment", name, std::move(from));
        config_.environment = std::move(name);
    }

    void read_compatibility() {
        auto const word = file_.text("compatibility");
        if (word == "loopback3") {
            config_.is_compatible = true;
        } else if (!word.empty()) {
            mistake("compatibility", fmt::format("\"{}\" is no compatibility", word),
                    R"(use "loopback3", or leave it out for the stricter answers)");
        }
    }

    void read_refused_password() {
        auto const milliseconds = file_.number("refusedPasswordMs", static_cast<double>(config_.refused_password_ms));
        if (milliseconds >= 0 && milliseconds <= longest_refusal && milliseconds == std::floor(milliseconds)) {
            config_.refused_password_ms = static_cast<std::int64_t>(milliseconds);
        } else {
            mistake("refusedPasswordMs", fmt::format("{} is no time to answer a wrong password in", milliseconds),
                    "whole milliseconds, 0 to 2000");
        }
    }

    void read_flags() {
        config_.allow_plain_http = file_.flag("allowPlainHttp", false);
        config_.allow_console = file_.flag("allowConsole", false);
        config_.ignore_scripts = file_.flag("ignoreScripts", false);
        config_.has_request_log = file_.flag("requestLog", false);
        read_refused_password();
        config_.denied_status = config_.is_compatible ? 401 : 403;
        if (auto const status = definition::to_numeral(file_.at("aclErrorStatus"))) {
            if (*status == 401 || *status == 403 || *status == 404) {
                config_.denied_status = static_cast<int>(*status);
            } else {
                mistake("aclErrorStatus", "\"aclErrorStatus\" must be 401, 403 or 404",
                        "leave it out for the usual one");
            }
        }
        file_.note("aclErrorStatus", config_.denied_status);
        if (auto const root = file_.text("restApiRoot"); !root.empty()) {
            if (!root.starts_with('/'))
                mistake("restApiRoot", "\"restApiRoot\" must begin with \"/\"", fmt::format("write \"/{}\"", root));
            config_.api_root = root;
            while (config_.api_root.size() > 1 && config_.api_root.ends_with('/')) config_.api_root.pop_back();
        }
        file_.note("restApiRoot", config_.api_root);
        read_proxies();
    }

    void read_proxies() {
        file_.note("trustedProxies", Json::array());
        auto const& given = file_.at("trustedProxies");
        if (!given.is_array() || !std::ranges::all_of(given.as_array(), &Json::is_string)) return;
        auto const& proxies = file_.any("trustedProxies");
        for (auto const& proxy : proxies.as_array()) {
            if (!is_network(proxy.as_string())) {
                mistake("trustedProxies", fmt::format("\"{}\" is no address and no network", proxy.as_string()),
                        R"(for example "10.0.0.5" or "10.0.0.0/8")");
            } else if (is_too_wide(proxy.as_string())) {
                mistake("trustedProxies", fmt::format("\"{}\" would make strangers proxies", proxy.as_string()),
                        R"(name the proxies' own network, at most as wide as "10.0.0.0/8" or "fc00::/7")");
            }
            config_.trusted_proxies.push_back(proxy.as_string());
        }
    }

    void read_remoting() {
        auto const& context = file_.given("remoting.context");
        if (is_truthy(context.is_object() ? context["enableHttpContext"] : context)) {
            mistake("remoting.context", "\"remoting.context\" cannot be true",
                    "LoopBack 3 has removed it too; take it out");
        }
        if (is_truthy(file_.given("remoting.cors"))) {
            mistake("remoting.cors", "\"remoting.cors\" cannot be true",
                    R"(configure "cors" in server/middleware.json)");
        }
        if (is_truthy(file_.given("remoting.rest.xml")))
            findings_.note(project_.config_place("remoting.rest.xml"), "XML is not written");
        read_delimiters();
        config_.handle_unknown_paths = file_.flag("remoting.rest.handleUnknownPaths", true);
        rest::ApiRules const usual;
        config_.json_limit = read_limit("remoting.json.limit", usual.json_limit);
        config_.form_limit = read_limit("remoting.urlencoded.limit", usual.form_limit);
        file_.note("remoting.rest.normalizeHttpPath", definition::normalizes_paths(project_.config));
        file_.given("remoting.sharedMethods");
    }

    void check_explorer() {
        auto const options = explorer::read_options(project_, config_.api_root);
        if (!options || !explorer::is_below_api(*options, config_.api_root)) return;
        findings_.mistake(
            project_.component_place("loopback-component-explorer.mountPath"),
            fmt::format("\"{}\" lies below \"{}\", where only models are, and the explorer is never reached",
                        options->mount_path, config_.api_root),
            R"(use "/explorer")");
    }

    void read_delimiters() {
        constexpr auto name = "remoting.rest.arrayItemDelimiters";
        auto const& given = file_.given(name);
        if (given.is_nothing()) return file_.note(name, Json::array());
        auto const list = given.is_array() ? given.as_array() : JsonArray{given};
        for (auto const& mark : list) {
            if (mark.is_string() && !mark.as_string().empty()) {
                config_.item_delimiters.push_back(mark.as_string());
            } else {
                mistake(name, fmt::format("{} parts nothing", to_text(mark)), R"(for example "," or [",", ";"])");
            }
        }
    }

    std::size_t read_limit(std::string_view path, std::size_t otherwise) {
        auto const& value = file_.at(path);
        auto const bytes = value.is_undefined() ? otherwise : bytes_of(value);
        if (!bytes) mistake(path, fmt::format("{} is no size", to_text(value)), R"(write it as "100kb" or "1mb")");
        if (bytes && *bytes > largest_body)
            mistake(path, fmt::format("{} is more than a body may have", to_text(value)), R"(at most "256mb")");
        file_.note(path, bytes.value_or(otherwise));
        return bytes.value_or(otherwise);
    }

    void read_address() {
        if (config_.is_compatible) config_.host = "0.0.0.0";
        use_host(file_.text("host"), file_.origin("host"));
        use_host(environment_("HOST").value_or(""), "the variable HOST");
        use_host(settings_.host.value_or(""), "--host");
        file_.note("port", config_.port);
        if (auto const& port = file_.at("port"); !port.is_undefined())
            read_port(port, project_.config_place("port"), file_.origin("port"));
        if (auto const port = environment_("PORT"); port && !port->empty())
            read_port(Json{*port}, {.file = "PORT"}, "the variable PORT");
        if (settings_.port) read_port(*settings_.port, {.file = "--port"}, "--port");
        if (config_.port != 0 && config_.transport.plain_port == config_.port)
            mistake("tls.plainPort", "\"plainPort\" is the port that speaks TLS", "choose another");
    }

    void use_host(std::string const& host, std::string from) {
        if (!host.empty()) config_.host = host;
        if (!host.empty() || from == "default") file_.note("host", config_.host, std::move(from));
    }

    void read_port(Json const& value, Place const& place, std::string from) {
        if (auto const port = port_of(value)) {
            config_.port = *port;
            file_.note("port", *port, std::move(from));
        } else {
            findings_.mistake(place, fmt::format("{} is no port", to_text(value)), "a port is a number, 0 to 65535");
        }
    }

    void read_url() {
        auto url = file_.text("url");
        auto const is_web = url.starts_with("http://") || url.starts_with("https://");
        if (!url.empty() && !is_web)
            mistake("url", "\"url\" must begin with \"https://\" or \"http://\"",
                    fmt::format("write \"https://{}\"", url));
        if (url.empty()) {
            url = url_of(config_.transport.tls ? "https" : "http", config_.host, config_.port);
            if (config_.is_production) {
                findings_.note(project_.config_place("url"), fmt::format("links in mail will begin with {}", url),
                               R"(set "url" to the address people use)");
            }
        }
        while (url.ends_with('/')) url.pop_back();
        file_.note("url", url);
        config_.base_url = std::move(url);
        config_.is_behind_proxy = !is_loopback(http::host_of(config_.base_url));
    }

    void check_safety() {
        config_.is_on_loopback = is_loopback(config_.host);
        auto const is_guarded = config_.transport.tls || config_.is_compatible || config_.allow_plain_http ||
                                !config_.trusted_proxies.empty();
        if (!config_.is_on_loopback && !is_guarded) {
            mistake(
                "host", fmt::format("plain HTTP on {} lets others read passwords and tokens", config_.host),
                R"(give "tls" a certificate, listen on 127.0.0.1, name the proxy that does TLS in "trustedProxies", or set "allowPlainHttp": true)");
        }
        if (config_.allow_console || (config_.is_on_loopback && !config_.is_production)) return;
        for (auto const& [name, model] : project_.models.all()) {
            if (!sends_to_console(model)) continue;
            mistake("host",
                    fmt::format("\"{}\" prints login codes on the console, {}", name,
                                config_.is_production ? "and this is production" : "and others can reach this address"),
                    R"(give its TwoFactor another channel, or set "allowConsole": true)");
        }
    }

    /// What browsers are told, by this file, by middleware.json or by nobody.
    void note_strict_transport() {
        if (config_.transport.hsts_seconds) return;
        auto const rules = middleware_rules(project_, config_);
        for (auto const* headers : {&rules.secure_headers, &rules.fixed_headers}) {
            for (auto const& [name, value] : *headers) {
                if (name != "Strict-Transport-Security") continue;
                auto const is_usual = value == fmt::format("max-age={}", http::Hsts::usual_seconds);
                file_.note("hstsSeconds", to_number(Json{value.substr(8, value.find(';') - 8)}),
                           is_usual ? "default" : "helmet in server/middleware.json");
                return;
            }
        }
    }

    void note_open_models() {
        if (config_.is_compatible) return;
        for (auto const& [name, model] : project_.models.all()) {
            if (model.flag("prohibitHiddenPropertiesInQuery", true)) continue;
            findings_.note(project_.config_place("compatibility"),
                           fmt::format("filters cannot use hidden properties of \"{}\", although it says "
                                       "\"prohibitHiddenPropertiesInQuery\": false",
                                       name),
                           R"(only "compatibility": "loopback3" heeds that)");
        }
    }

    bool sends_to_console(definition::Model const& model) const {
        auto const options = auth::two_factor_options(model);
        if (!options || model.data_source.empty()) return false;
        auto const* sms = sms_source(project_);
        return std::ranges::any_of(options->channels, [&](std::string const& channel) {
            return channel == "console" || (channel == "sms" && sms != nullptr && is_console(*sms));
        });
    }

    Project& project_;
    AppSettings const& settings_;
    Environment const& environment_;
    Findings findings_;
    Json file_json_;
    definition::Settings file_;  ///< config.json's
    Config config_;
};

}  // namespace

std::string url_of(std::string_view scheme, std::string const& host, int port) {
    auto const reached = host == "0.0.0.0" || host == "::" ? "localhost" : host;
    return fmt::format("{}://{}:{}", scheme, reached.contains(':') ? "[" + reached + "]" : reached, port);
}

std::optional<std::string> process_environment(std::string const& name) {
    auto const* value = std::getenv(name.c_str());  // NOLINT(concurrency-mt-unsafe): nothing here sets one.
    return value ? std::optional<std::string>{value} : std::nullopt;
}

http::MiddlewareRules middleware_rules(definition::Project const& project, Config const& config) {
    return http::read_middleware(
        project.middleware, !config.is_compatible, config.api_root,
        {.seconds = config.transport.hsts_seconds, .is_usual = config.transport.tls.has_value()});
}

Config read_config(Project& project, AppSettings const& settings, Environment const& environment) {
    return ConfigReader{project, settings, environment}.read();
}

std::string environment_name(AppSettings const& settings) {
    return named_environment(settings, process_environment).name;
}

}  // namespace sallyport::app

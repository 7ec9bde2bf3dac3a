#include "app/config_keys.hpp"

#include "definition/settings.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <string_view>
#include <utility>

namespace sallyport::app {
namespace {

using definition::Findings;
using definition::Project;

enum class Type : std::uint8_t { boolean, text, number, texts, object, any };

enum class Use : std::uint8_t { acted_on, only_known };

struct Setting {
    std::string_view path;
    Type type;
    Use use = Use::acted_on;
};

/// What this program acts on, and what LoopBack does.
constexpr Setting known_settings[] = {
    {"port", Type::any},
    {"restApiRoot", Type::text},
    {"host", Type::text},
    {"url", Type::text},
    {"aclErrorStatus", Type::number},
    {"compatibility", Type::text},
    {"trustedProxies", Type::texts},
    {"proxyProtocol", Type::boolean},
    {"forwardedHeader", Type::text},
    {"tls", Type::object},
    {"tls.certificate", Type::text},
    {"tls.key", Type::text},
    {"tls.plainPort", Type::any},
    {"hstsSeconds", Type::number},
    {"allowPlainHttp", Type::boolean},
    {"allowConsole", Type::boolean},
    {"ignoreScripts", Type::boolean},
    {"requestLog", Type::boolean},
    {"refusedPasswordMs", Type::number},
    {"remoting", Type::object},
    {"remoting.context", Type::any},
    {"remoting.cors", Type::boolean},
    {"remoting.rest", Type::object},
    {"remoting.rest.handleErrors", Type::boolean, Use::only_known},
    {"remoting.rest.handleUnknownPaths", Type::boolean},
    {"remoting.rest.normalizeHttpPath", Type::boolean},
    {"remoting.rest.xml", Type::boolean},
    {"remoting.rest.supportedTypes", Type::any, Use::only_known},
    {"remoting.rest.arrayItemDelimiters", Type::any},
    {"remoting.json", Type::object},
    {"remoting.json.limit", Type::any},
    {"remoting.json.strict", Type::boolean, Use::only_known},
    {"remoting.json.type", Type::any, Use::only_known},
    {"remoting.json.inflate", Type::any, Use::only_known},
    {"remoting.urlencoded", Type::object},
    {"remoting.urlencoded.limit", Type::any},
    {"remoting.urlencoded.extended", Type::boolean, Use::only_known},
    {"remoting.urlencoded.type", Type::any, Use::only_known},
    {"remoting.urlencoded.inflate", Type::any, Use::only_known},
    {"remoting.urlencoded.parameterLimit", Type::any, Use::only_known},
    {"remoting.sharedMethods", Type::object},
    {"remoting.types", Type::object, Use::only_known},
    {"remoting.types.warnWhenOverridingType", Type::any},
    {"remoting.types.warnOnUnknownType", Type::any},
    {"remoting.errorHandler", Type::object, Use::only_known},
    {"remoting.errorHandler.debug", Type::any},
    {"remoting.errorHandler.log", Type::any},
    {"remoting.errorHandler.disableStackTrace", Type::any},
    {"remoting.errorHandler.handler", Type::any},
    {"remoting.errorHandler.safeFields", Type::any},
    {"remoting.errorHandler.defaultType", Type::any},
    {"remoting.errorHandler.negotiateContentType", Type::any},
    {"remoting.errorHandler.rootProperty", Type::any},
    {"legacyExplorer", Type::boolean, Use::only_known},
    {"logoutSessionsOnSensitiveChanges", Type::boolean, Use::only_known},
    {"apiInfo", Type::any, Use::only_known},
    {"cookieSecret", Type::any, Use::only_known},
    {"_verifyAuthModelRelations", Type::any, Use::only_known},
    {"env", Type::any, Use::only_known},
};

bool fits(Json const& value, Type type) {
    switch (type) {
        case Type::boolean:
            return value.is_boolean();
        case Type::text:
            return value.is_string() && !value.as_string().empty();
        case Type::number:
            return value.is_number();
        case Type::object:
            return value.is_object();
        case Type::texts:
            return value.is_array() && std::ranges::all_of(value.as_array(), &Json::is_string);
        case Type::any:
            return true;
    }
    return false;
}

std::string_view in_words(Type type) {
    switch (type) {
        case Type::boolean:
            return "true or false";
        case Type::text:
            return "a text";
        case Type::number:
            return "a number";
        case Type::object:
            return "an object";
        case Type::texts:
            return "a list of texts";
        case Type::any:
            break;
    }
    return {};
}

std::string_view how_to_write(Type type) {
    switch (type) {
        case Type::boolean:
            return "write true or false, without quotes";
        case Type::text:
            return "write it between double quotes";
        case Type::number:
            return "write the number without quotes";
        case Type::object:
            return "write { ... }";
        case Type::texts:
            return R"(write ["...", "..."])";
        case Type::any:
            break;
    }
    return {};
}

class KeyCheck {
public:
    KeyCheck(Project const& project, Findings& findings) : project_{project}, findings_{findings} {}

    void check_keys(JsonObject const& object, std::string const& above) {
        for (auto const& [name, value] : object) {
            auto const path = above.empty() ? name : fmt::format("{}.{}", above, name);
            auto const* known = std::ranges::find(known_settings, std::string_view{path}, &Setting::path);
            if (known == std::end(known_settings)) {
                complain_about_key(path, name);
                continue;
            }
            if (!fits(value, known->type) && !is_numeral(path, value, known->type))
                mistake(path, fmt::format("\"{}\" must be {}", name, in_words(known->type)),
                        std::string{how_to_write(known->type)});
            if (known->use == Use::only_known) note_without_effect(path, value);
            if (known->type == Type::object && value.is_object() && path != "remoting.sharedMethods")
                check_keys(value.as_object(), path);
        }
    }

private:
    void mistake(std::string_view path, std::string text, std::string hint) {
        findings_.mistake(project_.config_place(path), std::move(text), std::move(hint));
    }

    // "port": "${PORT}"
    bool is_numeral(std::string_view path, Json const& value, Type type) const {
        auto const is_from_outside = !project_.config_place(path).variable.empty();
        return type == Type::number && is_from_outside && definition::to_numeral(value).has_value();
    }

    void note_without_effect(std::string const& path, Json const& value) {
        auto text = fmt::format("\"{}\" is known to LoopBack, but has no effect here", path);
        if (path == "legacyExplorer" && is_truthy(value)) text = "the routes /models and /routes are not served";
        if (path == "logoutSessionsOnSensitiveChanges" && value == Json{false})
            text = "a changed password or email always ends the user's other sessions";
        findings_.note(project_.config_place(path), std::move(text));
    }

    /// LoopBack lets people keep settings of their own at the top of config.json, but one that looks like ours is
    /// misspelt; and nobody's own stands below "remoting".
    void complain_about_key(std::string const& path, std::string const& name) {
        std::vector<std::string> beside;
        auto const level = path.substr(0, path.size() - name.size());
        for (auto const& setting : known_settings) {
            auto const other = setting.path;
            auto const is_beside = other.starts_with(level) && other.find('.', level.size()) == std::string_view::npos;
            if (is_beside) beside.emplace_back(other.substr(level.size()));
        }
        auto hint = definition::did_you_mean(name, beside);
        if (hint.empty() && level.empty()) {
            findings_.note(project_.config_place(path), fmt::format("nothing here reads the setting \"{}\"", name));
            return;
        }
        if (hint.empty()) hint = "the settings here are " + definition::one_of(beside);
        mistake(path, fmt::format("unknown setting \"{}\"", name), std::move(hint));
    }

    Project const& project_;
    Findings& findings_;
};

}  // namespace

void check_config_keys(Project const& project, Findings& findings) {
    KeyCheck{project, findings}.check_keys(project.config, {});
}

std::vector<std::string> settings_acted_on() {
    std::vector<std::string> names;
    for (auto const& setting : known_settings) {
        auto const above = setting.path.substr(0, setting.path.rfind('.'));
        auto const* parent = std::ranges::find(known_settings, above, &Setting::path);
        if (setting.use == Use::acted_on && parent->use == Use::acted_on && setting.type != Type::object)
            names.emplace_back(setting.path);
    }
    return names;
}

}  // namespace sallyport::app

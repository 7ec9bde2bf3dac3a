#include "definition/known_keys.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace sallyport::definition {
namespace {

using enum Key::Use;
using namespace kinds;

constexpr int deepest = 32;  // What the JSON reader takes from a request.

unsigned kind_of(Located const& value) {
    switch (value.value.kind()) {
        case Json::Kind::string:
            return text;
        case Json::Kind::number:
            return number;
        case Json::Kind::boolean:
            return boolean;
        case Json::Kind::array:
            return list;
        case Json::Kind::object:
            return object;
        default:
            return null;
    }
}

std::string in_words(unsigned wanted) {
    struct Word {
        unsigned kind;
        std::string_view words;
    };
    constexpr std::array words{Word{text, "a text"}, Word{number, "a number"},  Word{boolean, "true or false"},
                               Word{list, "a list"}, Word{object, "an object"}, Word{null, "null"}};
    std::string found;
    for (auto const& word : words) {
        if ((wanted & word.kind) == 0) continue;
        if (!found.empty()) found += " or ";
        found += word.words;
    }
    return found;
}

constexpr std::array of_model{
    Key{"name", text},
    Key{"plural", text},
    Key{"description", text | list},
    Key{"base", text},
    Key{"http", object},
    Key{"idInjection", boolean},
    Key{"forceId", boolean | text},
    Key{"strict", boolean | text},
    Key{"options", object},
    Key{"properties", object},
    Key{"relations", object},
    Key{"acls", list},
    Key{"methods", object | list},
    Key{"validations", list},
    Key{"mixins", object},
    Key{"scope", object},
    Key{"scopes", object},
    Key{"indexes", object},
    Key{"hidden", list | object},
    Key{"hiddenProperties", list | object},
    Key{"protected", list | object},
    Key{"protectedProperties", list | object},
    Key{"excludeBaseProperties", list},
    Key{"remoting", object},
    Key{"sqlite3", object},
    Key{"postgresql", any, only_known},
    Key{"memory", any, only_known},
    Key{"ttl", number},
    Key{"maxTTL", number},
    Key{"saltWorkFactor", any, only_known},
    Key{"caseSensitiveEmail", boolean},
    Key{"realmRequired", boolean},
    Key{"realmDelimiter", text},
    Key{"emailVerificationRequired", boolean},
    Key{"verifyOptions", object},
    Key{"resetPasswordTokenTTL", number},
    Key{"restrictResetPasswordTokenScope", boolean},
    Key{"rejectPasswordChangesViaPatchOrReplace", boolean},
    Key{"rehash", boolean},
    Key{"allowEternalTokens", any, only_known},
    Key{"accessTokenIdLength", number, only_known},
    Key{"replaceOnPUT", boolean},
    Key{"prohibitHiddenPropertiesInQuery", boolean | null},
    Key{"maxDepthOfQuery", number | null},
    Key{"maxDepthOfData", number | null},
    Key{"aclErrorStatus", number},
    Key{"defaultPermission", text},
    Key{"ownerRelations", boolean | list},
    Key{"validateUpsert", boolean},
    Key{"validateUpdate", any, only_known},
    Key{"automaticValidation", any, only_known},
    Key{"strictDelete", boolean},
    Key{"persistUndefinedAsNull", any, only_known},
    Key{"strictObjectIDCoercion", boolean},
    Key{"listCounts", boolean},
    Key{"updateOnLoad", any, only_known},
    Key{"applyDefaultsOnReads", any, only_known},
    Key{"strictEmbeddedModels", any, only_known},
    Key{"allowExtendedOperators", any, only_known},
    Key{"configureModelMerge", any, only_known},
    Key{"mergePolicy", any, only_known},
    Key{"trackChanges", any, only_known},
    Key{"enableRemoteReplication", any, only_known},
    Key{"changeDataSource", any, only_known},
    Key{"inqLimit", any, only_known},
    Key{"injectOptionsFromRemoteContext", any, only_known},
    Key{"hideInternalProperties", any, only_known},
    Key{"models", any, only_known},
    Key{"mysql", any, only_known},
    Key{"mongodb", any, only_known},
    Key{"mssql", any, only_known},
    Key{"oracle", any, only_known},
    Key{"db2", any, only_known},
    Key{"cloudant", any, only_known},
    Key{"dashdb", any, only_known},
    Key{"elasticsearch", any, only_known},
};

constexpr std::array of_remoting{
    Key{"sharedMethods", object},
    Key{"normalizeHttpPath", boolean},
};

constexpr std::array of_model_config{
    Key{"dataSource", text | null | boolean},
    Key{"public", boolean},
    Key{"options", object},
    Key{"relations", object},
    Key{"acls", list},
    Key{"methods", object},
    Key{"scopes", object},
    Key{"$promise", any, only_known},
    Key{"$resolved", any, only_known},
};

constexpr std::array of_property{
    Key{"type", text | list | object},
    Key{"required", boolean | object},
    Key{"default"},
    Key{"defaultFn", text},
    Key{"id", boolean | number},
    Key{"generated", boolean},
    Key{"index", boolean | object | text},
    Key{"unique", boolean | object},
    Key{"updateOnly", boolean},
    Key{"description", text | list},
    Key{"doc", text | list},
    Key{"acls", list},
    Key{"sqlite3", object},
    Key{"postgresql", object},
    Key{"length", any, only_known},
    Key{"limit", any, only_known},
    Key{"precision", any, only_known},
    Key{"scale", any, only_known},
    Key{"null", any, only_known},
    Key{"useDefaultIdType", any, only_known},
    Key{"applyDefaultOnWrites", any, only_known},
    Key{"persistDefaultValues", any, only_known},
    Key{"ttl", any, only_known},
    Key{"trim", any, only_known},
    Key{"lowercase", any, only_known},
    Key{"uppercase", any, only_known},
    Key{"comments", any, only_known},
    Key{"jsonSchema", any, only_known},
    Key{"mysql", any, only_known},
    Key{"mongodb", any, only_known},
    Key{"mssql", any, only_known},
    Key{"oracle", any, only_known},
    Key{"db2", any, only_known},
    Key{"cloudant", any, only_known},
};

constexpr std::array of_relation{
    Key{"type", text},
    Key{"model", text},
    Key{"foreignKey", text},
    Key{"primaryKey", text},
    Key{"idName", text},
    Key{"through", text},
    Key{"keyThrough", text},
    Key{"throughTable", text},
    Key{"property", text},
    Key{"polymorphic", any},
    Key{"scope", object},
    Key{"options", object},
    Key{"http", any, only_known},
    Key{"as", any, only_known},
    Key{"properties", any, only_known},
    Key{"default", any, only_known},
    Key{"invert", any, only_known},
    Key{"invertProperties", any, only_known},
    Key{"methods", any, only_known},
    Key{"scopeMethods", any, only_known},
    Key{"where", any, only_known},
    Key{"order", any, only_known},
};

constexpr std::array of_relation_option{
    Key{"disableInclude", boolean},
    Key{"nestRemoting", any, only_known},
    Key{"validate", boolean},
    Key{"forceId", boolean},
    Key{"persistent", any, only_known},
    Key{"belongsTo", any, only_known},
    Key{"embedsProperties", any, only_known},
    Key{"invertProperties", any, only_known},
    Key{"omitDefaultEmbeddedItem", boolean},
    Key{"property", any, only_known},
    Key{"http", object},
    Key{"prefetch", any, only_known},
};

constexpr std::array of_rule{
    Key{"property", text | list}, Key{"accessType", text},           Key{"permission", text},
    Key{"principalType", text},   Key{"principalId", text | number}, Key{"model", any, only_known},
    Key{"secondFactor", boolean}, Key{"freshWithin", number},
};

constexpr std::array of_validation{
    Key{"property", text},
    Key{"type", text},
    Key{"message", text | object},
    Key{"code", text},
    Key{"min", number},
    Key{"max", number},
    Key{"is", number},
    Key{"int", boolean},
    Key{"in", list},
    Key{"with", text},
    Key{"scopedTo", text | list},
    Key{"ignoreCase", boolean},
    Key{"allowNull", boolean},
    Key{"allowBlank", boolean},
    Key{"if", text},
    Key{"unless", text},
};

constexpr std::array of_method{
    Key{"accepts", list | object},   Key{"returns", list | object}, Key{"http", object | list},
    Key{"description", text | list}, Key{"notes", text | list},     Key{"documented", boolean},
    Key{"accessType", text},         Key{"accessScopes", list},     Key{"isStatic", boolean},
    Key{"shared", boolean},          Key{"aliases", list},          Key{"name", text, only_known},
    Key{"errors", any, only_known},  Key{"rest", any, only_known},
};

constexpr std::array of_argument{
    Key{"arg", text},
    Key{"name", text},
    Key{"type", text | list | object},
    Key{"required", boolean},
    Key{"root", boolean},
    Key{"http", object | text},
    Key{"default"},
    Key{"description", text | list},
    Key{"documented", boolean, only_known},
    Key{"notes", any, only_known},
    Key{"model", any, only_known},
    Key{"format", any, only_known},
    Key{"allowArray", any, only_known},
    Key{"createOnlyInstance", any, only_known},
};

constexpr std::array of_method_http{
    Key{"verb", text},
    Key{"path", text},
    Key{"status", number},
    Key{"errorStatus", number},
};

constexpr std::array of_filter{
    Key{"where", object},  Key{"order", text | list},           Key{"limit", number}, Key{"skip", number},
    Key{"offset", number}, Key{"fields", list | object | text}, Key{"include", any},  Key{"collect", any, only_known},
};

constexpr std::array of_memory{
    Key{"name", text},
    Key{"connector", text},
    Key{"file", any, only_known},
    Key{"localStorage", any, only_known},
    Key{"prohibitHiddenPropertiesInQuery", boolean | null},
    Key{"maxDepthOfQuery", number | null},
    Key{"maxDepthOfData", number | null},
    Key{"debug", any, only_known},
    Key{"lazyConnect", any, only_known},
};

constexpr std::array of_sqlite{
    Key{"name", text},
    Key{"connector", text},
    Key{"file", text},
    Key{"database", text},
    Key{"synchronous", text},
    Key{"prohibitHiddenPropertiesInQuery", boolean | null},
    Key{"maxDepthOfQuery", number | null},
    Key{"maxDepthOfData", number | null},
    Key{"file_name", any, only_known},
    Key{"debug", any, only_known},
    Key{"lazyConnect", any, only_known},
};

constexpr std::array of_mail{
    Key{"name", text},
    Key{"connector", text},
    Key{"transports", list},
    Key{"transport", object},
    Key{"defaultFrom", text, only_known},
    Key{"debug", any, only_known},
};

constexpr std::array of_token_middleware{
    Key{"currentUserLiteral", text},
    Key{"model", any, only_known},
    Key{"cookies", any, only_known},
    Key{"headers", any, only_known},
    Key{"params", any, only_known},
    Key{"searchDefaultTokenKeys", any, only_known},
    Key{"enableDoublecheck", any, only_known},
    Key{"overwriteExistingToken", any, only_known},
    Key{"bearerTokenBase64Encoded", any, only_known},
};

}  // namespace

bool is_of(Located const& value, unsigned wanted) { return (kind_of(value) & wanted) != 0; }

bool require_kind(Located const& value, unsigned wanted, std::string_view name, Findings& findings) {
    if (is_of(value, wanted)) return true;
    findings.mistake(value.place, fmt::format("\"{}\" must be {}", name, in_words(wanted)));
    return false;
}

void check_keys(Located const& located, std::span<Key const> keys, std::string_view what, Findings& findings) {
    if (!located.is_object()) {
        findings.mistake(located.place, fmt::format("{} must be an object", what));
        return;
    }
    for (auto const& member : located.members) {
        auto const key = std::ranges::find(keys, member.name, &Key::name);
        if (key == keys.end()) {
            std::vector<std::string> names;
            for (auto const& known : keys) names.emplace_back(known.name);
            findings.mistake(member.place, fmt::format("unknown key \"{}\" in {}", member.name, what),
                             did_you_mean(member.name, names));
        } else if (key->use == only_known) {
            findings.note(member.place,
                          fmt::format("\"{}\" is known to LoopBack, but has no effect here", member.name));
        } else {
            require_kind(member.value, key->kinds, member.name, findings);
        }
    }
}

void check_depths(Located const& located, Findings& findings) {
    for (auto const* name : {"maxDepthOfQuery", "maxDepthOfData"}) {
        auto const* depth = located.find(name);
        if (!depth || !depth->value.is_number()) continue;
        auto const levels = depth->value.as_number();
        if (levels < 1 || levels != std::trunc(levels)) {
            findings.mistake(depth->place, fmt::format("\"{}\" must be a whole number from 1", name));
        } else if (levels > deepest) {
            findings.note(depth->place, fmt::format("\"{}\" acts as {}: nothing deeper is read", name, deepest));
        }
    }
}

bool require_word(Located const& value, std::span<std::string const> words, std::string_view what, Findings& findings) {
    if (!require_kind(value, text, what, findings)) return false;
    auto const& word = value.value.as_string();
    if (std::ranges::find(words, word) != words.end()) return true;
    auto hint = did_you_mean(word, words);
    if (hint.empty()) hint = "use " + one_of(words);
    findings.mistake(value.place, fmt::format("\"{}\" is no {}", word, what), std::move(hint));
    return false;
}

std::span<Key const> model_keys() { return of_model; }
std::span<Key const> remoting_keys() { return of_remoting; }
std::span<Key const> model_config_keys() { return of_model_config; }
std::span<Key const> property_keys() { return of_property; }
std::span<Key const> relation_keys() { return of_relation; }
std::span<Key const> relation_option_keys() { return of_relation_option; }
std::span<Key const> rule_keys() { return of_rule; }
std::span<Key const> validation_keys() { return of_validation; }
std::span<Key const> method_keys() { return of_method; }
std::span<Key const> argument_keys() { return of_argument; }
std::span<Key const> method_http_keys() { return of_method_http; }
std::span<Key const> filter_keys() { return of_filter; }

std::span<Key const> token_middleware_keys() { return of_token_middleware; }

std::span<Key const> data_source_keys(std::string_view connector) {
    if (connector == "memory" || connector == "transient") return of_memory;
    if (connector == "sqlite3") return of_sqlite;
    if (connector == "mail") return of_mail;
    return {};
}

std::vector<std::string> const& known_middleware() {
    static std::vector<std::string> const names{"compression",
                                                "cors",
                                                "helmet#contentSecurityPolicy",
                                                "helmet#dnsPrefetchControl",
                                                "helmet#frameguard",
                                                "helmet#hidePoweredBy",
                                                "helmet#hsts",
                                                "helmet#ieNoOpen",
                                                "helmet#noCache",
                                                "helmet#noSniff",
                                                "helmet#referrerPolicy",
                                                "helmet#xssFilter",
                                                "loopback#favicon",
                                                "loopback#rest",
                                                "loopback#static",
                                                "loopback#token",
                                                "loopback#urlNotFound",
                                                "strong-error-handler"};
    return names;
}

std::vector<std::string> const& known_components() {
    static std::vector<std::string> const names{"loopback-component-explorer"};
    return names;
}

}  // namespace sallyport::definition

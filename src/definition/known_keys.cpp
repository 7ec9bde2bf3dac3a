#include "definition/known_keys.hpp"

#include "definition/settings.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace sallyport::definition {
namespace {

using enum Key::Use;
using namespace kinds;

constexpr int deepest = JsonLimits{}.max_depth;  // What is read of a request.

unsigned kind_of(Located const& value) {
    switch (value.value.kind()) {
        case Json::Kind::string:
            return !value.place.variable.empty() && to_numeral(value.value) ? text | number : text;
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

/// How to write a value of a wanted kind, given the kind of what was written.
std::string_view hint_for_kind(unsigned written, unsigned wanted) {
    if ((wanted & boolean) != 0) return "write true or false, without quotes";
    if ((wanted & number) != 0 && written == text) return "write the number without quotes";
    if ((wanted & text) != 0 && (written == number || written == boolean)) return "put it between double quotes";
    if ((wanted & list) != 0) return "write [ ... ]";
    if ((wanted & object) != 0) return "write { ... }";
    return (wanted & number) != 0 ? "write a number" : "write a text between double quotes";
}

// What stands below a key of a model.

constexpr std::array of_model_http{Key{"path", text}};

constexpr std::array of_remoting{Key{"sharedMethods", object}, Key{"normalizeHttpPath", boolean}};

constexpr std::array of_model_table{
    Key{"table", text},
    Key{"tableName", any, only_known},
    Key{"schema", any, only_known},
    Key{"schemaName", any, only_known},
};

constexpr std::array of_memory_model{Key{"collection", text}};

constexpr std::array of_verify_options{
    Key{"subject", text},
    Key{"text", text},
    Key{"redirect", text},
    Key{"verifyHref", text},
    Key{"type", any, only_known},
    Key{"mailer", any, only_known},
    Key{"to", any, only_known},
    Key{"from", text},
    Key{"headers", object},
    Key{"html", any, only_known},
    Key{"template", any, only_known},
    Key{"templateFn", any, only_known},
    Key{"host", text},
    Key{"port", text | number},
    Key{"protocol", text},
    Key{"restApiRoot", text},
    Key{"user", any, only_known},
    Key{"generateVerificationToken", any, only_known},
};

constexpr std::array of_index_options{
    Key{"unique", boolean},           Key{"background", any, only_known},         Key{"sparse", any, only_known},
    Key{"dropDups", any, only_known}, Key{"expireAfterSeconds", any, only_known},
};

constexpr std::array of_index{
    Key{"keys", object | list | text},
    Key{"columns", text},
    Key{"kind", text},
    Key{"unique", boolean},
    Key{"options", object, acted_on, of_index_options},
    Key{"name", any, only_known},
    Key{"type", any, only_known},
    Key{"order", any, only_known},
    Key{"mysql", any, only_known},
    Key{"mongodb", any, only_known},
    Key{"postgresql", any, only_known},
};

constexpr std::array of_property_index{
    Key{"unique", boolean},
    Key{"kind", any, only_known},
    Key{"type", any, only_known},
    Key{"name", any, only_known},
    Key{"order", any, only_known},
    Key{"columns", any, only_known},
    Key{"background", any, only_known},
    Key{"sparse", any, only_known},
    Key{"dropDups", any, only_known},
    Key{"expireAfterSeconds", any, only_known},
    Key{"mysql", any, only_known},
    Key{"mongodb", any, only_known},
    Key{"postgresql", any, only_known},
};

/// A property's "required" and "unique" take the options of a validation.
constexpr std::array of_constraint{
    Key{"message", any, only_known},  Key{"code", any, only_known},       Key{"if", any, only_known},
    Key{"unless", any, only_known},   Key{"allowNull", any, only_known},  Key{"allowBlank", any, only_known},
    Key{"scopedTo", any, only_known}, Key{"ignoreCase", any, only_known},
};

constexpr std::array of_column{
    Key{"columnName", text},
    Key{"dataType", any, only_known},
    Key{"dataLength", any, only_known},
    Key{"dataPrecision", any, only_known},
    Key{"dataScale", any, only_known},
    Key{"nullable", any, only_known},
    Key{"dbDefault", any, only_known},
    Key{"autoIncrement", any, only_known},
    Key{"defaultValue", any, only_known},
};

constexpr std::array of_polymorphic{
    Key{"as", text},     Key{"selector", text},          Key{"foreignKey", text}, Key{"discriminator", text},
    Key{"idType", text}, Key{"invert", any, only_known},
};

constexpr std::array of_relation_http{Key{"path", text}};

constexpr std::array of_argument_http{
    Key{"source", text},
    Key{"target", text},
    Key{"header", text},
    Key{"mapping", any, only_known},
};

// What other connectors of LoopBack are told of a model or a property.
constexpr std::array other_connectors{
    Key{"mysql", any, only_known},     Key{"mongodb", any, only_known}, Key{"mssql", any, only_known},
    Key{"oracle", any, only_known},    Key{"db2", any, only_known},     Key{"cloudant", any, only_known},
    Key{"dashdb", any, only_known},    Key{"redis", any, only_known},   Key{"elasticsearch", any, only_known},
    Key{"cassandra", any, only_known}, Key{"couchdb", any, only_known}, Key{"couchdb2", any, only_known},
    Key{"informix", any, only_known},
};

template <std::size_t count>
constexpr auto with_connectors(std::array<Key, count> const& keys) {
    std::array<Key, count + other_connectors.size()> all{};
    std::ranges::copy(other_connectors, std::ranges::copy(keys, all.begin()).out);
    return all;
}

constexpr auto of_model = with_connectors(std::array{
    Key{"name", text},
    Key{"plural", text},
    Key{"description", text | list},
    Key{"base", text},
    Key{"http", object, acted_on, of_model_http},
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
    Key{"remoting", object, acted_on, of_remoting},
    Key{"sqlite3", object, acted_on, of_model_table},
    Key{"postgresql", any, only_known},
    Key{"memory", object, acted_on, of_memory_model},
    Key{"ttl", number},
    Key{"maxTTL", number},
    Key{"saltWorkFactor", any, only_known},
    Key{"caseSensitiveEmail", boolean},
    Key{"realmRequired", boolean},
    Key{"realmDelimiter", text},
    Key{"emailVerificationRequired", boolean},
    Key{"verifyOptions", object, acted_on, of_verify_options},
    Key{"resetPasswordTokenTTL", number},
    Key{"restrictResetPasswordTokenScope", boolean},
    Key{"rejectPasswordChangesViaPatchOrReplace", boolean},
    Key{"rehash", boolean},
    Key{"allowEternalTokens", boolean},
    Key{"accessTokenIdLength", number, only_known},
    Key{"replaceOnPUT", boolean},
    Key{"prohibitHiddenPropertiesInQuery", boolean | null},
    Key{"maxDepthOfQuery", number | null},
    Key{"maxDepthOfData", number | null},
    Key{"aclErrorStatus", number},
    Key{"defaultPermission", text},
    Key{"ownerRelations", boolean | list},
    Key{"validateUpsert", boolean},
    Key{"validateUpdate", boolean},
    Key{"automaticValidation", boolean},
    Key{"strictDelete", boolean},
    Key{"persistUndefinedAsNull", boolean},
    Key{"strictObjectIDCoercion", any, only_known},
    Key{"listCounts", boolean},
    Key{"updateOnLoad", any, only_known},
    Key{"applyDefaultsOnReads", boolean},
    Key{"strictEmbeddedModels", any, only_known},
    Key{"allowExtendedOperators", any, only_known},
    Key{"configureModelMerge", any, only_known},
    Key{"mergePolicy", any, only_known},
    Key{"trackChanges", any, only_known},
    Key{"enableRemoteReplication", any, only_known},
    Key{"changeDataSource", any, only_known},
    Key{"inqLimit", any, only_known},
    Key{"normalizeUndefinedInQuery", any, only_known},
    Key{"injectOptionsFromRemoteContext", any, only_known},
    Key{"hideInternalProperties", any, only_known},
    Key{"models", any, only_known},
});

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

constexpr auto of_property = with_connectors(std::array{
    Key{"type", text | list | object},
    Key{"required", boolean | object, acted_on, of_constraint},
    Key{"default"},
    Key{"defaultFn", text},
    Key{"id", boolean | number},
    Key{"generated", boolean},
    Key{"index", boolean | object | text, acted_on, of_property_index},
    Key{"unique", boolean | object, acted_on, of_constraint},
    Key{"updateOnly", boolean},
    Key{"description", text | list},
    Key{"doc", text | list},
    Key{"acls", list},
    Key{"sqlite3", object, acted_on, of_column},
    Key{"postgresql", object, acted_on, of_column},
    Key{"length", any, only_known},
    Key{"limit", any, only_known},
    Key{"precision", any, only_known},
    Key{"scale", any, only_known},
    Key{"null", any, only_known},
    Key{"useDefaultIdType", any, only_known},
    Key{"applyDefaultOnWrites", boolean},
    Key{"persistDefaultValues", boolean},
    Key{"ttl", any, only_known},
    Key{"trim", any, only_known},
    Key{"lowercase", any, only_known},
    Key{"uppercase", any, only_known},
    Key{"comments", any, only_known},
    Key{"jsonSchema", any, only_known},
    Key{"memory", any, only_known},
});

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
    Key{"polymorphic", any, acted_on, of_polymorphic},
    Key{"scope", object},
    Key{"options", object},
    Key{"http", any, only_known},
    Key{"as", any, only_known},
    Key{"properties", object | list},
    Key{"default", boolean | object | list},
    Key{"invert", boolean},
    Key{"invertProperties", any, only_known},
    Key{"methods", any, only_known},
    Key{"scopeMethods", any, only_known},
    Key{"where", any, only_known},
    Key{"order", any, only_known},
};

constexpr std::array of_relation_option{
    Key{"disableInclude", boolean},    Key{"nestRemoting", boolean},
    Key{"validate", boolean},          Key{"forceId", boolean},
    Key{"persistent", boolean},        Key{"prepend", boolean},
    Key{"belongsTo", any, only_known}, Key{"embedsProperties", any, only_known},
    Key{"invertProperties", boolean},  Key{"omitDefaultEmbeddedItem", boolean},
    Key{"property", any, only_known},  Key{"http", object, acted_on, of_relation_http},
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
    Key{"http", object | text, acted_on, of_argument_http},
    Key{"default"},
    Key{"description", text | list},
    Key{"documented", boolean, only_known},
    Key{"notes", any, only_known},
    Key{"model", any, only_known},
    Key{"format", any, only_known},
    Key{"allowArray", boolean},
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

}  // namespace

bool is_of(Located const& value, unsigned wanted) { return (kind_of(value) & wanted) != 0; }

bool require_kind(Located const& value, unsigned wanted, std::string_view name, Findings& findings) {
    if (is_of(value, wanted)) return true;
    findings.mistake(value.place, fmt::format("\"{}\" must be {}", name, in_words(wanted)),
                     std::string{hint_for_kind(kind_of(value), wanted)});
    return false;
}

std::string hint_for_key(std::string_view name, std::span<Key const> keys) {
    std::vector<std::string> all;
    std::vector<std::string> useful;
    for (auto const& key : keys) {
        all.emplace_back(key.name);
        if (key.use == acted_on) useful.emplace_back(key.name);
    }
    auto hint = did_you_mean(name, all);
    if (!hint.empty()) return hint;
    constexpr std::size_t shortest = 3;
    auto const cut_short = std::ranges::find_if(all, [&](auto const& key) { return key.starts_with(name); });
    if (name.size() >= shortest && cut_short != all.end()) return fmt::format("did you mean \"{}\"?", *cut_short);
    constexpr std::size_t at_a_glance = 8;
    return useful.empty() || useful.size() > at_a_glance ? "take it out: LoopBack knows no such key"
                                                         : "the keys here are " + one_of(useful);
}

void check_keys(Located const& located, std::span<Key const> keys, std::string_view what, Findings& findings) {
    if (!located.is_object()) {
        findings.mistake(located.place, fmt::format("{} must be an object", what), "write { ... }");
        return;
    }
    for (auto const& member : located.members) {
        auto const key = std::ranges::find(keys, member.name, &Key::name);
        if (key == keys.end()) {
            findings.mistake(member.place, fmt::format("unknown key \"{}\" in {}", member.name, what),
                             hint_for_key(member.name, keys));
        } else if (key->use == only_known) {
            findings.note(member.place,
                          fmt::format("\"{}\" is known to LoopBack, but has no effect here", member.name));
        } else if (require_kind(member.value, key->kinds, member.name, findings) && !key->below.empty() &&
                   member.value.is_object()) {
            check_keys(member.value, key->below, fmt::format("\"{}\"", member.name), findings);
        }
    }
}

void check_depths(Located const& located, Findings& findings) {
    for (auto const* name : {"maxDepthOfQuery", "maxDepthOfData"}) {
        auto const* depth = located.find(name);
        if (!depth || !depth->value.is_number()) continue;
        auto const levels = depth->value.as_number();
        if (levels < 1 || levels != std::trunc(levels)) {
            findings.mistake(depth->place, fmt::format("\"{}\" must be a whole number from 1", name),
                             "LoopBack's own are 12 for queries and 32 for data");
        } else if (levels > deepest) {
            findings.note(depth->place, fmt::format("\"{}\" acts as {}: nothing deeper is read", name, deepest));
        }
    }
}

void check_lives(Located const& located, Findings& findings) {
    struct Life {
        std::string_view name;
        double most;  // seconds
        std::string_view usual;
    };
    constexpr double year = 31'556'926;
    for (auto const& [name, most, usual] : {Life{"ttl", year, "86400 is a day"}, Life{"maxTTL", year, "86400 is a day"},
                                            Life{"resetPasswordTokenTTL", 86'400, "900 is usual"}}) {
        auto const* life = located.find(name);
        if (!life || !life->value.is_number()) continue;
        auto const seconds = life->value.as_number();
        if (seconds >= 1 && seconds <= most && seconds == std::trunc(seconds)) continue;
        auto const* eternal = located.find("allowEternalTokens");
        if (seconds == -1 && most == year && eternal && eternal->value == Json{true}) continue;
        findings.mistake(life->place, fmt::format("\"{}\" is a number of seconds, 1 to {:.0f}", name, most),
                         std::string{usual});
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

std::span<Key const> index_keys() { return of_index; }

}  // namespace sallyport::definition

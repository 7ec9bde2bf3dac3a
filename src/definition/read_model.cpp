// LoopBack merges the settings of a model over those of its base, key by key, and only then reads them. So do we: each
// key has its own way to combine.

#include "definition/read_model.hpp"

#include "definition/known_keys.hpp"
#include "definition/plural.hpp"
#include "definition/read_method.hpp"
#include "definition/read_relation.hpp"
#include "definition/read_rule.hpp"

#include <fmt/format.h>
#include <re2/re2.h>

#include <algorithm>
#include <array>

namespace sallyport::definition {
namespace {

/// Keys that have a member of Model; all others are settings.
constexpr std::array read_elsewhere{"name",
                                    "plural",
                                    "description",
                                    "base",
                                    "http",
                                    "idInjection",
                                    "forceId",
                                    "strict",
                                    "options",
                                    "properties",
                                    "relations",
                                    "acls",
                                    "methods",
                                    "validations",
                                    "mixins",
                                    "scope",
                                    "scopes",
                                    "indexes",
                                    "hidden",
                                    "hiddenProperties",
                                    "protected",
                                    "protectedProperties",
                                    "excludeBaseProperties"};

bool is_setting(std::string_view name) { return std::ranges::find(read_elsewhere, name) == read_elsewhere.end(); }

/// What "options" says wins over the same key beside it.
Located with_options(Located const& file) {
    auto flat = file;
    auto const* options = file.find("options");
    if (!options) return flat;
    for (auto const& member : options->members) flat.set(member);
    return flat;
}

void merge_into(Json& target, Json const& change) {
    if (!target.is_object() || !change.is_object()) {
        target = change;
        return;
    }
    for (auto const& [name, value] : change.as_object()) merge_into(target[name], value);
}

std::string lines(Located const& text) {
    if (text.is_string()) return text.value.as_string();
    std::string joined;
    for (auto const& item : text.items) joined += (joined.empty() ? "" : "\n") + to_display(item.value);
    return joined;
}

void add_new(std::vector<std::string>& names, std::string const& name) {
    if (std::ranges::find(names, name) == names.end()) names.push_back(name);
}

class ModelReader {
public:
    ModelReader(Draft& draft, Findings& findings) : draft_{draft}, model_{draft.model}, findings_{findings} {}

    void read(Located const& file, Draft const* base) {
        auto const flat = with_options(file);
        check_keys(file, model_keys(), "a model", findings_);
        if (auto const* options = file.find("options")) check_keys(*options, model_keys(), "\"options\"", findings_);
        start(flat, base);
        read_properties(flat, base);
        add_id(flat);
        read_identity(flat);
        read_strict(flat);
        read_parts(flat);
        read_settings(flat);
    }

    void read_settings(Located const& flat) {
        for (auto const& member : flat.members) {
            if (is_setting(member.name)) merge_into(model_.settings[member.name], member.value.json());
        }
        check_depths(flat, findings_);
        check_lives(flat, findings_);
        if (auto const* permission = flat.find("defaultPermission")) {
            static std::vector<std::string> const words{"ALLOW", "DENY"};
            require_word(*permission, words, "default permission", findings_);
        }
        if (auto const* remoting = flat.find("remoting")) read_remoting(*remoting);
    }

    /// Rules, relations, methods, scopes and lists: those of a base stay, and ours join them.
    void read_parts(Located const& flat) {
        read_rules(flat);
        for (auto const& member : members_of(flat, "relations")) patch(draft_.relations, member);
        for (auto const& member : members_of(flat, "mixins")) patch(draft_.mixins, member);
        for (auto const& member : members_of(flat, "methods")) read_one_method(member);
        read_validations(flat);
        read_scopes(flat);
        for (auto const& member : members_of(flat, "indexes")) read_index(member);
        read_names(flat, "hidden", draft_.hidden_names);
        read_names(flat, "hiddenProperties", draft_.hidden_names);
        read_names(flat, "protected", draft_.protected_names);
        read_names(flat, "protectedProperties", draft_.protected_names);
    }

    void read_strict(Located const& flat) {
        auto const* strict = flat.find("strict");
        if (!strict) return;
        if (strict->value.is_boolean()) {
            model_.strict = strict->value.as_boolean() ? Strict::validate : Strict::off;
            return;
        }
        static std::vector<std::string> const words{"filter", "validate", "throw"};
        if (!require_word(*strict, words, "strict mode", findings_)) return;
        model_.strict = strict->value.as_string() == "filter" ? Strict::filter : Strict::validate;
    }

    void read_one_method(LocatedMember const& member) {
        auto method = read_method(member, draft_.mentions, findings_);
        auto const same = std::ranges::find(model_.methods, method.name, &MethodSpec::name);
        if (same == model_.methods.end()) {
            model_.methods.push_back(std::move(method));
        } else {
            *same = std::move(method);
        }
    }

    /// Of model-config.json, a relation is laid over one of the same name key by key.
    void patch_relation(LocatedMember const& member) {
        auto const known = std::ranges::find(draft_.relations, member.name, &LocatedMember::name);
        if (known == draft_.relations.end() || !member.value.is_object()) {
            patch(draft_.relations, member);
            return;
        }
        for (auto const& key : member.value.members) known->value.set(key);
        known->place = member.place;
    }

    /// LoopBack's model-config replaces a rule that names the same property, access and principal.
    void add_rule(Located const& located, bool replaces) {
        auto rule = read_rule(located, model_.name, findings_);
        mention_methods(located, rule);
        auto const* id = located.find("principalId");
        if (rule.principal_type == "ROLE" && rule.principal_id == "$owner") draft_.owners.push_back(id->place);
        static std::vector<std::string> const fixed{"ROLE", "USER", "APP"};
        if (std::ranges::find(fixed, rule.principal_type) == fixed.end()) {
            auto const* type = located.find("principalType");
            draft_.principals.push_back({.name = rule.principal_type, .place = type->place});
        }
        auto const same = std::ranges::find_if(model_.rules, [&](Rule const& other) {
            return other.properties == rule.properties && other.access_type == rule.access_type &&
                   other.principal_type == rule.principal_type && other.principal_id == rule.principal_id;
        });
        if (replaces && same != model_.rules.end()) {
            *same = std::move(rule);
        } else {
            model_.rules.push_back(std::move(rule));
        }
    }

private:
    static std::vector<LocatedMember> const& members_of(Located const& flat, std::string_view name) {
        static std::vector<LocatedMember> const none;
        auto const* found = flat.find(name);
        return found ? found->members : none;
    }

    static void patch(std::vector<LocatedMember>& members, LocatedMember const& member) {
        auto const known = std::ranges::find(members, member.name, &LocatedMember::name);
        if (known == members.end()) {
            members.push_back(member);
        } else {
            *known = member;
        }
    }

    void mention_methods(Located const& located, Rule const& rule) {
        auto const* property = located.find("property");
        if (!property) return;
        auto const says =
            fmt::format("{} {} {} {}", rule.permission, rule.access_type, rule.principal_type, rule.principal_id);
        auto const add = [&](Located const& name) {
            if (name.is_string())
                draft_.methods.push_back({MethodMention::By::rule, name.value.as_string(), name.place, says});
        };
        add(*property);
        std::ranges::for_each(property->items, add);
    }

    void start(Located const& flat, Draft const* base) {
        if (base) {
            draft_ = *base;
            draft_.hidden.clear();
            draft_.mentions.clear();
            draft_.principals.clear();
            draft_.owners.clear();
            draft_.methods.clear();
            draft_.indexes.clear();
            draft_.is_built_in = false;
            model_.bases.insert(model_.bases.begin(), base->model.name);
        }
        model_.name = flat.text("name");
        if (!model_.settings.is_object()) model_.settings = Json::object();
        auto const* name = flat.find("name");
        draft_.place = name ? name->place : flat.place;
        if (auto const* description = flat.find("description")) model_.description = lines(*description);
    }

    void read_properties(Located const& flat, Draft const* base) {
        model_.properties.clear();
        auto has_own_id = false;
        for (auto const& member : members_of(flat, "properties")) {
            if (is_dropped(member)) continue;
            model_.properties.push_back(read_property(member, draft_.mentions, findings_));
            has_own_id = has_own_id || model_.properties.back().is_id;
            if (auto const* rules = member.value.find("acls")) read_property_rules(member.name, *rules);
        }
        if (!base) return;
        auto const* excluded = flat.find("excludeBaseProperties");
        for (auto const& property : base->model.properties) {
            auto const& written = members_of(flat, "properties");
            auto const is_overridden = std::ranges::find(written, property.name, &LocatedMember::name) != written.end();
            auto const is_excluded = excluded && std::ranges::any_of(excluded->items, [&](Located const& item) {
                                         return item.is_string() && item.value.as_string() == property.name;
                                     });
            if (is_overridden || is_excluded || (has_own_id && property.is_id)) continue;
            model_.properties.push_back(property);
        }
    }

    static bool is_dropped(LocatedMember const& member) {
        auto const& value = member.value.value;
        return value.is_null() || (value.is_boolean() && !value.as_boolean());
    }

    void read_property_rules(std::string const& property, Located const& rules) {
        for (auto const& item : rules.items) {
            auto rule = read_rule(item, model_.name, findings_);
            rule.properties = {property};
            model_.rules.push_back(std::move(rule));
        }
    }

    void add_id(Located const& flat) {
        auto const ids = std::ranges::count_if(model_.properties, &Property::is_id);
        if (ids > 1)
            findings_.mistake(draft_.place, fmt::format("\"{}\" has {} id properties", model_.name, ids),
                              "ids of several properties are not supported");
        if (ids == 0 && flat.flag("idInjection", true)) {
            Property id;
            id.name = "id";
            id.type.kind = PropertyType::Kind::number;
            id.is_id = true;
            id.is_generated = true;
            model_.properties.push_back(std::move(id));
        }
        auto const* id = model_.id();
        auto const* forced = flat.find("forceId");
        auto const is_true =
            forced && is_truthy(forced->json()) && !(forced->is_string() && forced->value.as_string() == "auto");
        auto const is_false = forced && !is_truthy(forced->json());
        if (forced) model_.settings["forceId"] = forced->json();
        auto const inherited = model_.settings.as_object().find("forceId");
        auto const base_says_no = !forced && inherited && inherited->is_boolean() && !inherited->as_boolean();
        model_.force_id = id && (id->is_generated ? !is_false && !base_says_no : is_true);
        for (auto& property : model_.properties) {
            if (property.is_id) property.is_update_only = model_.force_id;
        }
    }

    void read_identity(Located const& flat) {
        if (auto own = flat.text("plural"); !own.empty()) draft_.own_plural = own;
        auto const* http = flat.find("http");
        if (http && !http->text("path").empty()) draft_.own_path = http->text("path");
        model_.plural = draft_.own_plural.empty() ? plural(model_.name) : draft_.own_plural;
        model_.http_path = draft_.own_path.empty() ? model_.plural : draft_.own_path;
        if (!model_.http_path.starts_with('/')) model_.http_path.insert(0, "/");
    }

    void read_rules(Located const& flat) {
        auto const* rules = flat.find("acls");
        if (!rules) return;
        for (auto const& item : rules->items) add_rule(item, false);
    }

    void read_validations(Located const& flat) {
        auto const* validations = flat.find("validations");
        if (!validations) return;
        for (auto const& item : validations->items) {
            if (auto validation = read_validation(item)) model_.validations.push_back(std::move(*validation));
        }
    }

    std::optional<Validation> read_validation(Located const& located) {
        static std::vector<std::string> const types{"presence",  "absence",   "length", "numericality",
                                                    "inclusion", "exclusion", "format", "uniqueness"};
        check_keys(located, validation_keys(), "a validation", findings_);
        auto const* type = located.find("type");
        auto const* property = located.find("property");
        if (!type || !property) {
            findings_.mistake(located.place, "a validation needs \"property\" and \"type\"",
                              R"(for example {"property": "name", "type": "presence"})");
            return std::nullopt;
        }
        if (!require_word(*type, types, "validation", findings_) || !property->is_string()) return std::nullopt;
        Validation validation{
            .property = property->value.as_string(), .type = type->value.as_string(), .options = located.json()};
        check_validation(located, validation, *property);
        return validation;
    }

    void check_validation(Located const& located, Validation const& validation, Located const& property) {
        if (!model_.property(validation.property)) {
            auto hint = did_you_mean(validation.property, property_names(model_));
            findings_.mistake(property.place,
                              fmt::format("\"{}\" has no property \"{}\"", model_.name, validation.property),
                              hint.empty() ? "declare it under \"properties\"" : hint);
        }
        auto const needs_list = validation.type == "inclusion" || validation.type == "exclusion";
        if (needs_list && !located.find("in"))
            findings_.mistake(located.place, fmt::format("\"{}\" needs \"in\", the list of values", validation.type),
                              R"(for example "in": ["red", "green"])");
        if (validation.type != "format") return;
        auto const* pattern = located.find("with");
        if (!pattern || !pattern->is_string()) {
            findings_.mistake(located.place, "\"format\" needs \"with\", a regular expression",
                              R"(for example "with": "^[a-z]+$")");
            return;
        }
        RE2 const expression{pattern->value.as_string(), RE2::Quiet};
        if (!expression.ok())
            findings_.mistake(pattern->place,
                              fmt::format("this regular expression cannot be read: {}", expression.error()),
                              "expressions are RE2's: no lookahead, no references back");
    }

    void read_scopes(Located const& flat) {
        if (auto const* scope = flat.find("scope")) {
            check_filter(*scope, "\"scope\"", findings_);
            if (!model_.default_scope.is_object()) model_.default_scope = Json::object();
            merge_into(model_.default_scope, scope->json());
        }
        for (auto const& member : members_of(flat, "scopes")) {
            check_filter(member.value, fmt::format("the scope \"{}\"", member.name), findings_);
            model_.scopes.set(member.name, member.value.json());
        }
    }

    void read_index(LocatedMember const& member) {
        patch(draft_.indexes, member);
        auto value = member.value.json();
        auto const same = std::ranges::find(model_.indexes, member.name, [](auto const& pair) { return pair.first; });
        if (same == model_.indexes.end()) {
            model_.indexes.emplace_back(member.name, std::move(value));
        } else {
            same->second = std::move(value);
        }
    }

    /// A list of names, or an object of name: true.
    void read_names(Located const& flat, std::string_view key, std::vector<std::string>& names) {
        auto const* found = flat.find(key);
        if (!found) return;
        for (auto const& item : found->items) {
            if (!require_kind(item, kinds::text, key, findings_)) continue;
            add_new(names, item.value.as_string());
            draft_.hidden.push_back(item);
        }
        for (auto const& member : found->members) {
            if (!is_truthy(member.value.json())) continue;
            add_new(names, member.name);
            draft_.hidden.push_back({.value = Json{member.name}, .place = member.place, .items = {}, .members = {}});
        }
    }

    void read_remoting(Located const& remoting) {
        if (!remoting.is_object()) return;
        for (auto const& member : members_of(remoting, "sharedMethods")) {
            if (!require_kind(member.value, kinds::boolean, member.name, findings_)) continue;
            std::erase_if(model_.shared_methods, [&](auto const& pair) { return pair.first == member.name; });
            model_.shared_methods.emplace_back(member.name, member.value.value.as_boolean());
            draft_.methods.push_back({MethodMention::By::shared_methods, member.name, member.place});
        }
    }

    Draft& draft_;
    Model& model_;
    Findings& findings_;
};

}  // namespace

std::vector<std::string> names_of(Drafts const& drafts) {
    std::vector<std::string> names;
    for (auto const& [name, draft] : drafts) names.push_back(name);
    return names;
}

std::string base_of(Located const& file) {
    auto base = file.text("base");
    auto const* options = file.find("options");
    if (options && !options->text("base").empty()) base = options->text("base");
    return base.empty() ? "PersistedModel" : base;
}

Draft read_model(Located const& file, Draft const* base, Findings& findings) {
    Draft draft;
    ModelReader{draft, findings}.read(file, base);
    return draft;
}

void configure(Draft& draft, LocatedMember const& entry, Findings& findings) {
    auto const& config = entry.value;
    check_keys(config, model_config_keys(), fmt::format("the entry of \"{}\"", entry.name), findings);
    ModelReader reader{draft, findings};
    draft.model.data_source = config.text("dataSource");
    draft.model.is_public = config.flag("public", true);
    if (!config.find("dataSource")) {
        findings.note(entry.place, fmt::format("\"{}\" has no \"dataSource\", so nothing of it is kept", entry.name),
                      "write null if that is meant");
    }
    if (auto const* options = config.find("options")) {
        check_keys(*options, model_keys(), "\"options\"", findings);
        auto flat = *options;
        std::erase_if(flat.members,
                      [](LocatedMember const& member) { return member.name == "relations" || member.name == "acls"; });
        reader.read_strict(flat);
        reader.read_settings(flat);
        reader.read_parts(flat);
    }
    if (auto const* relations = config.find("relations")) {
        for (auto const& member : relations->members) reader.patch_relation(member);
    }
    if (auto const* rules = config.find("acls")) {
        for (auto const& item : rules->items) reader.add_rule(item, true);
    }
    if (auto const* methods = config.find("methods")) {
        for (auto const& member : methods->members) reader.read_one_method(member);
    }
    if (auto const* scopes = config.find("scopes")) {
        for (auto const& member : scopes->members) draft.model.scopes.set(member.name, member.value.json());
    }
}

}  // namespace sallyport::definition

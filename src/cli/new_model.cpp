#include "cli/new_model.hpp"

#include "cli/json_text.hpp"
#include "cli/project_edit.hpp"
#include "definition/plural.hpp"
#include "definition/read_rule.hpp"
#include "sallyport/ascii.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <stdexcept>

namespace sallyport::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view config_file = "server/model-config.json";

using definition::Project;

std::vector<std::string> split(std::string const& text) {
    std::vector<std::string> parts;
    std::size_t start = 0;
    for (auto colon = text.find(':'); colon != std::string::npos; colon = text.find(':', start)) {
        parts.push_back(text.substr(start, colon - start));
        start = colon + 1;
    }
    parts.push_back(text.substr(start));
    return parts;
}

bool is_name(std::string_view text) {
    return !text.empty() &&
           std::ranges::all_of(text, [](char c) { return is_letter_or_digit(c) || c == '_' || c == '-'; });
}

JsonObject properties_of(NewModel const& wanted) {
    JsonObject properties;
    for (auto const& text : wanted.properties) {
        auto const parts = split(text);
        auto const is_good = (parts.size() == 2 || (parts.size() == 3 && parts[2] == "required")) &&
                             is_name(parts[0]) && !parts[1].empty();
        if (!is_good)
            throw std::runtime_error{fmt::format(
                "\"{}\" is no property\n  hint: write name:type or name:type:required, as in mobile:string", text)};
        JsonObject property{{"type", property_type(parts[1])}};
        if (parts.size() == 3) property.set("required", Json{true});
        properties.set(parts[0], Json{std::move(property)});
    }
    return properties;
}

JsonObject relations_of(NewModel const& wanted) {
    JsonObject relations;
    for (auto const& text : wanted.relations) {
        auto const parts = split(text);
        if (parts.size() < 3 || parts.size() > 4 || !is_name(parts[0])) {
            throw std::runtime_error{fmt::format(
                "\"{}\" is no relation\n  hint: write name:type:Model, as in customer:belongsTo:Customer", text)};
        }
        JsonObject relation{{"type", Json{parts[1]}}, {"model", Json{parts[2]}}};
        if (parts.size() == 4) relation.set("foreignKey", Json{parts[3]});
        relations.set(parts[0], Json{std::move(relation)});
    }
    return relations;
}

JsonArray rules_of(NewModel const& wanted) {
    JsonArray rules;
    for (auto const& text : wanted.allow) {
        auto const colon = text.find(':');
        refuse_bare_role(text.substr(0, colon));
        auto const access = colon == std::string::npos ? "*" : text.substr(colon + 1);
        rules.push_back(Json{JsonObject{{"accessType", Json{access}},
                                        {"principalType", Json{"ROLE"}},
                                        {"principalId", Json{text.substr(0, colon)}},
                                        {"permission", Json{"ALLOW"}}}});
    }
    return rules;
}

bool has_mobile(Project const& project, NewModel const& wanted, JsonObject const& properties) {
    auto const* base = project.models.find(wanted.base);
    return properties.contains("mobile") || (base && base->property("mobile"));
}

JsonObject mixins_of(Project const& project, NewModel const& wanted, JsonObject const& properties) {
    JsonObject mixins;
    for (auto const& name : wanted.mixins) {
        if (name != "TwoFactor") {
            mixins.set(name, Json{true});
            continue;
        }
        JsonObject options{{"channels", Json{JsonArray{Json{"console"}}}}};
        if (has_mobile(project, wanted, properties)) options.set("phone", Json{"mobile"});
        mixins.set(name, Json{std::move(options)});
    }
    return mixins;
}

Json model_json(Project const& project, NewModel const& wanted) {
    JsonObject model{{"name", Json{wanted.name}}};
    if (!wanted.plural.empty()) model.set("plural", Json{wanted.plural});
    model.set("base", Json{wanted.base});
    auto properties = properties_of(wanted);
    auto mixins = mixins_of(project, wanted, properties);
    model.set("properties", Json{std::move(properties)});
    if (!mixins.empty()) model.set("mixins", Json{std::move(mixins)});
    model.set("validations", Json::array());
    model.set("relations", Json{relations_of(wanted)});
    model.set("acls", Json{rules_of(wanted)});
    model.set("methods", Json::object());
    return Json{std::move(model)};
}

Json data_source_of(Project const& project, NewModel const& wanted) {
    if (wanted.data_source) return *wanted.data_source == "none" ? Json{nullptr} : Json{*wanted.data_source};
    for (auto const& source : project.data_sources) {
        if (source.connector != "mail" && source.connector != "sms" && source.connector != "transient")
            return Json{source.name};
    }
    return Json{nullptr};
}

// Without a place for their tokens nobody of a user model could log in.
bool needs_tokens(Project const& project, NewModel const& wanted, JsonObject const& entry) {
    auto const* base = project.models.find(wanted.base);
    return base != nullptr && base->is("User") && entry.find("dataSource")->is_string() &&
           std::ranges::none_of(project.models.all(), [](auto const& known) {
               return known.second.is("AccessToken") && !known.second.data_source.empty();
           });
}

}  // namespace

void refuse_bare_role(std::string const& role) {
    if (!definition::is_without_dollar(role)) return;
    throw std::runtime_error{
        fmt::format("nobody has a role \"{0}\"\n  hint: did you mean '${0}'? The quotes keep it from the shell", role)};
}

Json property_type(std::string const& type) {
    if (type.starts_with('[') && type.ends_with(']')) return Json{JsonArray{Json{type.substr(1, type.size() - 2)}}};
    return Json{type};
}

WrittenModel write_model(fs::path const& folder, NewModel const& wanted) {
    if (!is_name(wanted.name) || std::isalpha(static_cast<unsigned char>(wanted.name.front())) == 0) {
        throw std::runtime_error{fmt::format(
            "\"{}\" is no name for a model\n  hint: letters, digits, \"-\" and \"_\", as in Employee", wanted.name)};
    }
    ProjectEdit edit{folder};
    auto const config = edit.read(config_file);
    auto const& before = edit.before();
    auto const name = fmt::format("common/models/{}.json", definition::dashed(wanted.name));
    if (before.models.find(wanted.name) || fs::exists(folder / name)) {
        throw std::runtime_error{fmt::format("there is a model \"{}\" already\n  hint: see {}", wanted.name, name)};
    }
    JsonObject const entry{{"dataSource", data_source_of(before, wanted)}, {"public", Json{wanted.is_public}}};
    edit.write(name, pretty(model_json(before, wanted)));
    auto changed = with_member(config, wanted.name, Json{entry});
    if (needs_tokens(before, wanted, entry) && !parse_json(config).as_object().contains("AccessToken")) {
        JsonObject const tokens{{"dataSource", *entry.find("dataSource")}, {"public", Json{false}}};
        changed = with_member(changed, "AccessToken", Json{tokens});
    }
    edit.write(config_file, changed);
    auto const after = edit.apply();
    auto const* written = after.models.find(wanted.name);
    auto const is_reachable =
        written && std::ranges::any_of(written->rules, [](auto const& rule) { return rule.permission == "ALLOW"; });
    return {.file = name, .is_reachable = is_reachable};
}

}  // namespace sallyport::cli

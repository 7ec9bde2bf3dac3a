#include "cli/generators.hpp"

#include "cli/json_text.hpp"
#include "cli/new_model.hpp"
#include "cli/project_edit.hpp"
#include "definition/finding.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <optional>
#include <vector>

namespace sallyport::cli {
namespace {

namespace fs = std::filesystem;

std::optional<Json> json_of(fs::path const& file) {
    std::ifstream in{file, std::ios::binary};
    std::string const text{std::istreambuf_iterator<char>{in}, {}};
    try {
        return parse_json(text);
    } catch (JsonError const&) {
        return std::nullopt;  // `check` tells of it.
    }
}

/// The file that defines a model, relative to the folder.
fs::path file_of(fs::path const& folder, definition::Project const& project, std::string const& model) {
    for (auto const* place : {"common/models", "server/models"}) {
        if (!fs::is_directory(folder / place)) continue;
        for (auto const& entry : fs::directory_iterator{folder / place}) {
            if (entry.path().extension() != ".json") continue;
            auto const json = json_of(entry.path());
            if (json && json->is_object() && (*json)["name"] == Json{model})
                return fs::path{place} / entry.path().filename();
        }
    }
    std::vector<std::string> names;
    for (auto const& [name, known] : project.models.all()) names.push_back(name);
    auto const hint = definition::did_you_mean(model, names);
    throw std::runtime_error{
        project.models.find(model) != nullptr
            ? fmt::format("\"{0}\" is built in\n  hint: sallyport model My{0} --base {0} makes one to add to", model)
            : fmt::format("there is no model \"{}\"\n  hint: {}", model,
                          hint.empty() ? "sallyport model makes one" : hint)};
}

void refuse_existing(Json const& members, std::string const& name, std::string_view what, fs::path const& file) {
    if (members.is_object() && members.as_object().contains(name))
        throw std::runtime_error{
            fmt::format("there is a {} \"{}\" already\n  hint: see {}", what, name, file.string())};
}

/// A member of a model's `section`, which holds a `what` by each name.
fs::path add_to_model(fs::path const& folder, std::string const& model, std::string const& section,
                      std::string_view what, std::string const& name, JsonObject value) {
    ProjectEdit edit{folder};
    auto const file = file_of(folder, edit.before(), model);
    auto const text = edit.read(file);
    refuse_existing(parse_json(text)[section], name, what, file);
    edit.write(file, with_member_at(text, {&section, 1}, name, Json{std::move(value)}));
    edit.apply();
    return file;
}

// "12" is a number and "true" a truth value, as JSON has it; what is no JSON is a text.
Json value_of(std::string const& text) {
    try {
        return parse_json(text);
    } catch (JsonError const&) {
        return Json{text};
    }
}

}  // namespace

fs::path add_property(fs::path const& folder, NewProperty const& wanted) {
    JsonObject property{{"type", property_type(wanted.type)}};
    if (wanted.is_required) property.set("required", true);
    if (!wanted.default_value.empty()) property.set("default", value_of(wanted.default_value));
    return add_to_model(folder, wanted.model, "properties", "property", wanted.name, std::move(property));
}

fs::path add_relation(fs::path const& folder, NewRelation const& wanted) {
    JsonObject relation{{"type", wanted.type}};
    auto const add = [&](std::string_view name, std::string const& value) {
        if (!value.empty()) relation.set(name, value);
    };
    add("model", wanted.to);
    add("foreignKey", wanted.foreign_key);
    add("through", wanted.through);
    add("keyThrough", wanted.key_through);
    add("property", wanted.property);
    add("polymorphic", wanted.polymorphic);
    if (wanted.polymorphic == "true") relation.set("polymorphic", true);
    return add_to_model(folder, wanted.model, "relations", "relation", wanted.name, std::move(relation));
}

fs::path add_rule(fs::path const& folder, NewRule const& wanted) {
    refuse_bare_role(wanted.role);
    ProjectEdit edit{folder};
    auto const file = file_of(folder, edit.before(), wanted.model);
    JsonObject rule{{"accessType", wanted.access},
                    {"principalType", "ROLE"},
                    {"principalId", wanted.role},
                    {"permission", wanted.allows ? "ALLOW" : "DENY"}};
    if (!wanted.property.empty()) rule.set("property", wanted.property);
    std::string const path[] = {"acls"};
    edit.write(file, with_element_at(edit.read(file), path, Json{std::move(rule)}));
    edit.apply();
    return file;
}

fs::path add_data_source(fs::path const& folder, NewDataSource const& wanted) {
    fs::path const file = "server/datasources.json";
    ProjectEdit edit{folder};
    auto const text = edit.read(file);
    refuse_existing(parse_json(text), wanted.name, "data source", file);
    JsonObject source{{"name", wanted.name}, {"connector", wanted.connector}};
    if (!wanted.file.empty()) source.set("file", wanted.file);
    if (wanted.connector == "mail") source.set("transports", JsonArray{JsonObject{{"type", "STUB"}}});
    if (wanted.connector == "sms") source.set("gateway", "console");
    edit.write(file, with_member(text, wanted.name, Json{std::move(source)}));
    edit.apply();
    return file;
}

}  // namespace sallyport::cli

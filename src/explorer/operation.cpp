#include "explorer/operation.hpp"

#include "rest/exposure.hpp"
#include "sallyport/ascii.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>
#include <string_view>
#include <utility>

namespace sallyport::explorer {
namespace {

using In = Parameter::In;
using Source = ArgumentSpec::Source;

std::string verb_of(RouteSpec const& route) { return route.verb == "ALL" ? "post" : to_lower(route.verb); }

// "/Notes" and "/:id/orders" are "/Notes/{id}/orders".
std::string template_of(std::string_view model_path, std::string_view path) {
    std::string result{model_path};
    while (!path.empty() && path != "/") {
        path.remove_prefix(1);
        auto const segment = path.substr(0, path.find('/'));
        path.remove_prefix(segment.size());
        result += segment.starts_with(':') ? fmt::format("/{{{}}}", segment.substr(1)) : fmt::format("/{}", segment);
    }
    return result.empty() ? "/" : result;
}

std::vector<std::string> names_in(std::string_view path) {
    std::vector<std::string> names;
    for (auto start = path.find('{'); start != std::string_view::npos; start = path.find('{', start + 1))
        names.emplace_back(path.substr(start + 1, path.find('}', start) - start - 1));
    return names;
}

std::string operation_id(Operation const& operation, std::size_t routes) {
    auto id = fmt::format("{}.{}", operation.model->name, operation.method->name);
    if (routes < 2) return id;
    auto path = operation.path;
    std::ranges::replace(path, '/', '_');
    return fmt::format("{}__{}{}", id, operation.verb, path);
}

// The methods every model has say "object" where they mean a record; for LoopBack's clients the model is named.
std::string record_of(Operation const& operation, ArgumentSpec const& argument) {
    constexpr std::array own{"create",    "patchOrCreate", "replaceOrCreate",          "upsertWithWhere",
                             "updateAll", "replaceById",   "prototype.patchAttributes"};
    if (argument.name != "data" || argument.type.name != "object") return {};
    auto const& name = operation.method->name;
    if (std::ranges::find(own, name) != own.end()) return operation.model->name;
    auto const& returns = operation.method->returns;
    auto const is_relation = name.starts_with("prototype.__") || name.starts_with("__");
    return is_relation && returns.size() == 1 ? returns.front().type.name : std::string{};
}

In place_of(ArgumentSpec const& argument, Operation const& operation) {
    switch (argument.source) {
        case Source::path:
            return In::path;
        case Source::query:
            return In::query;
        case Source::body:
            return In::body;
        case Source::form:
            return In::form;
        case Source::header:
            return In::header;
        case Source::options:
        case Source::none:
        case Source::unspecified:
            break;
    }
    auto const has_body = operation.verb == "post" || operation.verb == "put" || operation.verb == "patch";
    return has_body ? In::form : In::query;
}

void add_parameters(Operation& operation) {
    auto const in_path = names_in(operation.path);
    auto const& accepts = operation.method->accepts;
    for (auto const& name : in_path) {
        if (std::ranges::find(accepts, name, &ArgumentSpec::name) != accepts.end()) continue;
        operation.parameters.push_back({.name = name,
                                        .type = {},
                                        .in = In::path,
                                        .is_required = true,
                                        .description = operation.model->name + " id",
                                        .default_value = {},
                                        .record = {}});
    }
    for (auto const& argument : accepts) {
        if (argument.source == Source::options || argument.source == Source::none) continue;
        auto const is_in_path = std::ranges::find(in_path, argument.name) != in_path.end();
        if (argument.source == Source::path && !is_in_path) continue;
        operation.parameters.push_back({.name = argument.name,
                                        .type = argument.type,
                                        .in = is_in_path ? In::path : place_of(argument, operation),
                                        .is_required = argument.required || is_in_path,
                                        .allows_array = argument.allows_array,
                                        .description = argument.description,
                                        .default_value = argument.default_value,
                                        .record = record_of(operation, argument)});
    }
    // A body is read once, whole: beside it the other values come from the query.
    if (!operation.has(In::body)) return;
    for (auto& parameter : operation.parameters) {
        if (parameter.in == In::form) parameter.in = In::query;
    }
}

}  // namespace

bool Operation::has(Parameter::In in) const {
    return std::ranges::find(parameters, in, &Parameter::in) != parameters.end();
}

std::vector<Operation> operations(model::Models const& models) {
    std::vector<Operation> found;
    std::set<std::pair<std::string, std::string>> taken;
    for (auto const* model : models.all()) {
        auto const& definition = model->definition();
        if (!definition.is_public) continue;
        for (auto const& entry : model->methods()) {
            if (!entry.spec.documented || !rest::is_exposed(definition, entry.spec)) continue;
            auto const routes = rest::routes_of(definition, entry.spec);
            for (auto const& route : routes) {
                Operation operation{
                    &definition, &entry.spec, verb_of(route), template_of(definition.http_path, route.path), {}, {}};
                if (!taken.emplace(operation.verb, operation.path).second) continue;
                operation.id = operation_id(operation, routes.size());
                add_parameters(operation);
                found.push_back(std::move(operation));
            }
        }
    }
    return found;
}

JsonArray tags_of(std::vector<Operation> const& operations) {
    JsonArray tags;
    definition::Model const* last = nullptr;
    for (auto const& operation : operations) {
        if (std::exchange(last, operation.model) == operation.model) continue;
        JsonObject tag{{"name", operation.model->name}};
        if (!operation.model->description.empty()) tag.append("description", operation.model->description);
        tags.emplace_back(std::move(tag));
    }
    return tags;
}

}  // namespace sallyport::explorer

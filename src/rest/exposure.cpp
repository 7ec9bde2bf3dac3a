#include "rest/exposure.hpp"

#include "definition/method_names.hpp"
#include "definition/plural.hpp"

#include <algorithm>
#include <optional>
#include <string_view>

namespace sallyport::rest {
namespace {

std::optional<bool> setting_of(definition::Model const& model, std::string_view name) {
    auto const& settings = model.shared_methods;
    auto const found = std::ranges::find(settings, name, &std::pair<std::string, bool>::first);
    return found == settings.end() ? std::nullopt : std::optional{found->second};
}

std::string upper(std::string_view text) {
    std::string result{text};
    std::ranges::transform(result, result.begin(),
                           [](char c) { return c >= 'a' && c <= 'z' ? char(c - 'a' + 'A') : c; });
    return result;
}

std::string verb_of(RouteSpec const& route) {
    auto verb = upper(route.verb);
    return verb == "DEL" ? "DELETE" : verb;
}

}  // namespace

bool is_exposed(definition::Model const& model, MethodSpec const& method) {
    if (auto const own = setting_of(model, method.name)) return *own;
    std::string const prefix = method.is_static ? "" : "prototype.";
    for (auto const& alias : method.aliases) {
        if (setting_of(model, prefix + alias) == false) return false;
    }
    auto exposed = method.shared;
    for (auto const& [pattern, value] : model.shared_methods) {
        if (!pattern.contains('*') || !definition::matches_pattern(pattern, method.name)) continue;
        if (!value) return false;  // What one pattern switched off no later one switches on.
        exposed = true;
    }
    return exposed;
}

std::vector<RouteSpec> routes_of(definition::Model const& model, MethodSpec const& method) {
    auto routes = method.http;
    if (routes.empty()) routes.push_back({.verb = "ALL", .path = "/" + std::string{method.short_name()}});
    for (auto& route : routes) {
        route.verb = verb_of(route);
        if (!route.path.starts_with('/')) route.path.insert(0, "/");
        auto const is_below_id = route.path == "/:id" || route.path.starts_with("/:id/");
        if (!method.is_static && !is_below_id) route.path.insert(0, "/:id");
        if (route.path.size() > 1 && route.path.ends_with('/')) route.path.pop_back();
        if (model.normalizes_paths) route.path = definition::normalized_path(route.path);
    }
    return routes;
}

}  // namespace sallyport::rest

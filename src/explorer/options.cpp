#include "explorer/options.hpp"

#include "rest/routes.hpp"

#include <fstream>
#include <sstream>
#include <string_view>

namespace sallyport::explorer {
namespace {

constexpr auto component = "loopback-component-explorer";

std::string text_of(Json const& value, std::string const& otherwise) {
    return value.is_string() && !value.as_string().empty() ? value.as_string() : otherwise;
}

// package.json is npm's file and not ours to judge: what cannot be read says nothing.
Json read_package(std::filesystem::path const& folder) {
    std::ifstream file{folder / "package.json"};
    std::ostringstream text;
    text << file.rdbuf();
    try {
        return parse_json(text.str());
    } catch (JsonError const&) {
        return Json::object();
    }
}

JsonObject info_of(std::filesystem::path const& folder, Json const& options) {
    auto const package = read_package(folder);
    auto const absolute = std::filesystem::weakly_canonical(folder);
    JsonObject info{{"version", text_of(options["version"], text_of(package["version"], "1.0.0"))},
                    {"title", text_of(package["name"], absolute.filename().string())}};
    if (package["description"].is_string()) info.set("description", package["description"]);
    if (options["apiInfo"].is_object()) {
        for (auto const& [name, value] : options["apiInfo"].as_object()) info.set(name, value);
    }
    return info;
}

std::string mount_path_of(Json const& options) {
    auto path = text_of(options["mountPath"], "/explorer");
    if (!path.starts_with('/')) path.insert(0, "/");
    while (path.ends_with('/')) path.pop_back();
    return path;
}

}  // namespace

std::optional<Options> read_options(definition::Project const& project, std::string const& api_root) {
    auto const* written = project.components.find(component);
    if (written == nullptr || !is_truthy(*written)) return std::nullopt;
    auto const& given = *written;
    Options options{.mount_path = mount_path_of(given),
                    .resource_path = text_of(given["resourcePath"], "swagger.json"),
                    .info = info_of(project.folder, given),
                    .base_path = text_of(given["basePath"], api_root),
                    .host = text_of(given["host"], {}),
                    .protocol = text_of(given["protocol"], {}),
                    .consumes = given["consumes"],
                    .produces = given["produces"]};
    while (options.resource_path.starts_with('/')) options.resource_path.erase(0, 1);
    return options;
}

bool is_below_api(Options const& options, std::string const& api_root) {
    return api_root.size() > 1 && rest::below(api_root, options.mount_path).data() != nullptr;
}

}  // namespace sallyport::explorer

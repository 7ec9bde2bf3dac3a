#include "cli/show_config.hpp"

#include "app/project_folder.hpp"
#include "app/settings_in_use.hpp"
#include "definition/finding.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <vector>

namespace sallyport::cli {
namespace {

using app::SettingsInUse;
using definition::SettingInUse;

constexpr std::size_t widest_value = 40;  // A longer one pushes only its own line.

struct WantedSettings {
    std::filesystem::path folder = ".";
    AppSettings settings;
    bool is_json = false;
};

// Whoever looks for a mistake here wants what can be shown all the same.
int tell_mistakes(definition::Project const& project, std::ostream& err) {
    if (!project.has_mistakes()) return 0;
    err << "what rests on these mistakes is not shown:\n";
    for (auto const& finding : project.findings) {
        if (finding.kind == definition::Finding::Kind::mistake) err << to_text(finding) << '\n';
    }
    return 1;
}

std::string setting_text(Json const& value) {
    if (value == Json{app::hidden}) return std::string{app::hidden};
    return value.is_nothing() ? "none" : to_text(value);
}

void print_text(std::vector<SettingsInUse> const& all, std::ostream& out) {
    std::size_t name_width = 0;
    std::size_t value_width = 0;
    for (auto const& [of, settings] : all) {
        for (auto const& [name, value, from] : settings) {
            name_width = std::max(name_width, name.size());
            value_width = std::max(value_width, std::min(widest_value, setting_text(value).size()));
        }
    }
    for (auto const& [of, settings] : all) {
        if (&of != &all.front().of) out << '\n';
        out << of << '\n';
        for (auto const& [name, value, from] : settings)
            out << fmt::format("  {:<{}}  {:<{}}  {}\n", name, name_width, setting_text(value), value_width, from);
    }
}

void print_json(std::vector<SettingsInUse> const& all, std::ostream& out) {
    JsonArray lines;
    for (auto const& [of, settings] : all) {
        for (auto const& [name, value, from] : settings) {
            lines.push_back(JsonObject{
                {"of", of}, {"name", name}, {"value", value.is_undefined() ? Json{nullptr} : value}, {"from", from}});
        }
    }
    out << to_text(lines) << '\n';
}

int show(WantedSettings const& wanted, std::ostream& out, std::ostream& err) {
    auto project = app::load_project(wanted.folder, wanted.settings);
    auto const config = app::read_config(project, wanted.settings);
    auto const all = app::settings_in_use(project, config);
    if (wanted.is_json) {
        print_json(all, out);
    } else {
        print_text(all, out);
    }
    return tell_mistakes(project, err);
}

}  // namespace

void add_show_config(CLI::App& app, Work& work, std::ostream& out, std::ostream& err) {
    auto* verb = add_verb(app, "show-config", "tell each setting and where it came from",
                          "sallyport show-config company --port 8080");
    auto const wanted = std::make_shared<WantedSettings>();
    verb->add_option("DIR", wanted->folder, "the project folder")->capture_default_str();
    add_address(verb, wanted->settings);
    verb->add_flag("--json", wanted->is_json, "for programs: a list of {of, name, value, from}");
    verb->callback([wanted, &work, &out, &err] { work = [wanted, &out, &err] { return show(*wanted, out, err); }; });
}

}  // namespace sallyport::cli

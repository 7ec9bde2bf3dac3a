#include "definition/check_middleware.hpp"

#include "definition/server_keys.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace sallyport::definition {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> const phases{"initial", "session", "auth", "parse", "routes", "files", "final"};

bool is_phase(std::string_view name) {
    for (std::string_view const suffix : {":before", ":after"}) {
        if (name.ends_with(suffix)) name.remove_suffix(suffix.size());
    }
    return std::ranges::find(phases, name) != phases.end();
}

/// The built-in name that was meant: what packages begin with alike, such as "helmet#", makes no name like another.
std::string near_name(std::string const& name, std::vector<std::string> const& known) {
    static constexpr std::string_view component = "loopback-component-";
    auto const start = name.starts_with(component) ? component.size() : name.find('#') + 1;
    std::vector<std::string> rests;
    for (auto const& other : known) {
        if (other.substr(0, start) == name.substr(0, start)) rests.push_back(other.substr(start));
    }
    if (start == 0 || rests.empty()) return did_you_mean(name, known);
    auto const near = closest(name.substr(start), rests);
    return near.empty() ? "" : fmt::format("did you mean \"{}{}\"?", name.substr(0, start), near);
}

/// A name that is not built in: misspelt, or JavaScript that LoopBack would run.
void complain_about_name(LocatedMember const& member, std::string_view what, std::span<BuiltIn const> known,
                         bool ignore_scripts, Findings& findings) {
    auto const near = near_name(member.name, names_of(known));
    if (!near.empty() || !ignore_scripts) {
        auto const hint =
            near.empty()
                ? R"(take it out, or write "ignoreScripts": true into server/config.json once you know what it did)"
                : near;
        findings.mistake(member.place, fmt::format("the {} \"{}\" is not built in", what, member.name), hint);
    } else {
        findings.note(member.place,
                      fmt::format("the {} \"{}\" is not built in, so it does nothing here", what, member.name));
    }
}

bool is_switched_off(Located const& value) {
    return value.value.is_null() || (value.value.is_boolean() && !value.value.as_boolean()) ||
           !value.flag("enabled", true);
}

class Judging {
public:
    Judging(ServerRules const& rules, Findings& findings) : rules_{rules}, findings_{findings} {}

    void middleware(LocatedMember const& member) {
        auto const& value = member.value;
        if (!is_of(value, kinds::object | kinds::list | kinds::null | kinds::boolean)) {
            require_kind(value, kinds::object | kinds::list, member.name, findings_);
            return;
        }
        if (!value.is_array()) {
            entry(member, value);
            return;
        }
        auto const folders =
            std::ranges::count_if(value.items, [](auto const& item) { return !is_switched_off(item); });
        if (member.name == "loopback#static" && folders > 1)
            findings_.mistake(value.place, "only one folder is served", R"(write one { "params": "$!../client" })");
        for (auto const& item : value.items) entry(member, item);
    }

    void component(LocatedMember const& member) {
        if (is_switched_off(member.value)) return;
        auto const* known = find_built_in(built_in_components(), member.name);
        if (!known) {
            complain_about_name(member, "component", built_in_components(), rules_.ignore_scripts, findings_);
        } else if (member.value.is_object()) {
            check_keys(member.value, known->params, fmt::format("\"{}\"", member.name), findings_);
        }
    }

private:
    void entry(LocatedMember const& member, Located const& value) {
        if (!value.value.is_null() && !value.value.is_boolean())
            check_keys(value, middleware_entry_keys(), fmt::format("\"{}\"", member.name), findings_);
        if (is_switched_off(value)) return;
        if (member.name == "loopback#status" || member.name == "loopback#context") {
            findings_.note(member.place,
                           fmt::format("\"{}\" is known to LoopBack, but has no effect here", member.name));
            return;
        }
        auto const* known = find_built_in(built_in_middleware(), member.name);
        if (!known) {
            complain_about_name(member, "middleware", built_in_middleware(), rules_.ignore_scripts, findings_);
        } else if (member.name == "loopback#static") {
            check_folder(member, value.find("params"));
        } else if (auto const* params = value.find("params")) {
            check_params(*known, *params);
        }
    }

    /// Params are what the package's function is called with: one value, or a list of which the first matters.
    void check_params(BuiltIn const& known, Located const& params) {
        auto const& first = params.is_array() && !params.items.empty() ? params.items.front() : params;
        if (!first.is_object()) return;
        check_keys(first, known.params, fmt::format("the params of \"{}\"", known.name), findings_);
        if (known.name == "cors" && rules_.is_strict) note_unsafe_cors(first);
    }

    void note_unsafe_cors(Located const& params) {
        auto const* origin = params.find("origin");
        auto const is_any =
            !origin || origin->value.is_null() || origin->value == Json{true} || origin->value == Json{"*"};
        auto const* credentials = params.member("credentials");
        if (!is_any || !credentials || !is_truthy(credentials->value.json())) return;
        findings_.note(credentials->place, "any site could act with a user's cookies, so this \"cors\" is switched off",
                       R"(list the sites: "origin": ["https://app.example"])");
    }

    void check_folder(LocatedMember const& member, Located const* params) {
        static constexpr auto hint = R"(paths are relative to server/: "$!../client" is the folder client beside it)";
        if (!params || !params->is_string()) {
            findings_.mistake(params ? params->place : member.place,
                              "\"loopback#static\" needs \"params\", the folder it serves", hint);
            return;
        }
        std::error_code error;
        if (!fs::is_directory(served_folder(rules_.folder, params->value.as_string()), error))
            findings_.mistake(params->place, fmt::format("there is no folder \"{}\"", params->value.as_string()), hint);
    }

    ServerRules const& rules_;
    Findings& findings_;
};

}  // namespace

fs::path served_folder(fs::path const& project, std::string_view params) {
    if (params.starts_with("$!")) params.remove_prefix(2);
    std::error_code ignored;
    return fs::weakly_canonical(project / "server" / params, ignored);
}

void check_middleware(Located const& file, ServerRules const& rules, Findings& findings) {
    for (auto const& phase : file.members) {
        if (!is_phase(phase.name)) {
            auto const near = did_you_mean(phase.name, phases);
            findings.mistake(phase.place, fmt::format("there is no phase \"{}\"", phase.name),
                             near.empty() ? "phases are " + one_of(phases) : near);
            continue;
        }
        if (!require_kind(phase.value, kinds::object, phase.name, findings)) continue;
        for (auto const& member : phase.value.members) Judging{rules, findings}.middleware(member);
    }
}

void check_components(Located const& file, ServerRules const& rules, Findings& findings) {
    for (auto const& member : file.members) Judging{rules, findings}.component(member);
}

}  // namespace sallyport::definition

#include "definition/project_files.hpp"

#include "sallyport/ascii.hpp"

#include <fmt/format.h>
#include <re2/re2.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <string_view>
#include <utility>

namespace sallyport::definition {
namespace {

namespace fs = std::filesystem;

/// What JsonError says, without the place at its end: findings have one of their own.
std::string without_place(std::string const& text) {
    auto const place = text.rfind(" (line ");
    return place == std::string::npos ? text : text.substr(0, place);
}

std::string hint_for(std::string const& text, JsonError const& error) {
    std::size_t start = 0;
    for (auto line = 1; line < error.line(); ++line) start = text.find('\n', start) + 1;
    auto const line = text.substr(start, text.find('\n', start) - start);
    if (line.find("//") != std::string::npos || line.find("/*") != std::string::npos) return "comments are not JSON";
    auto const before = text.find_last_not_of(" \t\r\n", start + static_cast<std::size_t>(error.column()) - 1);
    auto const closes = before != std::string::npos && (text[before] == '}' || text[before] == ']');
    if (closes && before > 0) {
        auto const last = text.find_last_not_of(" \t\r\n", before - 1);
        if (last != std::string::npos && text[last] == ',') return "a comma before the end of a list is not JSON";
    }
    std::string_view const what = error.what();
    if (what.starts_with("the name ")) return "keep one of the two";
    if (what.starts_with("unexpected end") || what.starts_with("a string"))
        return "look for a quote or bracket that is opened but not closed";
    if (what.starts_with("unexpected character"))
        return "look here, and just before, for a missing comma, quote or bracket";
    return "mend this: a file has to be JSON in UTF-8, as RFC 8259 has it";
}

std::string_view kind_word(Located const& value) {
    if (value.is_object()) return "an object";
    if (value.is_array()) return "a list";
    return "a single value";
}

bool is_compatible(Located const& old, Located const& change) {
    if (old.value.is_null() || change.value.is_null()) return true;
    return old.is_object() == change.is_object() && old.is_array() == change.is_array();
}

void merge(Located& target, Located const& change, std::string const& where, Findings& findings) {
    if (!is_compatible(target, change)) {
        findings.mistake(change.place,
                         fmt::format("cannot merge {} into {} at \"{}\"", kind_word(change), kind_word(target), where),
                         fmt::format("see {}:{}", target.place.file, target.place.line));
        return;
    }
    if (target.is_object() && change.is_object()) {
        for (auto const& member : change.members) {
            auto const path = where.empty() ? member.name : where + "." + member.name;
            if (auto* known = target.find(member.name)) {
                merge(*known, member.value, path, findings);
            } else {
                target.members.push_back(member);
            }
        }
        return;
    }
    if (target.is_array() && change.is_array()) {
        if (target.items.size() != change.items.size()) {
            findings.mistake(change.place, fmt::format("cannot merge lists of different length at \"{}\"", where),
                             fmt::format("see {}:{}", target.place.file, target.place.line));
            return;
        }
        for (std::size_t i = 0; i < target.items.size(); ++i)
            merge(target.items[i], change.items[i], fmt::format("{}[{}]", where, i), findings);
        return;
    }
    target = change;
}

bool is_word(std::string_view text) {
    return !text.empty() && std::ranges::all_of(text, [](char c) { return is_letter_or_digit(c) || c == '_'; });
}

}  // namespace

std::optional<Located> read_json_file(fs::path const& folder, std::string const& name, Findings& findings) {
    Place const place{.file = name};
    std::error_code ignored;
    if (fs::is_directory(folder / name, ignored)) {
        findings.mistake(place, "this is a folder, and a file is read here", "give it another name");
        return std::nullopt;
    }
    std::ifstream file{folder / name, std::ios::binary};
    std::string const text{std::istreambuf_iterator<char>{file}, {}};
    if (!file.is_open() || file.bad()) {
        findings.mistake(place, "the file cannot be read", "let the user that runs this program read it");
        return std::nullopt;
    }
    try {
        auto located = parse_located(text, name);
        if (located.is_object()) return located;
        findings.mistake(located.place, "this must be an object", R"(begin with "{")");
    } catch (JsonError const& error) {
        findings.mistake({.file = name, .line = error.line(), .column = error.column()}, without_place(error.what()),
                         hint_for(text, error));
    }
    return std::nullopt;
}

std::optional<Located> outline(fs::path const& file, std::string const& name) {
    std::error_code ignored;
    if (!fs::is_regular_file(file, ignored)) return std::nullopt;
    std::ifstream in{file, std::ios::binary};
    std::string const text{std::istreambuf_iterator<char>{in}, {}};
    Located found = empty_object(name);
    for (auto const* key : {"name", "base"}) {
        std::string value;
        if (!RE2::PartialMatch(text, fmt::format(R"re("{}"\s*:\s*"([^"]+)")re", key), &value)) continue;
        found.set({.name = key, .place = found.place, .value = {.value = Json{value}, .place = found.place}});
    }
    return found.find("name") ? std::optional{found} : std::nullopt;
}

std::optional<Located> read_layers(fs::path const& folder, std::string const& name, std::string const& environment,
                                   Findings& findings) {
    auto const master = fmt::format("server/{}.json", name);
    auto const has_master = fs::exists(folder / master);
    std::optional<Located> merged;
    if (has_master) {
        merged = read_json_file(folder, master, findings);
    }
    for (auto const& layer : {std::string{"local"}, environment}) {
        auto const file = fmt::format("server/{}.{}.json", name, layer);
        if (!fs::exists(folder / file)) continue;
        if (!has_master) {
            findings.mistake({.file = file}, fmt::format("there is no {} that this could override", master),
                             fmt::format("write {}, or remove this file", master));
            continue;
        }
        auto const change = read_json_file(folder, file, findings);
        if (merged && change) merge(*merged, *change, {}, findings);
    }
    return merged;
}

void replace_variables(Located& located, Variables const& variables, Findings& findings) {
    for (auto& item : located.items) replace_variables(item, variables, findings);
    for (auto& member : located.members) replace_variables(member.value, variables, findings);
    if (!located.is_string()) return;
    auto const text = located.value.as_string();
    auto const start = text.rfind("${");
    if (start == std::string::npos || !text.ends_with('}')) return;
    auto const name = text.substr(start + 2, text.size() - start - 3);
    if (!is_word(name)) return;
    if (start > 0) {
        findings.mistake(
            located.place,
            fmt::format("a variable replaces a whole value, but this has \"{}\" before it", text.substr(0, start)),
            fmt::format("put all of it into {}, and write \"${{{}}}\"", name, name));
        return;
    }
    if (auto value = variables(name)) {
        located.value = std::move(*value);
        located.place.variable = name;
    } else {
        findings.mistake(located.place, fmt::format("\"${{{}}}\" stands for nothing", name),
                         fmt::format("set {} in the environment, or \"{}\" in server/config.json", name, name));
    }
}

std::vector<std::string> find_scripts(fs::path const& folder) {
    std::vector<std::string> scripts;
    for (auto const* top : {"common", "server"}) {
        std::error_code error;
        fs::recursive_directory_iterator walk{folder / top, fs::directory_options::skip_permission_denied, error};
        for (; !error && walk != fs::recursive_directory_iterator{}; walk.increment(error)) {
            auto const& path = walk->path();
            if (path.filename() == "node_modules") {
                walk.disable_recursion_pending();
                continue;
            }
            auto const extension = path.extension();
            auto const is_script = extension == ".js" || extension == ".mjs" || extension == ".cjs" ||
                                   extension == ".coffee" || extension == ".ts";
            if (is_script && walk->is_regular_file(error))
                scripts.push_back(path.lexically_relative(folder).generic_string());
        }
    }
    std::ranges::sort(scripts);
    return scripts;
}

}  // namespace sallyport::definition

#include "cli/json_text.hpp"

#include "definition/located_json.hpp"

#include <algorithm>

namespace sallyport::cli {
namespace {

constexpr std::size_t line_width = 90;

bool holds_objects(Json const& value) {
    if (value.is_array())
        return std::ranges::any_of(value.as_array(),
                                   [](Json const& item) { return item.is_array() || item.is_object(); });
    return std::ranges::any_of(
        value.as_object(), [](auto const& member) { return member.second.is_array() || member.second.is_object(); });
}

std::string one_line(Json const& value) {
    if (value.is_array()) {
        std::string text;
        for (auto const& item : value.as_array()) text += (text.empty() ? "" : ", ") + one_line(item);
        return "[" + text + "]";
    }
    if (!value.is_object()) return to_text(value);
    std::string text;
    for (auto const& [name, member] : value.as_object())
        text += (text.empty() ? "" : ", ") + to_text(Json{name}) + ": " + one_line(member);
    return "{" + text + "}";
}

void write(std::string& out, Json const& value, int depth) {
    auto line = one_line(value);
    auto const is_container = value.is_array() || value.is_object();
    auto const is_small = depth > 1 && is_container && !holds_objects(value) && line.size() <= line_width;
    if (!is_container || is_small || line.size() == 2) {
        out += line;
        return;
    }
    auto const indent = std::string(static_cast<std::size_t>(depth + 1) * 2, ' ');
    auto first = true;
    auto const begin_item = [&] {
        out += (first ? "\n" : ",\n") + indent;
        first = false;
    };
    out += value.is_array() ? '[' : '{';
    if (value.is_array()) {
        for (auto const& item : value.as_array()) {
            begin_item();
            write(out, item, depth + 1);
        }
    } else {
        for (auto const& [name, member] : value.as_object()) {
            begin_item();
            append_string(out, name);
            out += ": ";
            write(out, member, depth + 1);
        }
    }
    out += '\n' + std::string(static_cast<std::size_t>(depth) * 2, ' ') + (value.is_array() ? ']' : '}');
}

}  // namespace

std::string pretty(Json const& value) {
    std::string text;
    write(text, value, 0);
    return text + '\n';
}

std::string with_member(std::string_view text, std::string_view name, Json const& value) {
    auto const located = definition::parse_located(text, {});
    if (!located.is_object()) throw JsonError{"this is no object", 1, 1};
    auto const close = text.rfind('}');
    auto const last = text.find_last_not_of(" \t\r\n", close - 1);
    auto const is_empty = located.members.empty();
    std::string indent = "  ";
    if (!is_empty && located.members.back().place.line > 1)
        indent.assign(static_cast<std::size_t>(located.members.back().place.column - 1), ' ');
    auto const is_one_line = !is_empty && located.members.back().place.line == located.place.line;
    std::string added = is_one_line ? " " : "\n" + indent;
    append_string(added, name);
    added += ": " + one_line(value);
    std::string result{text.substr(0, last + 1)};
    if (!is_empty) result += ',';
    result += added;
    auto rest = text.substr(last + 1);
    if (is_empty && rest.find('\n') == std::string_view::npos) result += '\n';
    return result + std::string{rest};
}

}  // namespace sallyport::cli

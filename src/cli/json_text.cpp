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

definition::Located const* at(definition::Located const& root, std::span<std::string const> path) {
    auto const* found = &root;
    for (auto const& name : path) {
        if (found != nullptr) found = found->find(name);
    }
    return found;
}

std::size_t offset_of(std::string_view text, definition::Place const& place) {
    std::size_t line_begin = 0;
    for (int line = 1; line < place.line; ++line) line_begin = text.find('\n', line_begin) + 1;
    return line_begin + static_cast<std::size_t>(place.column - 1);
}

/// Where the bracket that closes the one at `open` stands. The text is sound JSON.
std::size_t closing(std::string_view text, std::size_t open) {
    int depth = 0;
    bool is_string = false;
    for (auto i = open; i < text.size(); ++i) {
        auto const c = text[i];
        if (is_string && c == '\\') {
            ++i;
        } else if (c == '"') {
            is_string = !is_string;
        } else if (!is_string && (c == '{' || c == '[')) {
            ++depth;
        } else if (!is_string && (c == '}' || c == ']') && --depth == 0) {
            return i;
        }
    }
    return text.size() - 1;
}

/// What stands before the first word of the line of `offset`.
std::string_view indentation(std::string_view text, std::size_t offset) {
    auto const begin = text.rfind('\n', offset) + 1;
    auto const end = std::min(text.find_first_not_of(" \t", begin), text.size());
    return text.substr(begin, end - begin);
}

/// `text` with `entry` at the end of the object or array that stands at `place`. `last` is its last member or element
/// so far: on the same line, or on lines of their own, so goes the new one.
std::string appended(std::string_view text, definition::Place const& place, definition::Place const* last,
                     std::string_view entry) {
    auto const open = offset_of(text, place);
    auto const close = closing(text, open);
    auto const end = text.find_last_not_of(" \t\r\n", close - 1) + 1;
    auto const base = std::string{indentation(text, open)};
    bool const is_one_line = last != nullptr && last->line == place.line;
    auto const indent = last != nullptr ? std::string{indentation(text, offset_of(text, *last))} : base + "  ";
    std::string result{text.substr(0, end)};
    if (last != nullptr) result += ',';
    result += (is_one_line ? " " : "\n" + indent) + std::string{entry};
    bool const is_flat = last == nullptr && !text.substr(end, close - end).contains('\n');
    if (is_flat) result += "\n" + base;
    return result + std::string{text.substr(is_flat ? close : end)};
}

}  // namespace

std::string pretty(Json const& value) {
    std::string text;
    write(text, value, 0);
    return text + '\n';
}

std::string with_member(std::string_view text, std::string_view name, Json const& value) {
    return with_member_at(text, {}, name, value);
}

std::string with_member_at(std::string_view text, std::span<std::string const> path, std::string_view name,
                           Json const& value) {
    auto const root = definition::parse_located(text, {});
    auto const* object = at(root, path);
    if (object == nullptr && !path.empty())
        return with_member_at(text, path.first(path.size() - 1), path.back(), JsonObject{{std::string{name}, value}});
    if (object == nullptr || !object->is_object()) throw JsonError{"this is no object", 1, 1};
    auto const* last = object->members.empty() ? nullptr : &object->members.back().place;
    std::string entry;
    append_string(entry, name);
    return appended(text, object->place, last, entry + ": " + one_line(value));
}

std::string with_element_at(std::string_view text, std::span<std::string const> path, Json const& value) {
    auto const root = definition::parse_located(text, {});
    auto const* array = at(root, path);
    if (array == nullptr && !path.empty())
        return with_member_at(text, path.first(path.size() - 1), path.back(), JsonArray{value});
    if (array == nullptr || !array->is_array()) throw JsonError{"this is no list", 1, 1};
    return appended(text, array->place, array->items.empty() ? nullptr : &array->items.back().place, one_line(value));
}

}  // namespace sallyport::cli

#include "model/validation_error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <utility>

namespace sallyport::model {
namespace {

constexpr std::size_t longest = 32;  // characters of a shown value

bool starts_character(char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }

std::vector<std::string_view> characters_of(std::string_view text) {
    std::vector<std::string_view> characters;
    for (std::size_t i = 0; i < text.size();) {
        auto end = i + 1;
        while (end < text.size() && !starts_character(text[end])) ++end;
        characters.push_back(text.substr(i, end - i));
        i = end;
    }
    return characters;
}

// The start and the last three characters; of a text that ends in brackets, as many of those.
std::string cut(std::string_view text) {
    auto const characters = characters_of(text);
    if (characters.size() <= longest) return std::string{text};
    auto const last = text.find_last_not_of(" \t})]");
    auto const brackets = last == std::string_view::npos ? text.size() : text.size() - last - 1;
    auto const tail = brackets == 0 ? std::size_t{3} : std::min<std::size_t>(brackets, 3);
    std::string out;
    for (std::size_t i = 0; i < longest - tail - 4; ++i) out += characters[i];
    out += "...";
    for (auto i = characters.size() - tail; i < characters.size(); ++i) out += characters[i];
    return out;
}

std::string inspect(Json const& value, int depth);

std::string inspect_members(JsonObject const& object, int depth) {
    std::string out;
    for (auto const& [name, value] : object) {
        out += fmt::format("{}{}: {}", out.empty() ? "" : ", ", name, inspect(value, depth - 1));
    }
    return out.empty() ? "{}" : "{ " + out + " }";
}

// On one line where that is not too long, as Node counts it: the elements, two characters for each, and eleven more.
std::string inspect_elements(JsonArray const& elements, int depth) {
    constexpr std::size_t longest_line = 80;
    std::string line;
    std::string lines;
    std::size_t length = 11;
    for (auto const& value : elements) {
        auto const text = inspect(value, depth - 1);
        length += characters_of(text).size() + 2;
        line += (line.empty() ? "" : ", ") + text;
        lines += (lines.empty() ? "" : ",\n  ") + text;
    }
    if (line.empty()) return "[]";
    return length > longest_line ? "[\n  " + lines + "\n]" : "[ " + line + " ]";
}

// As Node's util.inspect writes a value: what lies deeper than `depth` is only named.
std::string inspect(Json const& value, int depth) {
    if (value.is_object()) return depth < 0 ? "[Object]" : inspect_members(value.as_object(), depth);
    if (value.is_array()) return depth < 0 ? "[Array]" : inspect_elements(value.as_array(), depth);
    if (value.is_string()) return "'" + value.as_string() + "'";
    return to_display(value);
}

// A password sent to a model that does not hide it, or misspelt, must not come back in a message.
bool is_secret(definition::Model const& model, std::string_view name) {
    if (auto const* property = model.property(name); property != nullptr && property->is_hidden) return true;
    std::string lower{name};
    std::ranges::transform(lower, lower.begin(),
                           [](char c) { return 'A' <= c && c <= 'Z' ? static_cast<char>(c | 0x20) : c; });
    return lower.contains("password") || lower.contains("secret") || lower.contains("token");
}

// An embedded record as LoopBack holds it: each property of its model, in their order, but those that are hidden.
Json as_instance(definition::PropertyType const& type, Json value) {
    if (value.is_array() && type.element) {
        for (auto& item : value.as_array()) item = as_instance(*type.element, std::move(item));
    }
    if (!value.is_object() || type.properties.empty()) return value;
    JsonObject shown;
    auto& members = value.as_object();
    for (auto const& property : type.properties) {
        auto* member = members.find(property.name);
        if (!property.is_hidden)
            shown.set(property.name, member == nullptr ? Json{} : as_instance(property.type, std::move(*member)));
        members.erase(property.name);
    }
    for (auto& [name, member] : members) shown.set(name, std::move(member));
    return shown;
}

std::string shown_property(definition::Model const& model, JsonObject const& record, std::string_view name) {
    auto const* value = is_secret(model, name) ? nullptr : record.find(name);
    if (value == nullptr) return shown_value({});
    auto const* property = model.property(name);
    return shown_value(property == nullptr ? *value : as_instance(property->type, *value));
}

}  // namespace

std::string shown_value(Json const& value) {
    if (value.is_array()) return cut(inspect(value, 1));
    if (value.is_object()) return cut(inspect(value, 0));
    if (!value.is_string()) return value.is_date() ? to_display(value) : cut(to_display(value));
    std::string quoted;
    append_string(quoted, cut(value.as_string()));
    return quoted;
}

Error validation_error(definition::Model const& model, JsonObject const& record, std::vector<Problem> const& problems) {
    JsonObject codes;
    JsonObject messages;
    for (auto const& problem : problems) {
        if (!codes.contains(problem.property)) {
            codes.set(problem.property, Json::array());
            messages.set(problem.property, Json::array());
        }
        codes[problem.property].as_array().emplace_back(problem.code);
        messages[problem.property].as_array().emplace_back(problem.message);
    }
    std::string text;
    for (auto const& [name, texts] : messages) {
        auto const value = shown_property(model, record, name);
        for (auto const& message : texts.as_array()) {
            text += fmt::format("{}`{}` {} (value: {})", text.empty() ? "" : "; ", name, message.as_string(), value);
        }
    }
    Error error{422, fmt::format("The `{}` instance is not valid. Details: {}.", model.name, text)};
    error.with_name("ValidationError");
    error.with_details(
        JsonObject{{"context", model.name}, {"codes", std::move(codes)}, {"messages", std::move(messages)}});
    return error;
}

}  // namespace sallyport::model

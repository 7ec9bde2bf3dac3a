// Query strings as express reads them with qs: "a[b][0]=1" nests, "a[]=1" appends, a name given twice becomes a list.
//
// Each parameter is a tree of its own; merging the trees gives the result.

#include "query/parse.hpp"
#include "sallyport/error.hpp"
#include "sallyport/request.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sallyport::query {
namespace {

constexpr std::size_t max_parameters = 1000;
constexpr std::size_t max_depth = 5;     // Levels of brackets; what comes deeper stays in one name.
constexpr std::size_t array_limit = 20;  // A larger index is a name.

// Brackets may come percent-encoded; they split names either way.
std::string with_brackets(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        auto const three = text.substr(i, 3);
        auto const is_bracket = three == "%5B" || three == "%5b" || three == "%5D" || three == "%5d";
        if (!is_bracket) {
            out += text[i];
            continue;
        }
        out += std::toupper(static_cast<unsigned char>(three[2])) == 'B' ? '[' : ']';
        i += 2;
    }
    return out;
}

struct Parameter {
    std::string key;
    std::string value;
};

Parameter read_parameter(std::string_view part) {
    auto const bracket = part.find("]=");
    auto const equals = bracket == std::string_view::npos ? part.find('=') : bracket + 1;
    if (equals == std::string_view::npos) return {decode_parameter(part), ""};
    return {decode_parameter(part.substr(0, equals)), decode_parameter(part.substr(equals + 1))};
}

// "a[b][]" is {"a", "[b]", "[]"}.
std::vector<std::string> segments_of(std::string_view key) {
    std::vector<std::string> segments;
    auto open = key.find('[');
    if (auto const parent = key.substr(0, open); !parent.empty()) segments.emplace_back(parent);
    for (std::size_t level = 0; open != std::string_view::npos && level < max_depth; ++level) {
        std::size_t nesting = 0;
        auto close = open;
        for (; close < key.size(); ++close) {
            if (key[close] == '[') ++nesting;
            if (key[close] == ']' && --nesting == 0) break;
        }
        if (close == key.size()) break;  // Not closed.
        segments.emplace_back(key.substr(open, close - open + 1));
        open = key.find('[', close + 1);
    }
    if (open != std::string_view::npos) segments.push_back(fmt::format("[{}]", key.substr(open)));
    return segments;
}

std::optional<std::size_t> array_index(std::string_view name) {
    std::size_t index = 0;
    auto const [end, error] = std::from_chars(name.data(), name.data() + name.size(), index);
    auto const is_whole = error == std::errc{} && end == name.data() + name.size() && !name.empty();
    if (!is_whole || std::to_string(index) != name || index >= array_limit) return std::nullopt;
    return index;
}

Json wrapped(std::string_view segment, Json leaf) {
    if (segment == "[]") {
        if (leaf.is_array()) return leaf;
        return JsonArray{std::move(leaf)};
    }
    auto const is_bracketed = segment.starts_with('[') && segment.ends_with(']');
    auto const name = is_bracketed ? segment.substr(1, segment.size() - 2) : segment;
    if (is_bracketed) {
        if (auto const index = array_index(name)) {
            JsonArray items(*index);  // Holes, closed at the end.
            items.push_back(std::move(leaf));
            return items;
        }
    }
    Json object = Json::object();
    object[name] = std::move(leaf);
    return object;
}

Json as_object(Json const& value) {
    if (value.is_object()) return value;
    Json object = Json::object();
    auto const& items = value.as_array();
    for (std::size_t i = 0; i < items.size(); ++i) {
        if (!items[i].is_undefined()) object.as_object().set(std::to_string(i), items[i]);
    }
    return object;
}

bool is_container(Json const& value) { return value.is_array() || value.is_object(); }

void merge(Json& target, Json source);

void merge_arrays(JsonArray& target, JsonArray source) {
    for (std::size_t i = 0; i < source.size(); ++i) {
        if (source[i].is_undefined()) continue;
        if (i >= target.size()) target.resize(i + 1);
        if (target[i].is_undefined()) {
            target[i] = std::move(source[i]);
        } else if (is_container(target[i]) && is_container(source[i])) {
            merge(target[i], std::move(source[i]));
        } else {
            target.push_back(std::move(source[i]));
        }
    }
}

void merge(Json& target, Json source) {
    if (target.is_undefined()) {
        target = std::move(source);
    } else if (target.is_array() && source.is_array()) {
        merge_arrays(target.as_array(), std::move(source.as_array()));
    } else if (is_container(target) && is_container(source)) {
        target = as_object(target);
        for (auto const& [name, value] : as_object(source).as_object()) merge(target[name], value);
    } else if (target.is_array()) {
        target.as_array().push_back(std::move(source));
    } else {
        JsonArray both{std::move(target)};
        if (source.is_array()) {
            for (auto& item : source.as_array()) both.push_back(std::move(item));
        } else {
            both.push_back(std::move(source));
        }
        target = std::move(both);
    }
}

void close_holes(Json& value) {
    if (value.is_array()) {
        std::erase_if(value.as_array(), [](Json const& item) { return item.is_undefined(); });
        for (auto& item : value.as_array()) close_holes(item);
    } else if (value.is_object()) {
        for (auto& member : value.as_object()) close_holes(member.second);
    }
}

// The parameters by their whole key, values of a key given twice in a list.
std::vector<std::pair<std::string, Json>> by_key(std::string_view text, bool refuse_duplicates) {
    std::vector<std::pair<std::string, Json>> parameters;
    std::size_t count = 0;
    for (std::size_t start = 0; start < text.size() && count < max_parameters; ++count) {
        auto const end = std::min(text.find('&', start), text.size());
        auto [key, value] = read_parameter(text.substr(start, end - start));
        start = end + 1;
        if (key.empty()) continue;
        auto const found = std::ranges::find(parameters, key, &std::pair<std::string, Json>::first);
        if (found == parameters.end()) {
            parameters.emplace_back(std::move(key), std::move(value));
            continue;
        }
        if (refuse_duplicates && !key.ends_with("[]")) {
            throw Error{400, fmt::format("The parameter {} is given twice.", to_text(Json{key}))};
        }
        merge(found->second, std::move(value));
    }
    return parameters;
}

}  // namespace

JsonObject read_query(std::string_view text, bool refuse_duplicates) {
    auto const clean = with_brackets(text);
    Json result = Json::object();
    for (auto& [key, value] : by_key(clean, refuse_duplicates)) {
        auto const segments = segments_of(key);
        auto leaf = std::move(value);
        for (auto i = segments.size(); i-- > 0;) leaf = wrapped(segments[i], std::move(leaf));
        merge(result, std::move(leaf));
    }
    close_holes(result);
    return std::move(result.as_object());
}

}  // namespace sallyport::query

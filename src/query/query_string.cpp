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
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace sallyport::query {
namespace {

constexpr std::size_t max_parameters = 1000;

// A value in the making.
struct Node {
    enum class Kind : std::uint8_t { text, list, object };

    Kind kind = Kind::text;
    std::string text;
    std::map<std::size_t, Node> items;  // Of a list, which may have holes: "a[999]=1" is no long one.
    std::vector<std::string> names;     // Of an object, in their order,
    std::vector<Node> values;           // and what each names.

    Node* find(std::string_view name);
    void add(std::string name, Node value);
    void push(Node item);
    void push_all(Node value);  // Of a list its items, one by one.
    std::size_t length() const { return items.empty() ? 0 : items.rbegin()->first + 1; }
};

Node* Node::find(std::string_view name) {
    auto const found = std::ranges::find(names, name);
    return found == names.end() ? nullptr : &values[static_cast<std::size_t>(found - names.begin())];
}

void Node::add(std::string name, Node value) {
    names.push_back(std::move(name));
    values.push_back(std::move(value));
}

void Node::push(Node item) { items.emplace_hint(items.end(), length(), std::move(item)); }

void Node::push_all(Node value) {
    if (value.kind != Kind::list) return push(std::move(value));
    auto const first = length();
    for (auto& [index, item] : value.items) items.emplace_hint(items.end(), first + index, std::move(item));
}

Node node_of(Node::Kind kind) {
    Node node;
    node.kind = kind;
    return node;
}

Node text_node(std::string text) {
    Node node;
    node.text = std::move(text);
    return node;
}

Node list_of(Node first) {
    auto list = node_of(Node::Kind::list);
    list.push_all(std::move(first));
    return list;
}

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
std::vector<std::string> segments_of(std::string_view key, BracketRules const& rules) {
    std::vector<std::string> segments;
    auto open = key.find('[');
    if (auto const parent = key.substr(0, open); !parent.empty()) segments.emplace_back(parent);
    for (std::size_t level = 0; open != std::string_view::npos && level < rules.levels; ++level) {
        std::size_t nesting = 0;
        auto close = open;
        for (; close < key.size(); ++close) {
            if (key[close] == '[') ++nesting;
            if (key[close] == ']' && --nesting == 0) break;
        }
        if (close == key.size()) {  // Not closed: the rest is one name.
            segments.push_back(fmt::format("[{}]", key.substr(open)));
            return segments;
        }
        segments.emplace_back(key.substr(open, close - open + 1));
        open = key.find('[', close + 1);
    }
    if (open == std::string_view::npos) return segments;
    if (rules.refuses_deeper) throw Error{400, "The input exceeded the depth"};
    segments.push_back(fmt::format("[{}]", key.substr(open)));
    return segments;
}

std::optional<std::size_t> array_index(std::string_view name, std::size_t limit) {
    std::size_t index = 0;
    auto const [end, error] = std::from_chars(name.data(), name.data() + name.size(), index);
    auto const is_whole = error == std::errc{} && end == name.data() + name.size() && !name.empty();
    if (!is_whole || std::to_string(index) != name || index >= limit) return std::nullopt;
    return index;
}

Node wrapped(std::string_view segment, Node leaf, std::size_t list_limit) {
    if (segment == "[]") return list_of(std::move(leaf));
    auto const is_bracketed = segment.starts_with('[') && segment.ends_with(']');
    auto const name = is_bracketed ? segment.substr(1, segment.size() - 2) : segment;
    auto const index = is_bracketed ? array_index(name, list_limit) : std::nullopt;
    auto outer = node_of(index ? Node::Kind::list : Node::Kind::object);
    if (index) {
        outer.items.emplace(*index, std::move(leaf));
    } else {
        outer.add(std::string{name}, std::move(leaf));
    }
    return outer;
}

void make_object(Node& list) {
    for (auto& [index, item] : list.items) list.add(std::to_string(index), std::move(item));
    list.items.clear();
    list.kind = Node::Kind::object;
}

void merge(Node& target, Node source);

void merge_lists(Node& target, Node source) {
    for (auto& [index, item] : source.items) {
        auto const found = target.items.find(index);
        if (found == target.items.end()) {
            target.items.emplace(index, std::move(item));
        } else if (found->second.kind != Node::Kind::text && item.kind != Node::Kind::text) {
            merge(found->second, std::move(item));
        } else {
            target.push(std::move(item));
        }
    }
}

void merge_members(Node& target, Node source) {
    for (std::size_t i = 0; i < source.names.size(); ++i) {
        if (auto* known = target.find(source.names[i])) {
            merge(*known, std::move(source.values[i]));
        } else {
            target.add(std::move(source.names[i]), std::move(source.values[i]));
        }
    }
}

void merge(Node& target, Node source) {
    using enum Node::Kind;
    if (source.kind == text && source.text.empty()) return;
    if (target.kind == list && source.kind == text) return target.push(std::move(source));
    if (target.kind == text || source.kind == text) {
        auto both = node_of(list);
        both.push(std::move(target));
        both.push_all(std::move(source));
        target = std::move(both);
        return;
    }
    if (target.kind == list && source.kind == list) return merge_lists(target, std::move(source));
    if (target.kind == list) make_object(target);
    if (source.kind == list) make_object(source);
    merge_members(target, std::move(source));
}

// Holes are closed.
Json to_json(Node&& node) {
    if (node.kind == Node::Kind::text) return Json{std::move(node.text)};
    if (node.kind == Node::Kind::list) {
        JsonArray items;
        items.reserve(node.items.size());
        for (auto& [index, item] : node.items) items.push_back(to_json(std::move(item)));
        return items;
    }
    JsonObject object;
    object.reserve(node.names.size());
    for (std::size_t i = 0; i < node.names.size(); ++i) {
        object.append(std::move(node.names[i]), to_json(std::move(node.values[i])));
    }
    return object;
}

// The parameters by their whole key, values of a key given twice in a list.
Node by_key(std::string_view text, bool refuse_duplicates) {
    Node parameters = node_of(Node::Kind::object);
    std::unordered_map<std::string, std::size_t> places;
    std::size_t count = 0;
    for (std::size_t start = 0; start < text.size() && count < max_parameters; ++count) {
        auto const end = std::min(text.find('&', start), text.size());
        auto [key, value] = read_parameter(text.substr(start, end - start));
        start = end + 1;
        if (key.empty()) continue;
        auto const [place, is_new] = places.emplace(key, parameters.names.size());
        if (is_new) {
            parameters.add(std::move(key), text_node(std::move(value)));
            continue;
        }
        if (refuse_duplicates && !key.ends_with("[]")) {
            throw Error{400, fmt::format("The parameter {} is given twice.", to_text(Json{key}))};
        }
        auto& known = parameters.values[place->second];
        if (known.kind == Node::Kind::text) known = list_of(std::move(known));
        known.push(text_node(std::move(value)));
    }
    return parameters;
}

}  // namespace

JsonObject read_query(std::string_view text, bool refuse_duplicates, BracketRules const& rules) {
    auto const clean = with_brackets(text);
    auto result = node_of(Node::Kind::object);
    auto parameters = by_key(clean, refuse_duplicates);
    for (std::size_t at = 0; at < parameters.names.size(); ++at) {
        auto const segments = segments_of(parameters.names[at], rules);
        auto leaf = std::move(parameters.values[at]);
        for (auto i = segments.size(); i-- > 0;) leaf = wrapped(segments[i], std::move(leaf), rules.list_limit);
        merge(result, std::move(leaf));
    }
    return std::move(to_json(std::move(result)).as_object());
}

}  // namespace sallyport::query

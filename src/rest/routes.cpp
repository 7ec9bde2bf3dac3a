// Models are found by the first segment of their path, a route among the few of its model with as many segments.
// Nothing is a regular expression.

#include "rest/routes.hpp"

#include "sallyport/ascii.hpp"
#include "sallyport/error.hpp"
#include "sallyport/percent.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace sallyport::rest {
namespace {

std::string_view first_segment(std::string_view path) {
    if (path.starts_with('/')) path.remove_prefix(1);
    return path.substr(0, path.find('/'));
}

// One slash at the end says nothing, one at the start is always there.
std::vector<std::string_view> split(std::string_view path) {
    std::vector<std::string_view> segments;
    if (path.starts_with('/')) path.remove_prefix(1);
    if (path.ends_with('/')) path.remove_suffix(1);
    if (path.empty()) return segments;
    segments.reserve(4);
    for (;;) {
        auto const slash = path.find('/');
        segments.push_back(path.substr(0, slash));
        if (slash == std::string_view::npos) return segments;
        path.remove_prefix(slash + 1);
    }
}

int hex_value(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    c = to_lower(c);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

// The length of a UTF-8 sequence that starts with this byte; 0 for none.
std::size_t sequence_length(unsigned char first) {
    if (first < 0x80) return 1;
    if (first >= 0xC2 && first < 0xE0) return 2;
    if (first >= 0xE0 && first < 0xF0) return 3;
    return first >= 0xF0 && first < 0xF5 ? 4 : 0;
}

// RFC 3629 section 4: no overlong forms, no surrogates, nothing above U+10FFFF.
bool is_utf8(std::string_view text) {
    for (std::size_t i = 0; i < text.size();) {
        auto const byte = [&](std::size_t at) { return static_cast<unsigned char>(text[at]); };
        auto const length = sequence_length(byte(i));
        if (length == 0 || i + length > text.size()) return false;
        for (std::size_t k = 1; k < length; ++k) {
            if ((byte(i + k) & 0xC0U) != 0x80U) return false;
        }
        if (length > 2) {
            auto const second = byte(i + 1);
            if ((byte(i) == 0xE0 && second < 0xA0) || (byte(i) == 0xED && second > 0x9F)) return false;
            if ((byte(i) == 0xF0 && second < 0x90) || (byte(i) == 0xF4 && second > 0x8F)) return false;
        }
        i += length;
    }
    return true;
}

[[noreturn]] void fail_to_decode(std::string_view text) {
    throw Error{400, fmt::format("Failed to decode param '{}'", text)}.with_name("URIError");
}

// The URL below a mount point, as express shows it to the handlers there. A token in it is not repeated.
std::string shown(std::string_view path, std::string_view query) {
    std::string text{path};
    if (!text.starts_with('/')) text.insert(0, "/");
    if (!query.empty() && !query.contains("token")) text.append("?").append(query);
    return text;
}

}  // namespace

std::string const* PathParameters::find(std::string_view name) const {
    auto const found = std::ranges::find(values_, name, &std::pair<std::string_view, std::string>::first);
    return found == values_.end() ? nullptr : &found->second;
}

std::string_view below(std::string_view root, std::string_view path) {
    while (root.ends_with('/')) root.remove_suffix(1);
    if (path.size() < root.size() || !same_letters(path.substr(0, root.size()), root)) return {};
    auto rest = path.substr(root.size());
    if (!rest.empty() && !rest.starts_with('/')) return {};
    // express takes one more slash for part of the mount point.
    if (!root.empty() && rest.starts_with('/') && (rest.size() == 1 || rest[1] == '/')) rest.remove_prefix(1);
    return rest;
}

std::string decode_segment(std::string_view text) {
    if (!text.contains('%')) return std::string{text};
    std::string result;
    result.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            result += text[i];
            continue;
        }
        auto const is_whole = i + 2 < text.size();
        auto const high = is_whole ? hex_value(text[i + 1]) : -1;
        auto const low = is_whole ? hex_value(text[i + 2]) : -1;
        if (high < 0 || low < 0) fail_to_decode(text);
        result += static_cast<char>(high * 16 + low);
        i += 2;
    }
    if (!is_utf8(result)) fail_to_decode(text);
    return result;
}

std::string encode_segment(std::string_view text) { return percent_encoded(text, "-_.!~*'()"); }

std::size_t Routes::add_model(std::string model, std::string path) {
    auto const number = models_.size();
    path = to_lower(path);
    if (!path.starts_with('/')) path.insert(0, "/");
    by_first_segment_[std::string{first_segment(path)}].push_back(number);
    models_.push_back({.model = std::move(model), .path = std::move(path), .routes = {}});
    return number;
}

void Routes::add(std::size_t model, std::string_view verb, std::string_view path, std::size_t target) {
    Route route{.verb = std::string{verb}, .segments = {}, .target = target};
    for (auto const segment : split(path)) {
        auto const is_parameter = segment.starts_with(':');
        route.segments.push_back({is_parameter ? std::string{segment.substr(1)} : std::string{segment}, is_parameter});
    }
    models_[model].routes.push_back(std::move(route));
}

// express's order within a verb, for routes that can match the same path: those with as many segments. Literals go by
// their text as written, so they are lowered only after this.
bool Routes::comes_before(Route const& left, Route const& right) {
    if (left.segments.size() != right.segments.size()) return left.segments.size() > right.segments.size();
    for (std::size_t i = 0; i < left.segments.size(); ++i) {
        auto const& one = left.segments[i];
        auto const& other = right.segments[i];
        if (one.is_parameter != other.is_parameter) return other.is_parameter;
        if (one.text != other.text) return one.text < other.text;
    }
    return false;
}

void Routes::sort() {
    for (auto& model : models_) {
        // Routes are few: insertion keeps the order of equals.
        std::vector<Route> sorted;
        for (auto& route : model.routes)
            sorted.insert(std::ranges::upper_bound(sorted, route, comes_before), std::move(route));
        for (auto& route : sorted) {
            for (auto& segment : route.segments) {
                if (!segment.is_parameter) segment.text = to_lower(segment.text);
            }
        }
        model.routes = std::move(sorted);
    }
    for (auto& [segment, numbers] : by_first_segment_) {
        std::ranges::sort(numbers, std::ranges::greater{}, [&](auto number) { return models_[number].path.size(); });
    }
}

std::pair<Routes::Mounted const*, std::string_view> Routes::mounted(std::string_view path) const {
    auto const found = by_first_segment_.find(to_lower(first_segment(path)));
    if (found == by_first_segment_.end()) return {nullptr, {}};
    for (auto const number : found->second) {
        auto const& model = models_[number];
        if (auto const rest = below(model.path, path); rest.data() != nullptr) return {&model, rest};
    }
    return {nullptr, {}};
}

Routes::Route const* Routes::match(Mounted const& model, std::string_view verb,
                                   std::vector<std::string_view> const& segments) const {
    for (auto const& route : model.routes) {
        if (route.verb != verb || route.segments.size() != segments.size()) continue;
        auto const fits = [](Segment const& wanted, std::string_view given) {
            return wanted.is_parameter ? !given.empty() : same_letters(given, wanted.text);
        };
        if (std::ranges::equal(route.segments, segments, fits)) return &route;
    }
    return nullptr;
}

RouteMatch Routes::find(std::string_view verb, std::string_view path, std::string_view query) const {
    auto const [model, rest] = mounted(path);
    if (model == nullptr) throw Error{404, fmt::format("There is no method to handle {} {}", verb, shown(path, query))};
    auto const segments = split(rest);
    auto const* route = match(*model, verb, segments);
    if (route == nullptr && verb == "HEAD") route = match(*model, "GET", segments);
    if (route == nullptr) route = match(*model, "ALL", segments);
    if (route == nullptr)
        throw Error{404, fmt::format("Shared class \"{}\" has no method handling {} {}", model->model, verb,
                                     shown(rest, query))};
    RouteMatch result{.target = route->target, .parameters = {}};
    for (std::size_t i = 0; i < segments.size(); ++i) {
        if (route->segments[i].is_parameter)
            result.parameters.add(route->segments[i].text, decode_segment(segments[i]));
    }
    return result;
}

}  // namespace sallyport::rest

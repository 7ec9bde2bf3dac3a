#include "rest/negotiation.hpp"

#include "http/header_text.hpp"
#include "query/parse.hpp"
#include "rest/arguments.hpp"
#include "sallyport/ascii.hpp"
#include "sallyport/error.hpp"

#include <algorithm>
#include <charconv>
#include <compare>
#include <optional>

namespace sallyport::rest {
namespace {

// How well an element of Accept suits a type; later elements suit less.
struct Suit {
    double quality = 0;
    int exactness = 0;
    int place = 0;

    bool operator>(Suit const& other) const {
        if (quality != other.quality) return quality > other.quality;
        if (exactness != other.exactness) return exactness > other.exactness;
        return place < other.place;
    }
};

// 2 for the type itself, 1 for "type/*", 0 for "*/*"; -1 if it is another.
int exactness_of(std::string_view range, std::string_view type) {
    if (range == "*/*") return 0;
    if (same_letters(range, type)) return 2;
    auto const slash = type.find('/');
    auto const family = range.substr(0, range.find('/'));
    return range.ends_with("/*") && same_letters(family, type.substr(0, slash)) ? 1 : -1;
}

// q of an element's parameters; nothing if it has others, which none of our types has.
std::optional<double> quality_of(std::string_view parameters) {
    double quality = 1;
    while (!parameters.empty()) {
        auto const semicolon = parameters.find(';');
        auto const parameter = http::trimmed(parameters.substr(0, semicolon));
        if (parameter.starts_with("q=") || parameter.starts_with("Q=")) {
            std::from_chars(parameter.data() + 2, parameter.data() + parameter.size(), quality);
        } else if (!parameter.empty()) {
            return std::nullopt;
        }
        if (semicolon == std::string_view::npos) break;
        parameters.remove_prefix(semicolon + 1);
    }
    return quality;
}

// The most exact element counts, even where it says no.
Suit suit(std::string_view accept, std::string_view type) {
    Suit best{.quality = 0, .exactness = -1, .place = 0};
    for (int place = 0; !accept.empty(); ++place) {
        auto const comma = accept.find(',');
        auto const element = accept.substr(0, comma);
        auto const semicolon = element.find(';');
        auto const exactness = exactness_of(http::trimmed(element.substr(0, semicolon)), type);
        if (exactness > best.exactness) {
            auto const parameters = semicolon == std::string_view::npos ? "" : element.substr(semicolon + 1);
            if (auto const quality = quality_of(parameters)) best = {*quality, exactness, place};
        }
        if (comma == std::string_view::npos) break;
        accept.remove_prefix(comma + 1);
    }
    return best;
}

bool accepts(std::string_view accept, std::string_view type) { return suit(accept, type).quality > 0; }

// `_format` of the query, in lower case; nothing if it is absent or empty, "?" if it is no text.
std::optional<std::string> format_of(Request const& request) {
    if (!request.query().contains("_format")) return std::nullopt;
    auto const parameters = query::read_query(request.query(), false);
    auto const* format = parameters.find("_format");
    if (format == nullptr) return std::nullopt;
    if (!format->is_string()) return "?";
    auto text = to_lower(format->as_string());
    return text.empty() ? std::nullopt : std::optional{std::move(text)};
}

}  // namespace

ResultType result_type(Request const& request) {
    if (auto const format = format_of(request)) {
        if (*format == "application/vnd.api+json") return ResultType::json_api;
        for (auto const* name : {"json", "application/json", "application/javascript", "text/javascript", "*/*"}) {
            if (*format == name) return ResultType::json;
        }
        return ResultType::none;
    }
    auto const accept = http::trimmed(request.header("Accept"));
    if (accept.empty() || accept == "*/*") return ResultType::json;
    for (auto const* type : {"application/json", "application/javascript", "text/javascript"}) {
        if (accepts(accept, type)) return ResultType::json;
    }
    return ResultType::none;
}

bool prefers_html(Request const& request, ErrorForm const& form) {
    try {
        if (auto const format = format_of(request)) {
            if (*format == "html" || *format == "text/html") return true;
            if (*format == "json" || *format == "application/json") return false;
        }
    } catch (Error const&) {
        return false;  // The query itself may be what was wrong.
    }
    if (!form.negotiates) return form.is_page_by_default;
    auto const accept = http::trimmed(request.header("Accept"));
    if (accept.empty()) return false;
    auto const html = suit(accept, "text/html");
    auto const json = suit(accept, "application/json");
    if (html.quality <= 0 && json.quality <= 0) return form.is_page_by_default;
    return html.quality > 0 && html > json;
}

}  // namespace sallyport::rest

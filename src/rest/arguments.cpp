#include "rest/arguments.hpp"

#include "http/gzip.hpp"
#include "http/header_text.hpp"
#include "query/parse.hpp"
#include "rest/coercion.hpp"
#include "sallyport/ascii.hpp"
#include "sallyport/error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace sallyport::rest {
namespace {

constexpr std::string_view json_type = "application/json";
constexpr std::string_view form_type = "application/x-www-form-urlencoded";

// The charset parameter of a Content-Type (RFC 9110 section 8.3.2); "" if it names none.
std::string_view charset_of(std::string_view header) {
    for (auto semicolon = header.find(';'); semicolon != std::string_view::npos; semicolon = header.find(';')) {
        header.remove_prefix(semicolon + 1);
        auto const parameter = http::trimmed(header.substr(0, header.find(';')));
        auto const equals_sign = parameter.find('=');
        if (equals_sign == std::string_view::npos || !same_letters(parameter.substr(0, equals_sign), "charset"))
            continue;
        auto value = parameter.substr(equals_sign + 1);
        if (value.size() >= 2 && value.starts_with('"') && value.ends_with('"'))
            value = value.substr(1, value.size() - 2);
        return value;
    }
    return {};
}

void require_utf8(std::string_view content_type) {
    auto const charset = charset_of(content_type);
    if (charset.empty() || same_letters(charset, "utf-8")) return;
    throw Error{415, fmt::format("unsupported charset \"{}\"", to_upper(charset))}.with_name(
        "UnsupportedMediaTypeError");
}

Error too_large(char const* what) { return Error{413, what}.with_name("PayloadTooLargeError"); }

// Of a compressed body what was compressed, and nothing of others: they need no copy.
std::optional<std::string> decoded(Request const& request, std::size_t most) {
    auto const coding = request.header("Content-Encoding");
    if (coding.empty() || same_letters(coding, "identity")) return std::nullopt;
    if (!same_letters(coding, "gzip") && !same_letters(coding, "deflate")) {
        throw Error{415, fmt::format("unsupported content encoding \"{}\"", coding)}.with_name(
            "UnsupportedMediaTypeError");
    }
    try {
        return http::inflated(request.body, most);
    } catch (std::length_error const&) {
        throw too_large("request entity too large");
    } catch (http::BadCompression const& error) {
        throw Error{400, error.what(), "Z_DATA_ERROR"};
    }
}

Json parse_form(std::string_view text, bool refuse_duplicates) {
    constexpr std::size_t most_parameters = 1000;
    constexpr std::size_t shortest_list = 100;
    auto const parameters = static_cast<std::size_t>(std::ranges::count(text, '&')) + 1;
    if (parameters > most_parameters) throw too_large("too many parameters");
    query::BracketRules const rules{
        .levels = 32, .refuses_deeper = true, .list_limit = std::max(shortest_list, parameters)};
    return Json{query::read_query(text, refuse_duplicates, rules)};
}

// A byte order mark before it is passed over (RFC 8259 section 8.1).
Json parse_body(std::string_view text, JsonLimits const& limits) {
    constexpr std::string_view mark = "\xEF\xBB\xBF";
    if (text.starts_with(mark)) text.remove_prefix(mark.size());
    try {
        return parse_json(text, limits);
    } catch (JsonError const& error) {
        throw Error{400, error.what()}.with_name("SyntaxError");
    }
}

struct Found {
    Json value;
    bool is_typed = false;
};

Json of_query(JsonObject const& query, std::string_view name) {
    auto const* found = query.find(name);
    return found == nullptr ? Json{} : *found;
}

Json of_path(PathParameters const& path, std::string_view name) {
    auto const* found = path.find(name);
    return found == nullptr ? Json{} : Json{*found};
}

Json of_header(Request const& request, std::string_view name) {
    return request.has_header(name) ? Json{request.header(name)} : Json{};
}

// Path, then body, then query, then header, as LoopBack looks.
Found find_anywhere(std::string const& name, Input const& input) {
    if (auto const* segment = input.path.find(name)) return {Json{*segment}, false};
    if (auto value = input.body.value[name]; !value.is_undefined()) return {std::move(value), input.body.is_json};
    if (auto value = of_query(input.query, name); !value.is_undefined()) return {std::move(value), false};
    return {of_header(input.request, name), false};
}

Found find_argument(ArgumentSpec const& argument, Input const& input) {
    switch (argument.source) {
        case ArgumentSpec::Source::path:
            return {of_path(input.path, argument.name), false};
        case ArgumentSpec::Source::query:
            return {of_query(input.query, argument.name), false};
        case ArgumentSpec::Source::header:
            return {of_header(input.request, argument.name), false};
        case ArgumentSpec::Source::body:
            return {input.body.value, input.body.is_json};
        case ArgumentSpec::Source::form:
            return {input.body.value[argument.name], input.body.is_json};
        case ArgumentSpec::Source::options:
        case ArgumentSpec::Source::none:
            return {};
        case ArgumentSpec::Source::unspecified:
            break;
    }
    return find_anywhere(argument.name, input);
}

// A method that names no part of the body may read it as it is.
void refuse_unread(MethodSpec const& method, Request const& request) {
    auto const is_in_body = [](ArgumentSpec const& argument) {
        return argument.source == ArgumentSpec::Source::body || argument.source == ArgumentSpec::Source::form;
    };
    if (std::ranges::none_of(method.accepts, is_in_body)) return;
    auto const type = media_type(request.header("Content-Type"));
    throw Error{415, type.empty() ? std::string{"the body has no Content-Type: send application/json"}
                                  : fmt::format("unsupported media type \"{}\": send application/json", type)}
        .with_name("UnsupportedMediaTypeError");
}

}  // namespace

JsonLimits InputRules::json() const {
    JsonLimits limits;
    limits.duplicates = refuse_duplicates ? JsonLimits::Duplicates::refuse : JsonLimits::Duplicates::last_wins;
    return limits;
}

std::string_view media_type(std::string_view header) { return http::trimmed(header.substr(0, header.find(';'))); }

std::size_t body_limit(std::string_view content_type, InputRules const& rules) {
    auto const type = media_type(content_type);
    if (same_letters(type, json_type)) return rules.json_limit;
    if (same_letters(type, form_type)) return rules.form_limit;
    return std::max(rules.json_limit, rules.form_limit);
}

Body read_body(Request const& request, InputRules const& rules) {
    auto const content_type = request.header("Content-Type");
    auto const type = media_type(content_type);
    Body body;
    body.is_json = same_letters(type, json_type);
    body.is_unread = !request.body.empty() && !body.is_json && !same_letters(type, form_type);
    if (request.body.empty() || body.is_unread) return body;
    require_utf8(content_type);
    auto const limit = body_limit(content_type, rules);
    if (request.body.size() > limit) throw too_large("request entity too large");
    auto const inflated = decoded(request, limit);
    std::string_view const text = inflated ? *inflated : request.body;
    body.value = body.is_json ? parse_body(text, rules.json()) : parse_form(text, rules.refuse_duplicates);
    return body;
}

JsonObject read_arguments(MethodSpec const& method, Input const& input, definition::Registry const& models,
                          InputRules const& rules) {
    if (input.body.is_unread && rules.refuse_unread) refuse_unread(method, input.request);
    JsonObject arguments;
    for (auto const& argument : method.accepts) {
        auto found = find_argument(argument, input);
        if (found.value.is_undefined()) continue;
        Coercion const coercion{.models = models,
                                .json = rules.json(),
                                .allows_array = argument.allows_array,
                                .item_delimiters = rules.item_delimiters};
        auto value = found.is_typed ? from_typed(argument.type, std::move(found.value), coercion)
                                    : from_sloppy(argument.type, std::move(found.value), coercion);
        if (!value.is_undefined()) arguments.set(argument.name, std::move(value));
    }
    return arguments;
}

void require_arguments(MethodSpec const& method, JsonObject const& arguments) {
    for (auto const& argument : method.accepts) {
        auto const* value = arguments.find(argument.name);
        auto const is_absent =
            value == nullptr || value->is_nothing() || (value->is_string() && value->as_string().empty());
        if (argument.required && is_absent) throw Error{400, argument.name + " is a required argument"};
        if (value != nullptr && value->is_date() && std::isnan(value->as_date()))
            throw Error{400, fmt::format("Invalid argument \"{}\". Value is not a valid date.", argument.name)};
    }
}

Json asked_id(MethodSpec const& method, PathParameters const& path, JsonObject const& arguments,
              std::string_view id_name) {
    if (auto const* segment = path.find("id")) return Json{*segment};
    auto const* const named = arguments.find(method.record_argument);
    if (named == nullptr) return {};
    auto id = named->is_object() ? (*named)[id_name] : *named;
    return id.is_string() || id.is_number() ? id : Json{};  // What else is cast to an id could be another's.
}

}  // namespace sallyport::rest

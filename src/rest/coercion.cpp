#include "rest/coercion.hpp"

#include "sallyport/ascii.hpp"
#include "sallyport/error.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace sallyport::rest {
namespace {

enum class Kind : std::uint8_t { any, boolean, date, geopoint, integer, number, object, string, list };

constexpr double largest_safe_integer = 9007199254740991;

Kind kind_of(std::string_view name, definition::Registry const& models) {
    if (name == "string") return Kind::string;
    if (name == "number") return Kind::number;
    if (name == "object") return Kind::object;
    if (name == "boolean") return Kind::boolean;
    if (name == "integer") return Kind::integer;
    if (name == "date") return Kind::date;
    if (name == "geopoint") return Kind::geopoint;
    if (name == "array") return Kind::list;
    if (name == "any") return Kind::any;
    // Types nobody knows are any, as are "buffer" and "file".
    return models.find(name) != nullptr ? Kind::object : Kind::any;
}

[[noreturn]] void refuse(char const* what) { throw Error{400, what}; }

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool are_digits(std::string_view text) { return !text.empty() && std::ranges::all_of(text, is_digit); }

bool looks_like(std::string_view text, char open, char close) {
    return !text.empty() && text.front() == open && text.back() == close;
}

// JavaScript's white space and line ends, those outside ASCII that people paste included.
std::string_view trim(std::string_view text) {
    constexpr std::string_view ascii = " \t\n\v\f\r";
    constexpr std::string_view no_break_space = "\u00a0";
    constexpr std::string_view byte_order_mark = "\ufeff";
    for (auto changed = true; changed;) {
        auto const size = text.size();
        text.remove_prefix(std::min(text.find_first_not_of(ascii), size));
        auto const last = text.find_last_not_of(ascii);
        text = text.substr(0, last == std::string_view::npos ? 0 : last + 1);
        for (auto const mark : {no_break_space, byte_order_mark}) {
            if (text.starts_with(mark)) text.remove_prefix(mark.size());
            if (text.ends_with(mark)) text.remove_suffix(mark.size());
        }
        changed = text.size() != size;
    }
    return text;
}

std::optional<double> prefixed_number(std::string_view text) {
    if (text.size() < 3 || text[0] != '0') return std::nullopt;
    auto const letter = text[1] | 0x20;
    auto const radix = letter == 'x' ? 16 : letter == 'o' ? 8 : letter == 'b' ? 2 : 0;
    if (radix == 0) return std::nullopt;
    double value = 0;
    for (auto const c : text.substr(2)) {
        auto const digit = is_digit(c) ? c - '0' : (c | 0x20) >= 'a' && (c | 0x20) <= 'f' ? (c | 0x20) - 'a' + 10 : 99;
        if (digit >= radix) return std::numeric_limits<double>::quiet_NaN();
        value = value * radix + digit;
    }
    return value;
}

// StrDecimalLiteral without a sign: "1", "1.", ".5", "1e3".
bool is_decimal(std::string_view text) {
    auto const digits = [&] {
        auto const count = std::min(text.size(), text.find_first_not_of("0123456789"));
        text.remove_prefix(count);
        return count;
    };
    auto count = digits();
    if (text.starts_with('.')) {
        text.remove_prefix(1);
        count += digits();
    }
    if (count == 0) return false;
    if (text.empty()) return true;
    if (text.front() != 'e' && text.front() != 'E') return false;
    text.remove_prefix(1);
    if (text.starts_with('+') || text.starts_with('-')) text.remove_prefix(1);
    return digits() > 0 && text.empty();
}

// String(value) of JavaScript.
std::string to_string(Json const& value) {
    switch (value.kind()) {
        case Json::Kind::undefined:
            return "undefined";
        case Json::Kind::null:
            return "null";
        case Json::Kind::string:
            return value.as_string();
        case Json::Kind::object:
            return "[object Object]";
        case Json::Kind::array: {
            std::string text;
            for (auto const& item : value.as_array()) {
                if (&item != &value.as_array().front()) text += ',';
                if (!item.is_nothing()) text += to_string(item);
            }
            return text;
        }
        default:
            return to_text(value);
    }
}

bool is_none(Json const& value) { return value.is_undefined() || (value.is_string() && value.as_string().empty()); }

bool is_null_word(Json const& value) { return value.is_null() || (value.is_string() && value.as_string() == "null"); }

Json typed_number(Json value) {
    if (value.is_undefined()) return value;
    if (!value.is_number() || std::isnan(value.as_number())) refuse("Value is not a number.");
    return value;
}

Json typed_integer(Json value) {
    value = typed_number(std::move(value));
    if (value.is_undefined()) return value;
    auto const number = value.as_number();
    if (std::trunc(number) != number || std::abs(number) > largest_safe_integer) refuse("Value is not a safe integer.");
    return value;
}

Json typed_date(Json value) {
    if (value.is_undefined()) return value;
    if (value.is_string()) return Json::date(parse_date(value.as_string()));
    if (!value.is_number()) refuse("Value is not a valid date.");
    auto const time = value.as_number();  // TimeClip, ECMA-262 section 21.4.1.31
    return Json::date(std::abs(time) <= 8.64e15 ? std::trunc(time) + 0.0 : std::numeric_limits<double>::quiet_NaN());
}

Json typed_object(Json value, bool allows_array) {
    if (value.is_nothing() || value.is_object()) return value;
    if (!value.is_array() || !allows_array) refuse("Value is not an object.");
    for (auto const& item : value.as_array()) {
        if (!item.is_nothing() && !item.is_object()) refuse("Some of array items are not an object.");
    }
    return value;
}

// [lat, lng] of a text, an array or an object.
std::pair<Json, Json> coordinates(Json const& value) {
    if (value.is_string()) {
        auto const& text = value.as_string();
        auto const comma = text.find(',');
        if (comma == std::string::npos || text.find(',', comma + 1) != std::string::npos)
            refuse(R"(must provide a "lat,lng" string when creating a GeoPoint with string)");
        if (comma == 0 || comma + 1 == text.size()) refuse("lat & lng must be numbers when creating GeoPoint");
        std::string_view const both{text};
        return {to_number(both.substr(0, comma)), to_number(both.substr(comma + 1))};
    }
    if (value.is_array()) {
        if (value.as_array().size() != 2) refuse("must provide valid geo-cordinates array [lat, lng]");
        return {value.as_array()[0], value.as_array()[1]};
    }
    if (!value.is_object())
        refuse(R"(must provide valid geo-coordinates array [lat, lng] or object or a "lat, lng" string)");
    if (value["lat"].is_undefined() || value["lng"].is_undefined())
        refuse("must provide a lat and lng object when creating a GeoPoint");
    return {value["lat"], value["lng"]};
}

// In the words of LoopBack's arguments, which take less for a point than its properties do.
Json geopoint(Json const& value) {
    if (value.is_nothing()) return value;
    auto const [lat, lng] = coordinates(value);
    auto const is_number = [](Json const& part) { return part.is_number() && !std::isnan(part.as_number()); };
    if (!is_number(lat)) refuse("lat must be a number when creating a GeoPoint");
    if (!is_number(lng)) refuse("lng must be a number when creating a GeoPoint");
    if (lng.as_number() > 180) refuse("lng must be <= 180");
    if (lng.as_number() < -180) refuse("lng must be >= -180");
    if (lat.as_number() > 90) refuse("lat must be <= 90");
    if (lat.as_number() < -90) refuse("lat must be >= -90");
    return JsonObject{{"lat", lat}, {"lng", lng}};
}

Json parse(std::string const& text, JsonLimits const& limits, char const* complaint) {
    try {
        return parse_json(text, limits);
    } catch (JsonError const&) {
        refuse(complaint);
    }
}

Json typed_list(TypeName const& item, Json value, Coercion const& coercion) {
    if (value.is_nothing()) return value;
    if (!value.is_array()) refuse("Value is not an array.");
    for (auto& element : value.as_array()) element = from_typed(item, std::move(element), coercion);
    return value;
}

// The text at each delimiter, of which the first that fits counts.
JsonArray items_of(std::string_view text, std::span<std::string const> delimiters) {
    JsonArray items;
    std::size_t start = 0;
    for (std::size_t at = 0; at < text.size();) {
        auto const fits = [rest = text.substr(at)](auto const& mark) {
            return !mark.empty() && rest.starts_with(mark);
        };
        auto const mark = std::ranges::find_if(delimiters, fits);
        if (mark == delimiters.end()) {
            ++at;
            continue;
        }
        items.emplace_back(text.substr(start, at - start));
        start = at += mark->size();
    }
    items.emplace_back(text.substr(start));
    return items;
}

Json sloppy_list(TypeName const& item, Json value, Coercion const& coercion) {
    if (is_none(value)) return {};
    if (is_null_word(value)) return nullptr;
    if (value.is_string() && looks_like(value.as_string(), '[', ']')) {
        auto list = parse(value.as_string(), coercion.json, "Cannot parse JSON-encoded array value.");
        return typed_list(item, std::move(list), coercion);
    }
    if (value.is_string()) value = items_of(value.as_string(), coercion.item_delimiters);
    if (!value.is_array()) value = JsonArray{std::move(value)};
    for (auto& element : value.as_array()) element = from_sloppy(item, std::move(element), coercion);
    return value;
}

Json sloppy_boolean(Json const& value) {
    if (is_none(value)) return {};
    if (value.is_string()) {
        auto const& text = value.as_string();
        if (text == "1" || same_letters(text, "true")) return true;
        if (text == "0" || same_letters(text, "false")) return false;
    }
    refuse("Value is not a boolean.");
}

Json sloppy_number(Json const& value) {
    if (is_none(value)) return {};
    return typed_number(value.is_number() ? value : Json{to_number(to_string(value))});
}

Json sloppy_date(Json value) {
    if (is_none(value)) return {};
    if (value.is_string()) {
        std::string_view const text = value.as_string();
        if (are_digits(text.starts_with('-') ? text.substr(1) : text)) value = Json{to_number(text)};
    }
    return typed_date(std::move(value));
}

Json sloppy_object(Json value, Coercion const& coercion) {
    if (is_none(value)) return {};
    if (is_null_word(value)) return nullptr;
    if (value.is_string() && looks_like(value.as_string(), '{', '}'))
        value = parse(value.as_string(), coercion.json, "Cannot parse JSON-encoded object value.");
    return typed_object(std::move(value), coercion.allows_array);
}

Json sloppy_geopoint(Json value, Coercion const& coercion) {
    if (is_none(value)) return {};
    if (is_null_word(value)) return nullptr;
    if (value.is_string()) {
        auto const& text = value.as_string();
        if (looks_like(text, '{', '}') || looks_like(text, '[', ']'))
            value = parse(text, coercion.json, "Cannot parse JSON-encoded object value.");
    } else if (value.is_object()) {
        for (auto& [name, part] : value.as_object()) part = Json{to_number(to_string(part))};
    } else if (value.is_array()) {
        for (auto& part : value.as_array()) part = Json{to_number(to_string(part))};
    }
    return geopoint(value);
}

Json sloppy_string(Json const& value) {
    if (is_none(value)) return {};
    if (value.is_null()) refuse("Value is not a string.");
    return to_string(value);
}

// "-0", "12", "-.5": not "01", "1e3" or "0x10".
bool is_plain_number(std::string_view text) {
    if (text.starts_with('-')) text.remove_prefix(1);
    auto const dot = text.find('.');
    if (dot == std::string_view::npos) return are_digits(text) && (text.size() == 1 || text.front() != '0');
    return (dot == 0 || are_digits(text.substr(0, dot))) && are_digits(text.substr(dot + 1));
}

Json sloppy_any(Json value, Coercion const& coercion) {
    if (is_null_word(value)) return nullptr;
    if (!value.is_string()) return value;
    auto const& text = value.as_string();
    if (text.empty()) return {};
    if (same_letters(text, "true")) return true;
    if (same_letters(text, "false")) return false;
    if (is_plain_number(text)) {
        auto const number = to_number(text);
        return std::abs(number) <= largest_safe_integer ? Json{number} : value;
    }
    if (!looks_like(text, '{', '}') && !looks_like(text, '[', ']')) return value;
    try {
        return parse_json(text, coercion.json);
    } catch (JsonError const&) {
        return value;  // It only looked like JSON.
    }
}

}  // namespace

double to_number(std::string_view text) {
    text = trim(text);
    if (text.empty()) return 0;
    if (auto const number = prefixed_number(text)) return *number;
    auto const is_negative = text.starts_with('-');
    if (is_negative || text.starts_with('+')) text.remove_prefix(1);
    double number = std::numeric_limits<double>::quiet_NaN();
    if (text == "Infinity") {
        number = std::numeric_limits<double>::infinity();
    } else if (is_decimal(text)) {
        // Out of range: from_chars says only that; strtod gives the infinity or zero that JavaScript has.
        auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
        if (error == std::errc::result_out_of_range) number = std::strtod(std::string{text}.c_str(), nullptr);
    }
    return is_negative ? -number : number;
}

Json from_typed(TypeName const& type, Json value, Coercion const& coercion) {
    if (type.is_array) return typed_list({.name = type.name, .is_array = false}, std::move(value), coercion);
    switch (kind_of(type.name, coercion.models)) {
        case Kind::list:
            return typed_list({}, std::move(value), coercion);
        case Kind::boolean:
            if (!value.is_undefined() && !value.is_boolean()) refuse("Value is not a boolean.");
            return value;
        case Kind::string:
            if (!value.is_undefined() && !value.is_string()) refuse("Value is not a string.");
            return value;
        case Kind::number:
            return typed_number(std::move(value));
        case Kind::integer:
            return typed_integer(std::move(value));
        case Kind::date:
            return typed_date(std::move(value));
        case Kind::object:
            return typed_object(std::move(value), coercion.allows_array);
        case Kind::geopoint:
            return geopoint(value);
        case Kind::any:
            break;
    }
    return value;
}

Json from_sloppy(TypeName const& type, Json value, Coercion const& coercion) {
    if (type.is_array) return sloppy_list({.name = type.name, .is_array = false}, std::move(value), coercion);
    switch (kind_of(type.name, coercion.models)) {
        case Kind::list:
            return sloppy_list({}, std::move(value), coercion);
        case Kind::boolean:
            return sloppy_boolean(value);
        case Kind::string:
            return sloppy_string(value);
        case Kind::number:
            return sloppy_number(value);
        case Kind::integer:
            return typed_integer(sloppy_number(value));
        case Kind::date:
            return sloppy_date(std::move(value));
        case Kind::object:
            return sloppy_object(std::move(value), coercion);
        case Kind::geopoint:
            return sloppy_geopoint(std::move(value), coercion);
        case Kind::any:
            break;
    }
    return sloppy_any(std::move(value), coercion);
}

}  // namespace sallyport::rest

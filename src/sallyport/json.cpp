#include "sallyport/json.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

namespace sallyport {
namespace {

Json const undefined;

bool equal_numbers(double a, double b) { return a == b || (std::isnan(a) && std::isnan(b)); }

// What JavaScript takes for white space around a number: here ASCII's share of it.
std::string_view trim(std::string_view text) {
    constexpr std::string_view blanks = " \t\n\r\f\v";
    auto const first = text.find_first_not_of(blanks);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

double number_of_radix(std::string_view digits, int radix) {
    std::uint64_t value = 0;
    auto const [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value, radix);
    if (error != std::errc{} || end != digits.data() + digits.size() || digits.empty()) {
        return std::numeric_limits<double>::quiet_NaN();
    }
    return static_cast<double>(value);
}

// StringToNumber, ECMA-262 section 7.1.4.1.
double number_of_text(std::string_view text) {
    constexpr double nan = std::numeric_limits<double>::quiet_NaN();
    text = trim(text);
    if (text.empty()) return 0;
    if (text.size() > 2 && text[0] == '0') {
        switch (text[1]) {
            case 'x':
            case 'X':
                return number_of_radix(text.substr(2), 16);
            case 'o':
            case 'O':
                return number_of_radix(text.substr(2), 8);
            case 'b':
            case 'B':
                return number_of_radix(text.substr(2), 2);
            default:
                break;
        }
    }
    auto const sign = text[0] == '-' ? -1.0 : 1.0;
    if (text[0] == '-' || text[0] == '+') text.remove_prefix(1);
    if (text == "Infinity") return sign * std::numeric_limits<double>::infinity();
    if (text.empty() || (text[0] != '.' && (text[0] < '0' || text[0] > '9'))) return nan;
    double value = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (end != text.data() + text.size()) return nan;
    if (error == std::errc::result_out_of_range) {
        auto const exponent = text.find_first_of("eE");
        auto const tiny = exponent != std::string_view::npos && text.substr(exponent + 1).starts_with('-');
        return tiny ? 0 : sign * std::numeric_limits<double>::infinity();
    }
    return error == std::errc{} ? sign * value : nan;
}

std::string joined(JsonArray const& items) {
    std::string out;
    for (std::size_t i = 0; i < items.size(); ++i) {
        if (i != 0) out += ',';
        if (!items[i].is_nothing()) out += to_display(items[i]);
    }
    return out;
}

}  // namespace

JsonObject::JsonObject(JsonObject const& other) = default;
JsonObject::~JsonObject() = default;
JsonObject& JsonObject::operator=(JsonObject const& other) = default;

JsonObject::JsonObject(std::initializer_list<Member> members) {
    for (auto const& [name, value] : members) set(name, value);
}

Json const* JsonObject::find(std::string_view name) const {
    auto const found = std::ranges::find(members_, name, &Member::first);
    return found == members_.end() ? nullptr : &found->second;
}

Json* JsonObject::find(std::string_view name) {
    auto const found = std::ranges::find(members_, name, &Member::first);
    return found == members_.end() ? nullptr : &found->second;
}

Json& JsonObject::operator[](std::string_view name) {
    if (auto* found = find(name)) return *found;
    return members_.emplace_back(std::string{name}, Json{}).second;
}

void JsonObject::set(std::string_view name, Json value) { (*this)[name] = std::move(value); }

void JsonObject::reserve(std::size_t members) { members_.reserve(members); }

bool JsonObject::erase(std::string_view name) {
    return std::erase_if(members_, [&](Member const& member) { return member.first == name; }) != 0;
}

bool JsonObject::operator==(JsonObject const& other) const {
    return size() == other.size() && std::ranges::all_of(members_, [&](Member const& member) {
               auto const* twin = other.find(member.first);
               return twin != nullptr && *twin == member.second;
           });
}

Json Json::date(double milliseconds) {
    Json json;
    json.value_ = Date{milliseconds};
    return json;
}

Json const& Json::operator[](std::string_view name) const {
    auto const* object = std::get_if<JsonObject>(&value_);
    auto const* found = object ? object->find(name) : nullptr;
    return found ? *found : undefined;
}

bool Json::operator==(Json const& other) const {
    if (kind() != other.kind()) return false;
    switch (kind()) {
        case Kind::undefined:
        case Kind::null:
            return true;
        case Kind::boolean:
            return as_boolean() == other.as_boolean();
        case Kind::number:
            return equal_numbers(as_number(), other.as_number());
        case Kind::date:
            return equal_numbers(as_date(), other.as_date());
        case Kind::string:
            return as_string() == other.as_string();
        case Kind::array:
            return as_array() == other.as_array();
        case Kind::object:
            return as_object() == other.as_object();
    }
    return false;
}

std::string to_display(Json const& value) {
    switch (value.kind()) {
        case Json::Kind::undefined:
            return "undefined";
        case Json::Kind::null:
            return "null";
        case Json::Kind::boolean:
            return value.as_boolean() ? "true" : "false";
        case Json::Kind::number: {
            if (std::isnan(value.as_number())) return "NaN";
            if (std::isinf(value.as_number())) return value.as_number() < 0 ? "-Infinity" : "Infinity";
            std::string out;
            append_number(out, value.as_number());
            return out;
        }
        case Json::Kind::date: {
            if (std::isnan(value.as_date())) return "Invalid Date";
            std::string out;
            append_iso_date(out, value.as_date());
            return out;
        }
        case Json::Kind::string:
            return value.as_string();
        case Json::Kind::array:
            return joined(value.as_array());
        case Json::Kind::object:
            return "[object Object]";
    }
    return {};
}

double to_number(Json const& value) {
    switch (value.kind()) {
        case Json::Kind::null:
            return 0;
        case Json::Kind::boolean:
            return value.as_boolean() ? 1 : 0;
        case Json::Kind::number:
            return value.as_number();
        case Json::Kind::date:
            return value.as_date();
        case Json::Kind::string:
            return number_of_text(value.as_string());
        case Json::Kind::array:
            return number_of_text(joined(value.as_array()));
        case Json::Kind::undefined:
        case Json::Kind::object:
            break;
    }
    return std::numeric_limits<double>::quiet_NaN();
}

bool is_truthy(Json const& value) {
    switch (value.kind()) {
        case Json::Kind::undefined:
        case Json::Kind::null:
            return false;
        case Json::Kind::boolean:
            return value.as_boolean();
        case Json::Kind::number:
            return value.as_number() != 0 && !std::isnan(value.as_number());
        case Json::Kind::string:
            return !value.as_string().empty();
        case Json::Kind::date:
        case Json::Kind::array:
        case Json::Kind::object:
            return true;
    }
    return false;
}

}  // namespace sallyport

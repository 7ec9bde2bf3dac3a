// The juggler's casts, each written out: what a JavaScript constructor makes of a value, and where it throws.

#include "definition/value.hpp"

#include "crypto/random.hpp"
#include "sallyport/error.hpp"

#include <fmt/format.h>

#include <cmath>
#include <limits>
#include <string_view>
#include <utility>

namespace sallyport::definition {
namespace {

using Kind = PropertyType::Kind;

Json to_boolean(Json const& value) {
    if (value == Json{"false"} || value == Json{"0"}) return Json{false};
    return Json{is_truthy(value)};
}

Json to_date(Json const& value) {
    if (value.is_date()) return value;
    if (value.is_string()) return Json::date(parse_date(value.as_string()));
    if (value.is_array() || value.is_object()) return Json::date(parse_date(to_display(value)));
    auto const milliseconds = std::trunc(to_number(value));
    auto const in_range = std::abs(milliseconds) <= 8.64e15;  // ECMA-262 section 21.4.1.31
    return Json::date(in_range ? milliseconds + 0.0 : std::numeric_limits<double>::quiet_NaN());
}

Json to_date_string(Json value) {
    if (!value.is_string()) throw Error{400, "Input must be a string"};
    if (std::isnan(parse_date(value.as_string()))) throw Error{400, "Invalid date"};
    return value;
}

Json buffer_of(JsonArray bytes) { return JsonObject{{"type", "Buffer"}, {"data", std::move(bytes)}}; }

Json bytes_of(std::string_view text) {
    JsonArray bytes;
    bytes.reserve(text.size());
    for (auto const c : text) bytes.emplace_back(static_cast<unsigned char>(c));
    return buffer_of(std::move(bytes));
}

/// ToUint8 (ECMA-262 section 7.1.11).
double to_byte(Json const& value) {
    auto const number = to_number(value);
    if (!std::isfinite(number)) return 0;
    auto const rest = std::fmod(std::trunc(number), 256);
    return rest < 0 ? rest + 256 : rest + 0.0;
}

/// A number is no Buffer, although Node makes one of that many zeros: it would be a way to fill the memory.
Json to_buffer(Json const& value) {
    if (value.is_string()) return bytes_of(value.as_string());
    auto const& list = value["type"] == Json{"Buffer"} ? value["data"] : value;
    if (!list.is_array())
        throw Error{400, R"(A Buffer is a text, a list of bytes or {"type": "Buffer", "data": [...]}.)"};
    JsonArray bytes;
    bytes.reserve(list.as_array().size());
    for (auto const& item : list.as_array()) bytes.emplace_back(to_byte(item));
    return buffer_of(std::move(bytes));
}

/// An element of a typed array; unlike a property, null is cast too.
Json to_element(PropertyType const& type, Json value) {
    if (value.is_array()) return value;
    if (!value.is_nothing()) return to_property_value(type, std::move(value));
    switch (type.kind) {
        case Kind::string:
            return Json{to_display(value)};
        case Kind::number:
            return Json{to_number(value)};
        case Kind::boolean:
            return Json{false};
        case Kind::date_string:
            return to_date_string(std::move(value));
        case Kind::buffer:
            return to_buffer(value);
        case Kind::object:
            return Json::object();
        default:
            return value;
    }
}

Json to_array(PropertyType const& type, Json value) {
    if (value.is_string()) {
        try {
            value = parse_json(value.as_string());
        } catch (JsonError const&) {
            throw Error{400, fmt::format("could not create List from JSON string: {}", to_text(value))};
        }
    }
    if (!is_truthy(value)) value = Json::array();
    if (!value.is_array()) throw Error{400, fmt::format("Items must be an array: {}", to_text(value))};
    if (!type.element) return value;
    for (auto& item : value.as_array()) item = to_element(*type.element, std::move(item));
    return value;
}

[[noreturn]] void refuse_geopoint() {
    throw Error{
        400, "A geopoint is {\"lat\": ..., \"lng\": ...} with a latitude of -90 to 90 and a longitude of -180 to 180."};
}

/// [lat, lng] of "12.5,13.5", of JSON text, of an array, whatever follows in it, or of an object.
std::pair<double, double> coordinates(Json const& value) {
    if (value.is_array() && value.as_array().size() >= 2)
        return {to_number(value.as_array()[0]), to_number(value.as_array()[1])};
    if (value.is_object()) return {to_number(value["lat"]), to_number(value["lng"])};
    if (!value.is_string()) refuse_geopoint();
    auto const& text = value.as_string();
    if (text.starts_with('{') || text.starts_with('[')) {
        try {
            return coordinates(parse_json(text));
        } catch (JsonError const&) {
            refuse_geopoint();
        }
    }
    auto const comma = text.find(',');
    if (comma == std::string::npos || text.find(',', comma + 1) != std::string::npos) refuse_geopoint();
    return {to_number(Json{text.substr(0, comma)}), to_number(Json{text.substr(comma + 1)})};
}

Json to_geopoint(Json const& value) {
    auto const [latitude, longitude] = coordinates(value);
    auto const is_good = std::abs(latitude) <= 90 && std::abs(longitude) <= 180;  // False for NaN as well.
    if (!is_good) refuse_geopoint();
    return Json{JsonObject{{"lat", Json{latitude}}, {"lng", Json{longitude}}}};
}

/// Text that may be JSON, for types whose values may be objects.
Json parsed(Json value) {
    if (!value.is_string()) return value;
    try {
        return parse_json(value.as_string());
    } catch (JsonError const&) {
        return value;
    }
}

JsonObject to_members(std::vector<Property> const& properties, JsonObject const& data) {
    JsonObject record;
    for (auto const& property : properties) {
        auto const* value = data.find(property.name);
        if (!value || value->is_undefined()) continue;
        auto cast = to_property_value(property.type, *value);
        auto const is_no_id = property.is_id && cast.is_number() && std::isnan(cast.as_number());
        if (!is_no_id) record.append(property.name, std::move(cast));
    }
    return record;
}

bool is_known(std::vector<Property> const& properties, std::string_view name) {
    for (auto const& property : properties) {
        if (property.name == name) return true;
    }
    return false;
}

// A list where members are known: each item under its place.
Json with_places(JsonArray items) {
    JsonObject members;
    for (std::size_t at = 0; at < items.size(); ++at) members.append(std::to_string(at), std::move(items[at]));
    return Json{std::move(members)};
}

Json to_object(PropertyType const& type, Json value) {
    value = parsed(std::move(value));
    auto const has_members = type.kind == Kind::model || !type.properties.empty();
    if (type.kind == Kind::object && has_members && value.is_array()) value = with_places(std::move(value.as_array()));
    if (has_members && (value.is_number() || value.is_boolean())) return Json::object();
    if (!value.is_object() || (type.properties.empty() && !type.drops_unknown)) return value;
    auto record = to_members(type.properties, value.as_object());
    if (type.drops_unknown) return Json{std::move(record)};
    for (auto const& [name, member] : value.as_object()) {
        if (!is_known(type.properties, name)) record.append(name, member);
    }
    return Json{std::move(record)};
}

bool is_now(Property const& property) {
    return property.type.kind == Kind::date && property.default_value == Json{"$now"};
}

Json default_of(Property const& property, std::int64_t now) {
    auto const& function = property.default_function;
    if (!property.default_value.is_undefined()) {
        if (is_now(property)) return Json::date(static_cast<double>(now));
        return to_property_value(property.type, property.default_value);
    }
    if (function == "now") return Json::date(static_cast<double>(now));
    if (function == "guid" || function == "uuid" || function == "uuidv4") return Json{crypto::random_uuid()};
    if (function == "shortid") return Json{crypto::random_token(10)};
    if (function == "nanoid") return Json{crypto::random_token(21)};
    return {};
}

void fill_members(std::vector<Property> const& properties, JsonObject& record, std::int64_t now);

void fill_below(PropertyType const& type, Json& value, std::int64_t now) {
    if (value.is_object() && !type.properties.empty()) fill_members(type.properties, value.as_object(), now);
    if (!value.is_array() || !type.element) return;
    for (auto& item : value.as_array()) fill_below(*type.element, item, now);
}

void fill_members(std::vector<Property> const& properties, JsonObject& record, std::int64_t now) {
    for (auto const& property : properties) {
        auto* value = record.find(property.name);
        if (value && !value->is_undefined()) {
            fill_below(property.type, *value, now);
            if (!property.keeps_default && *value == default_of(property, now)) record.erase(property.name);
            continue;
        }
        if (!property.fills_default || !property.keeps_default) continue;
        auto initial = default_of(property, now);
        if (initial.is_undefined()) continue;
        fill_below(property.type, initial, now);
        record.set(property.name, std::move(initial));
    }
}

}  // namespace

Json to_property_value(PropertyType const& type, Json value) {
    if (value.is_nothing()) return value;
    switch (type.kind) {
        case Kind::string:
            return Json{to_display(value)};
        case Kind::number:
            return Json{to_number(value)};
        case Kind::boolean:
            return to_boolean(value);
        case Kind::date:
            return to_date(value);
        case Kind::array:
            return to_array(type, std::move(value));
        case Kind::geopoint:
            return to_geopoint(value);
        case Kind::object:
        case Kind::model:
            return to_object(type, std::move(value));
        case Kind::date_string:
            return to_date_string(std::move(value));
        case Kind::buffer:
            return to_buffer(value);
        case Kind::any:
            return parsed(std::move(value));
    }
    return value;
}

Json to_record(Model const& model, JsonObject const& data) {
    auto record = to_members(model.properties, data);
    if (model.strict == Strict::filter) return Json{std::move(record)};
    for (auto const& [name, value] : data) {
        if (!value.is_undefined() && !model.property(name)) record.append(name, value);
    }
    return Json{std::move(record)};
}

Json fixed_default(Property const& property) {
    if (!property.fills_default || !property.keeps_default || is_now(property)) return {};
    return to_property_value(property.type, property.default_value);
}

void fill_defaults(Model const& model, JsonObject& record, std::int64_t now) {
    fill_members(model.properties, record, now);
}

Json to_id(Model const& model, std::string_view text) {
    auto const* id = model.id();
    if (!id) return {};
    if (id->type.kind != Kind::number) return Json{text};
    auto const number = to_number(Json{text});
    return text.empty() || std::isnan(number) ? Json{} : Json{number};
}

}  // namespace sallyport::definition

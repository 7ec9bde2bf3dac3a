#include "explorer/schemas.hpp"

#include "sallyport/ascii.hpp"

#include <set>

namespace sallyport::explorer {
namespace {

using definition::PropertyType;

// LoopBack's name for the schema of a value that may be anything.
constexpr auto any_name = "x-any";
constexpr auto point_name = "GeoPoint";

JsonObject typed(char const* type) { return {{"type", type}}; }
JsonObject typed(char const* type, char const* format) { return {{"type", type}, {"format", format}}; }

JsonObject array_of(Json items) { return {{"type", "array"}, {"items", std::move(items)}}; }

// Names in references go by what both formats allow in them: other letters are rare, and become "_".
std::string as_name(std::string_view text) {
    std::string name{text};
    for (auto& c : name) {
        if (!is_letter_or_digit(c) && c != '-' && c != '.') c = '_';
    }
    return name;
}

std::string_view suffix_of(Form form) {
    switch (form) {
        case Form::fresh:
            return ".new";
        case Form::changes:
            return ".changes";
        case Form::whole:
            break;
    }
    return "";
}

JsonObject point(Dialect dialect) {
    if (dialect == Dialect::swagger)
        return {{"properties", JsonObject{{"lat", typed("number")}, {"lng", typed("number")}}}};
    return {{"type", "object"},
            {"description", "A place on the earth, in degrees."},
            {"properties", JsonObject{{"lat", typed("number", "double")}, {"lng", typed("number", "double")}}}};
}

JsonObject count_of_records() {
    return {{"type", "object"}, {"properties", JsonObject{{"count", typed("number", "double")}}}};
}

// A password is hidden, and yet an account is made with one.
bool is_password(definition::Model const& model, definition::Property const& property) {
    return property.name == "password" && model.is("User");
}

bool is_shown(definition::Model const& model, definition::Property const& property, Form form) {
    if (form == Form::whole) return !property.is_hidden;
    if (((property.is_id && property.is_generated) || property.is_update_only) && form == Form::fresh) return false;
    return !property.is_hidden || (is_password(model, property) && form == Form::fresh);
}

}  // namespace

Json Schemas::anything() {
    if (dialect_ == Dialect::openapi) return Json::object();
    return reference(any_name, {}, Form::whole);
}

Json Schemas::reference(std::string const& name, std::string const& model, Form form) {
    wanted_.try_emplace(name, model, form);
    auto const* root = dialect_ == Dialect::swagger ? "#/definitions/" : "#/components/schemas/";
    return JsonObject{{"$ref", root + name}};
}

Json Schemas::record(std::string const& model, Form form) {
    // Swagger 2.0 gets LoopBack's one definition a model.
    if (dialect_ == Dialect::swagger) form = Form::whole;
    return reference(as_name(model) + std::string{suffix_of(form)}, model, form);
}

Json Schemas::of(TypeName const& type) {
    auto one = of_name(type.name);
    return type.is_array ? Json{array_of(std::move(one))} : one;
}

Json Schemas::of_return(MethodSpec const& method, ReturnSpec const& value) {
    return method.name == "updateAll" && value.name == "info" && value.root ? Json{count_of_records()} : of(value.type);
}

Json Schemas::of_name(std::string const& name) {
    if (name == "string") return typed("string");
    if (name == "number") return typed("number", "double");
    if (name == "integer") return typed("integer", "int32");
    if (name == "boolean") return typed("boolean");
    if (name == "date" || name == "datestring") return typed("string", "date-time");
    if (name == "object") return typed("object");
    if (name == "array") return array_of(anything());
    if (name == "buffer") return of_property({.kind = PropertyType::Kind::buffer});
    if (name == "geopoint") return reference(point_name, {}, Form::whole);
    return models_.find(name) != nullptr ? record(name) : anything();
}

Json Schemas::of_property(PropertyType const& type) {
    using enum PropertyType::Kind;
    switch (type.kind) {
        case array:
            return array_of(type.element ? of_property(*type.element) : anything());
        case model:
            if (models_.find(type.model) != nullptr) return record(type.model);
            return dialect_ == Dialect::swagger ? anything() : typed("object");
        case buffer:
            if (dialect_ == Dialect::swagger) return typed("string", "byte");
            return JsonObject{{"type", "object"},
                              {"properties", JsonObject{{"type", JsonObject{{"const", "Buffer"}}},
                                                        {"data", array_of(typed("integer"))}}}};
        case date_string:
            return typed("string");
        case string:
        case number:
        case boolean:
        case date:
        case object:
        case any:
        case geopoint:
            break;
    }
    return of_name(std::string{type.name()});
}

Json Schemas::members(definition::Model const& model, Form form, JsonArray& required) {
    JsonObject members;
    for (auto const& property : model.properties) {
        if (!is_shown(model, property, form)) continue;
        auto schema = of_property(property.type);
        auto const is_reference = schema.as_object().contains("$ref");
        if (!property.description.empty() && !is_reference) schema["description"] = property.description;
        if (!property.default_value.is_undefined() && !is_reference) schema["default"] = property.default_value;
        bool const is_counted = property.is_generated && property.type.kind == PropertyType::Kind::number;
        if (dialect_ == Dialect::openapi && is_counted) schema["example"] = 1;  // Pages would show 0.1.
        if (dialect_ == Dialect::openapi && is_password(model, property)) {
            schema["format"] = "password";
            schema["writeOnly"] = true;
        }
        members.append(property.name, std::move(schema));
        // LoopBack's definitions ask for an id that no store makes.
        auto const is_own_id = dialect_ == Dialect::swagger && property.is_id && !property.is_generated;
        if ((property.is_required || is_own_id) && form != Form::changes) required.emplace_back(property.name);
    }
    return members;
}

Json Schemas::of_model(definition::Model const& model, Form form) {
    JsonArray required;
    JsonObject schema;
    if (dialect_ == Dialect::openapi) schema.append("type", "object");
    if (!model.description.empty()) schema.append("description", model.description);
    schema.append("properties", members(model, form, required));
    if (!required.empty()) schema.append("required", std::move(required));
    if (dialect_ == Dialect::swagger)
        schema.append("additionalProperties", false);  // As LoopBack has it, strict or not.
    return schema;
}

JsonObject Schemas::definitions() {
    std::map<std::string, Json> made;
    // A definition may want others; what it adds comes in the next round.
    while (made.size() < wanted_.size()) {
        for (auto const& [name, of] : auto{wanted_}) {
            if (made.contains(name)) continue;
            auto const* model = models_.find(of.first);
            if (model != nullptr) {
                made.emplace(name, of_model(*model, of.second));
            } else {
                made.emplace(name,
                             name == point_name ? Json{point(dialect_)} : JsonObject{{"properties", Json::object()}});
            }
        }
    }
    JsonObject definitions;
    for (auto& [name, schema] : made) definitions.append(name, std::move(schema));
    return definitions;
}

}  // namespace sallyport::explorer

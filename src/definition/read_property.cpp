#include "definition/read_property.hpp"

#include "definition/known_keys.hpp"
#include "definition/value.hpp"
#include "sallyport/ascii.hpp"
#include "sallyport/error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace sallyport::definition {
namespace {

using Kind = PropertyType::Kind;

struct NamedKind {
    std::string_view name;
    Kind kind;
};

constexpr std::array named_kinds{NamedKind{"string", Kind::string},
                                 NamedKind{"text", Kind::string},
                                 NamedKind{"datestring", Kind::date_string},
                                 NamedKind{"objectid", Kind::string},
                                 NamedKind{"number", Kind::number},
                                 NamedKind{"boolean", Kind::boolean},
                                 NamedKind{"date", Kind::date},
                                 NamedKind{"object", Kind::object},
                                 NamedKind{"array", Kind::array},
                                 NamedKind{"any", Kind::any},
                                 NamedKind{"json", Kind::any},
                                 NamedKind{"null", Kind::any},
                                 NamedKind{"geopoint", Kind::geopoint},
                                 NamedKind{"buffer", Kind::buffer},
                                 NamedKind{"binary", Kind::buffer}};

class PropertyReader {
public:
    PropertyReader(std::vector<ModelMention>& mentions, Findings& findings)
        : mentions_{mentions}, findings_{findings} {}

    Property property(LocatedMember const& member) {
        Property property;
        property.name = member.name;
        if (member.name.find('.') != std::string::npos) {
            findings_.mistake(member.place, fmt::format("the property name \"{}\" contains a dot", member.name),
                              "LoopBack refuses such names too");
        }
        auto const& value = member.value;
        auto const* type = value.find("type");
        if (!value.is_object() || !type) {
            property.type = read_type(value);
            return property;
        }
        check_keys(value, property_keys(), fmt::format("the property \"{}\"", member.name), findings_);
        property.type = read_type(*type);
        read_attributes(value, property);
        return property;
    }

    PropertyType read_type(Located const& type) {
        PropertyType read;
        if (type.is_string()) return named(type);
        if (type.is_array()) return list(type);
        if (type.is_object()) {
            read.kind = Kind::object;
            for (auto const& member : type.members) read.properties.push_back(property(member));
            return read;
        }
        findings_.mistake(type.place, fmt::format("{} is no property type", to_text(type.json())),
                          R"(use a name such as "string")");
        return read;
    }

private:
    PropertyType named(Located const& type) {
        auto const& name = type.value.as_string();
        PropertyType read;
        auto const known = std::ranges::find(named_kinds, to_lower(name), &NamedKind::name);
        if (known != named_kinds.end()) {
            read.kind = known->kind;
            read.is_text = known->name == "text";
            return read;
        }
        read.kind = Kind::model;
        read.model = name;
        mentions_.push_back({.name = name, .place = type.place});
        return read;
    }

    PropertyType list(Located const& type) {
        PropertyType read;
        read.kind = Kind::array;
        if (type.items.size() > 1) {
            findings_.mistake(type.items[1].place, "an array type has one item type",
                              R"(write ["string"], or "array" for mixed ones)");
        }
        if (type.items.empty()) return read;
        auto const& item = type.items.front();
        auto const* item_type = item.find("type");
        auto element = read_type(item_type ? *item_type : item);
        if (element.kind != Kind::any) read.element = std::make_shared<PropertyType>(std::move(element));
        return read;
    }

    void read_attributes(Located const& value, Property& property) {
        property.is_required = is_set(value, "required");
        property.is_id = is_set(value, "id");
        property.is_generated = value.flag("generated", false);
        property.is_update_only = value.flag("updateOnly", false);
        property.fills_default = value.flag("applyDefaultOnWrites", true);
        property.keeps_default = value.flag("persistDefaultValues", true);
        property.is_indexed = is_set(value, "index") || is_set(value, "unique");
        auto const* index = value.find("index");
        property.is_unique = is_set(value, "unique") || (index && index->flag("unique", false));
        if (auto const* initial = value.find("default")) {
            property.default_value = initial->json();
            check_default(property, *initial);
        }
        property.default_function = default_function(value);
        for (auto const* connector : {"sqlite3", "postgresql"}) {
            if (auto const* own = value.find(connector)) property.column = own->text("columnName");
        }
        property.description = value.text("description");
        if (property.description.empty()) property.description = value.text("doc");
    }

    void check_default(Property const& property, Located const& initial) {
        if (property.default_value == Json{"$now"}) return;
        auto is_good = true;
        try {
            auto const value = to_property_value(property.type, property.default_value);
            is_good = !(value.is_number() && std::isnan(value.as_number())) &&
                      !(value.is_date() && std::isnan(value.as_date()));
        } catch (Error const&) {
            is_good = false;
        }
        if (!is_good)
            findings_.mistake(initial.place,
                              fmt::format("{} is no {}", to_text(property.default_value), property.type.name()),
                              "change the default, or the type");
    }

    static bool is_set(Located const& value, std::string_view name) {
        auto const* found = value.find(name);
        return found && is_truthy(found->json());
    }

    std::string default_function(Located const& value) {
        static std::vector<std::string> const known{"now", "guid", "uuid", "uuidv4", "shortid", "nanoid"};
        auto const* function = value.find("defaultFn");
        if (!function || !function->is_string()) return {};
        return require_word(*function, known, "default function", findings_) ? function->value.as_string() : "";
    }

    std::vector<ModelMention>& mentions_;
    Findings& findings_;
};

}  // namespace

Property read_property(LocatedMember const& member, std::vector<ModelMention>& mentions, Findings& findings) {
    return PropertyReader{mentions, findings}.property(member);
}

TypeName read_type_name(Located const& type, std::vector<ModelMention>& mentions, Findings& findings) {
    static std::vector<std::string> const simple{"string", "number", "integer",  "boolean", "date",
                                                 "object", "any",    "geopoint", "buffer",  "file"};
    if (type.is_object()) return {.name = "object", .is_array = false};
    if (type.is_array()) {
        auto element = type.items.empty() ? TypeName{} : read_type_name(type.items.front(), mentions, findings);
        return {.name = element.name, .is_array = true};
    }
    if (!type.is_string()) return {};
    auto const& name = type.value.as_string();
    auto const lower = to_lower(name);
    if (lower == "array") return {.name = "any", .is_array = true};
    if (lower == "objectid") return {.name = "string", .is_array = false};
    if (std::ranges::find(simple, lower) != simple.end()) return {.name = lower, .is_array = false};
    if (lower == "readablestream") return {.name = "file", .is_array = false};
    mentions.push_back({.name = name, .place = type.place});
    return {.name = name, .is_array = false};
}

}  // namespace sallyport::definition

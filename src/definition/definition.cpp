#include "definition/definition.hpp"

#include <algorithm>
#include <stdexcept>

namespace sallyport::definition {

std::string_view PropertyType::name() const {
    switch (kind) {
        case Kind::string:
            return "string";
        case Kind::number:
            return "number";
        case Kind::boolean:
            return "boolean";
        case Kind::date:
            return "date";
        case Kind::date_string:
            return "datestring";
        case Kind::object:
            return "object";
        case Kind::array:
            return "array";
        case Kind::any:
            return "any";
        case Kind::geopoint:
            return "geopoint";
        case Kind::buffer:
            return "buffer";
        case Kind::model:
            return model;
    }
    return "any";
}

std::vector<std::string> property_names(Model const& model) {
    std::vector<std::string> names;
    for (auto const& property : model.properties) names.push_back(property.name);
    return names;
}

Property const* Model::property(std::string_view wanted) const {
    auto const found = std::ranges::find(properties, wanted, &Property::name);
    return found == properties.end() ? nullptr : &*found;
}

Property const* Model::id() const {
    auto const found = std::ranges::find_if(properties, &Property::is_id);
    return found == properties.end() ? nullptr : &*found;
}

Relation const* Model::relation(std::string_view wanted) const {
    auto const found = std::ranges::find(relations, wanted, &Relation::name);
    return found == relations.end() ? nullptr : &*found;
}

bool Model::is(std::string_view base) const { return name == base || std::ranges::find(bases, base) != bases.end(); }

bool Model::flag(std::string_view wanted, bool otherwise) const {
    auto const& value = settings[wanted];
    return value.is_boolean() || value.is_number() || value.is_string() ? is_truthy(value) : otherwise;
}

double Model::number(std::string_view wanted, double otherwise) const {
    auto const& value = settings[wanted];
    return value.is_boolean() || value.is_number() || value.is_string() ? to_number(value) : otherwise;
}

Model const* Registry::find(std::string_view name) const {
    auto const found = models_.find(name);
    return found == models_.end() ? nullptr : &found->second;
}

Model const& Registry::get(std::string_view name) const {
    auto const* model = find(name);
    if (!model) throw std::out_of_range{"there is no model " + std::string{name}};
    return *model;
}

void Registry::add(Model model) {
    auto name = model.name;
    models_.insert_or_assign(std::move(name), std::move(model));
}

std::vector<Model const*> Registry::user_models() const {
    std::vector<Model const*> found;
    for (auto const& [name, model] : models_) {
        if (model.is("User") && !model.data_source.empty()) found.push_back(&model);
    }
    return found;
}

}  // namespace sallyport::definition

// A model with a property of every kind, for tests of filters and stores: the contract's Place, and one hidden
// property.

#pragma once

#include "definition/definition.hpp"

#include <memory>
#include <string>
#include <utility>

namespace sallyport {

inline definition::Property property(std::string name, definition::PropertyType::Kind kind) {
    definition::Property made;
    made.name = std::move(name);
    made.type.kind = kind;
    return made;
}

inline definition::Model place_model() {
    using Kind = definition::PropertyType::Kind;
    definition::Model model;
    model.name = "Place";
    model.bases = {"PersistedModel", "Model"};
    model.settings = Json::object();
    for (auto const& [name, kind] :
         {std::pair{"name", Kind::string}, std::pair{"location", Kind::geopoint}, std::pair{"info", Kind::object},
          std::pair{"ratings", Kind::array}, std::pair{"nickname", Kind::string}, std::pair{"score", Kind::number},
          std::pair{"opened", Kind::date}, std::pair{"open", Kind::boolean}, std::pair{"misc", Kind::any},
          std::pair{"pin", Kind::string}}) {
        model.properties.push_back(property(name, kind));
    }
    model.properties[3].type.element = std::make_shared<definition::PropertyType>();
    model.properties[3].type.element->kind = Kind::number;
    model.properties.back().is_hidden = true;
    auto id = property("id", Kind::number);
    id.is_id = true;
    id.is_generated = true;
    model.properties.push_back(std::move(id));
    return model;
}

}  // namespace sallyport

// One property of a model's JSON: its type, its attributes, what is wrong with them.

#pragma once

#include "definition/definition.hpp"
#include "definition/located_json.hpp"

#include <string>
#include <vector>

namespace sallyport::definition {

/// A model's name that stands where a type does, to be found once every model is known.
struct ModelMention {
    std::string name;
    Place place;
};

/// Reads `"name": ...` of "properties": "string", ["string"], {"type": ...} or an object of further properties.
/// Model names used as types are added to `mentions`.
Property read_property(LocatedMember const& member, std::vector<ModelMention>& mentions, Findings& findings);

/// The type of an argument or a return.
TypeName read_type_name(Located const& type, std::vector<ModelMention>& mentions, Findings& findings);

}  // namespace sallyport::definition

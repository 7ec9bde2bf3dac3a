// One model file: its JSON, laid over what its base says.

#pragma once

#include "definition/definition.hpp"
#include "definition/located_json.hpp"
#include "definition/method_names.hpp"
#include "definition/read_property.hpp"

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace sallyport::definition {

/// A model on its way: relations are not tied to the other side yet, mixins not applied.
struct Draft {
    Model model;
    Place place;                            ///< Of its name.
    std::string own_plural;                 ///< "plural" as written here or in a base; "" for none.
    std::string own_path;                   ///< "http.path" likewise.
    std::vector<LocatedMember> relations;   ///< As written; those of bases first.
    std::vector<LocatedMember> mixins;      ///< Likewise.
    std::vector<Located> hidden;            ///< Names under "hidden" and "protected" of this file.
    std::vector<std::string> hidden_names;  ///< Those of bases included.
    std::vector<std::string> protected_names;
    std::vector<ModelMention> mentions;    ///< Models named as types.
    std::vector<ModelMention> principals;  ///< Models named as principal types.
    std::vector<Place> owners;             ///< Of "$owner" in the rules of this file.
    std::vector<MethodMention> methods;    ///< Methods named by rules and "sharedMethods".
    std::vector<LocatedMember> indexes;    ///< As written in this file.
    bool is_built_in = false;
};

using Drafts = std::map<std::string, Draft, std::less<>>;

std::vector<std::string> names_of(Drafts const& drafts);

/// The base that a model file names; "PersistedModel" unless it says otherwise.
std::string base_of(Located const& file);

/// Reads a model's file. `base` is null only for Model itself.
Draft read_model(Located const& file, Draft const* base, Findings& findings);

/// Lays an entry of model-config.json over the model.
void configure(Draft& draft, LocatedMember const& entry, Findings& findings);

}  // namespace sallyport::definition

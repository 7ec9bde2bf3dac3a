#include "definition/finish_models.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace sallyport::definition {
namespace {

void fill_embedded(PropertyType& type, Drafts const& drafts, int depth) {
    if (type.element) {
        auto element = std::make_shared<PropertyType>(*type.element);
        fill_embedded(*element, drafts, depth);
        type.element = std::move(element);
    }
    if (type.kind == PropertyType::Kind::model && depth > 0) {
        auto const found = drafts.find(type.model);
        auto properties = found == drafts.end() ? std::vector<Property>{} : found->second.model.properties;
        type.properties = std::move(properties);
    }
    if (depth == 0) return;
    for (auto& property : type.properties) fill_embedded(property.type, drafts, depth - 1);
}

void mark_hidden(Draft& draft, Findings& findings) {
    auto& model = draft.model;
    for (auto& property : model.properties) {
        property.is_hidden = std::ranges::find(draft.hidden_names, property.name) != draft.hidden_names.end();
        property.is_protected = std::ranges::find(draft.protected_names, property.name) != draft.protected_names.end();
    }
    std::vector<std::string> names;
    for (auto const& property : model.properties) names.push_back(property.name);
    for (auto const& hidden : draft.hidden) {
        auto const& name = hidden.value.as_string();
        if (model.property(name) || model.relation(name)) continue;
        auto hint = did_you_mean(name, names);
        findings.mistake(hidden.place, fmt::format("\"{}\" has no property \"{}\" to hide", model.name, name),
                         hint.empty() ? "declare it under \"properties\"" : hint);
    }
}

}  // namespace

void finish_models(Drafts& drafts, Findings& findings) {
    std::vector<std::string> const types{"string", "number", "boolean",  "date",   "object",
                                         "array",  "any",    "geopoint", "buffer", "datestring"};
    for (auto& [name, draft] : drafts) {
        mark_hidden(draft, findings);
        for (auto const& mention : draft.mentions) {
            if (drafts.contains(mention.name)) continue;
            auto known = names_of(drafts);
            known.insert(known.begin(), types.begin(), types.end());
            auto hint = mention.name == "integer" ? R"(use "number")" : did_you_mean(mention.name, known);
            findings.mistake(mention.place, fmt::format("there is no type or model \"{}\"", mention.name), hint);
        }
        for (auto const& principal : draft.principals) {
            auto const found = drafts.find(principal.name);
            if (found != drafts.end() && found->second.model.is("User")) continue;
            std::vector<std::string> known{"ROLE", "USER", "APP"};
            for (auto const& [other, user] : drafts) {
                if (user.model.is("User")) known.push_back(other);
            }
            auto hint = did_you_mean(principal.name, known);
            findings.mistake(principal.place, fmt::format("\"{}\" is no principal type", principal.name),
                             hint.empty() ? "use ROLE, USER, APP or a model based on User" : hint);
        }
    }
    for (auto& [name, draft] : drafts) {
        for (auto& property : draft.model.properties) fill_embedded(property.type, drafts, 3);
    }
}

}  // namespace sallyport::definition

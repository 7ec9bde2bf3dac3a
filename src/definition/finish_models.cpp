#include "definition/finish_models.hpp"

#include "definition/known_keys.hpp"
#include "sallyport/ascii.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
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
        type.drops_unknown = found != drafts.end() && found->second.model.strict != Strict::off;
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
    auto const names = property_names(model);
    for (auto const& hidden : draft.hidden) {
        auto const& name = hidden.value.as_string();
        if (model.property(name) || model.relation(name)) continue;
        auto hint = did_you_mean(name, names);
        findings.mistake(hidden.place, fmt::format("\"{}\" has no property \"{}\" to hide", model.name, name),
                         hint.empty() ? "declare it under \"properties\"" : hint);
    }
}

/// An index names properties, or columns as SQL writes them: without regard to case.
bool has_column(Model const& model, std::string_view name) {
    return std::ranges::any_of(model.properties, [&](Property const& property) {
        return property.column == name || same_letters(property.name, name);
    });
}

class IndexCheck {
public:
    IndexCheck(Draft const& draft, Findings& findings) : model_{draft.model}, findings_{findings} {}

    void check(LocatedMember const& index) {
        auto const& value = index.value;
        if (!value.is_object() || is_short_form(value)) {
            keys(value);
            return;
        }
        check_keys(value, index_keys(), fmt::format("the index \"{}\"", index.name), findings_);
        if (auto const* given = value.find("keys")) keys(*given);
        auto const* columns = value.find("columns");
        if (columns && columns->is_string()) column_list(*columns);
        auto const has_unknown = std::ranges::any_of(value.members, [](LocatedMember const& member) {
            return std::ranges::find(index_keys(), member.name, &Key::name) == index_keys().end();
        });
        if (value.find("keys") || columns || has_unknown) return;
        findings_.mistake(index.place, fmt::format("the index \"{}\" names no properties", index.name),
                          R"(for example "keys": {"name": 1})");
    }

private:
    /// {"name": 1, "created": -1} without "keys" around it.
    static bool is_short_form(Located const& value) {
        return !value.members.empty() && std::ranges::all_of(value.members, [](LocatedMember const& member) {
            return member.value.value.is_number();
        });
    }

    void keys(Located const& keys) {
        for (auto const& member : keys.members) name(member.name, member.place);
        for (auto const& item : keys.items) name(to_display(item.value), item.place);
        if (keys.is_string()) name(keys.value.as_string(), keys.place);
    }

    void column_list(Located const& list) {
        std::string_view rest = list.value.as_string();
        while (!rest.empty()) {
            auto const end = std::min(rest.find_first_of(", "), rest.size());
            if (end > 0) name(rest.substr(0, end), list.place);
            rest.remove_prefix(std::min(end + 1, rest.size()));
        }
    }

    void name(std::string_view property, Place const& place) {
        if (has_column(model_, property)) return;
        auto hint = did_you_mean(property, property_names(model_));
        findings_.mistake(place, fmt::format("\"{}\" has no property \"{}\" to index", model_.name, property),
                          hint.empty() ? "declare it under \"properties\"" : hint);
    }

    Model const& model_;
    Findings& findings_;
};

}  // namespace

void finish_models(Drafts& drafts, Findings& findings) {
    std::vector<std::string> const types{"string", "number", "boolean",  "date",   "object",
                                         "array",  "any",    "geopoint", "buffer", "datestring"};
    for (auto& [name, draft] : drafts) {
        mark_hidden(draft, findings);
        for (auto const& index : draft.indexes) IndexCheck{draft, findings}.check(index);
        auto const methods = method_names(draft);
        for (auto const& mention : draft.methods) check_method_name(mention, methods, findings);
        check_aliases(draft, findings);
        for (auto const& mention : draft.mentions) {
            if (drafts.contains(mention.name)) continue;
            auto known = names_of(drafts);
            known.insert(known.begin(), types.begin(), types.end());
            auto hint = mention.name == "integer" ? R"(use "number")" : did_you_mean(mention.name, known);
            if (hint.empty()) hint = "types are " + one_of(types) + ", or a model of the project";
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

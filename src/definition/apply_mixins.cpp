#include "definition/apply_mixins.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace sallyport::definition {
namespace {

bool fits(Json const& value, TypeName const& type) {
    if (type.is_array) {
        auto const element = TypeName{.name = type.name, .is_array = false};
        return value.is_array() &&
               std::ranges::all_of(value.as_array(), [&](Json const& item) { return fits(item, element); });
    }
    if (type.name == "string") return value.is_string();
    if (type.name == "number" || type.name == "integer") return value.is_number();
    if (type.name == "boolean") return value.is_boolean();
    if (type.name == "object") return value.is_object();
    return true;
}

std::string article(TypeName const& type) {
    if (type.is_array) return fmt::format("a list of {}s", type.name);
    return type.name == "integer" || type.name == "object" ? "an " + type.name
           : type.name == "boolean"                        ? "true or false"
                                                           : "a " + type.name;
}

std::string example(TypeName const& type) {
    if (type.is_array) return "write [ ... ]";
    if (type.name == "boolean") return "write true or false, without quotes";
    if (type.name == "string") return "put it between double quotes";
    return type.name == "object" ? "write { ... }" : "write the number without quotes";
}

void check_mixin_options(MixinDefinition const& mixin, Located const& options, Model const& model, Findings& findings) {
    std::vector<std::string> names;
    for (auto const& option : mixin.options) names.push_back(option.name);
    for (auto const& member : options.members) {
        auto const option = std::ranges::find(mixin.options, member.name, &MixinOption::name);
        if (option == mixin.options.end()) {
            auto hint = did_you_mean(member.name, names);
            findings.mistake(member.place, fmt::format("\"{}\" has no option \"{}\"", mixin.name, member.name),
                             hint.empty() ? "it has " + one_of(names) : hint);
            continue;
        }
        if (!fits(member.value.json(), option->type)) {
            findings.mistake(member.value.place, fmt::format("\"{}\" must be {}", member.name, article(option->type)),
                             example(option->type));
        } else if (option->check) {
            option->check(member.value, model, findings);
        }
    }
}

void apply_mixin(Model& model, LocatedMember const& member, MixinDefinition const& mixin, Findings& findings) {
    auto options = member.value;
    if (!options.is_object()) {
        if (options.value != Json{true})
            findings.mistake(options.place, fmt::format("\"{}\" must be true or an object", mixin.name),
                             "write { ... } with its options");
        options = {.value = Json::object(), .place = options.place, .items = {}, .members = {}};
    }
    check_mixin_options(mixin, options, model, findings);
    auto const json = options.json();
    if (mixin.check) mixin.check(options, member.place, model, findings);
    model.mixins.push_back({.name = mixin.name, .options = json, .places = places_of(options)});
    if (mixin.apply) mixin.apply(model, json);
}

bool is_off(Located const& value) {
    return value.value.is_null() || (value.value.is_boolean() && !value.value.as_boolean());
}

}  // namespace

void apply_mixins(Drafts& drafts, std::vector<MixinDefinition> const& mixins, bool ignore_scripts, Findings& findings) {
    std::vector<std::string> names;
    for (auto const& mixin : mixins) names.push_back(mixin.name);
    for (auto& [name, draft] : drafts) {
        for (auto const& member : draft.mixins) {
            if (is_off(member.value)) continue;
            auto const mixin = std::ranges::find(mixins, member.name, &MixinDefinition::name);
            if (mixin != mixins.end()) {
                apply_mixin(draft.model, member, *mixin, findings);
            } else if (ignore_scripts && closest(member.name, names).empty()) {
                findings.note(member.place,
                              fmt::format("the mixin \"{}\" is not built in, so it does nothing here", member.name));
            } else {
                auto hint = did_you_mean(member.name, names);
                if (hint.empty()) hint = names.empty() ? "take it out" : "built in: " + one_of(names);
                findings.mistake(member.place, fmt::format("there is no mixin \"{}\"", member.name), hint);
            }
        }
    }
}

}  // namespace sallyport::definition

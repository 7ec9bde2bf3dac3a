#include "definition/method_names.hpp"

#include "definition/read_model.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

namespace sallyport::definition {
namespace {

constexpr std::string_view prototype = "prototype.";

struct Inherited {
    std::string_view base;
    std::string_view name;
    std::string_view main{};  ///< Of which it is another name; "" for none.
};

/// What LoopBack's own models bring, whether built here or not: closing a method that is missing is no mistake.
constexpr Inherited inherited[] = {
    {"PersistedModel", "create"},
    {"PersistedModel", "patchOrCreate"},
    {"PersistedModel", "upsert", "patchOrCreate"},
    {"PersistedModel", "updateOrCreate", "patchOrCreate"},
    {"PersistedModel", "replaceOrCreate"},
    {"PersistedModel", "upsertWithWhere"},
    {"PersistedModel", "patchOrCreateWithWhere", "upsertWithWhere"},
    {"PersistedModel", "exists"},
    {"PersistedModel", "findById"},
    {"PersistedModel", "replaceById"},
    {"PersistedModel", "find"},
    {"PersistedModel", "findOne"},
    {"PersistedModel", "destroyAll"},
    {"PersistedModel", "updateAll"},
    {"PersistedModel", "update", "updateAll"},
    {"PersistedModel", "deleteById"},
    {"PersistedModel", "destroyById", "deleteById"},
    {"PersistedModel", "removeById", "deleteById"},
    {"PersistedModel", "count"},
    {"PersistedModel", "prototype.patchAttributes"},
    {"PersistedModel", "prototype.updateAttributes", "prototype.patchAttributes"},
    {"PersistedModel", "createChangeStream"},
    {"PersistedModel", "diff"},
    {"PersistedModel", "changes"},
    {"PersistedModel", "checkpoint"},
    {"PersistedModel", "currentCheckpoint"},
    {"PersistedModel", "createUpdates"},
    {"PersistedModel", "bulkUpdate"},
    {"PersistedModel", "findLastChange"},
    {"PersistedModel", "updateLastChange"},
    {"PersistedModel", "replicate"},
    {"User", "login"},
    {"User", "logout"},
    {"User", "prototype.verify"},
    {"User", "confirm"},
    {"User", "resetPassword"},
    {"User", "changePassword"},
    {"User", "setPassword"},
    {"KeyValueModel", "get"},
    {"KeyValueModel", "set"},
    {"KeyValueModel", "expire"},
    {"KeyValueModel", "ttl"},
    {"KeyValueModel", "keys"},
};

/// Of all kinds of relations together.
constexpr std::string_view relation_verbs[] = {"get",      "create",     "update",      "delete", "destroy", "count",
                                               "findById", "updateById", "destroyById", "link",   "unlink",  "exists"};

void add_verbs(std::vector<std::string>& names, std::string_view prefix, std::string_view subject) {
    for (auto const verb : relation_verbs) names.push_back(fmt::format("{}__{}__{}", prefix, verb, subject));
}

std::string without_prefix(std::string_view name) {
    if (name.starts_with(prototype)) name.remove_prefix(prototype.size());
    return std::string{name};
}

bool contains(std::vector<std::string> const& names, std::string_view name) {
    return std::ranges::find(names, name) != names.end();
}

/// Rules leave "prototype." out, "sharedMethods" have it.
std::string other_form(MethodMention const& mention) {
    auto const is_rule = mention.by == MethodMention::By::rule;
    return is_rule ? without_prefix(mention.name) : std::string{prototype} + mention.name;
}

/// The name of `names` that `mention` most likely misspells; "" where none is near enough to stop a start for it.
std::string nearest(MethodMention const& mention, std::vector<std::string> const& names) {
    constexpr std::size_t short_word = 8;
    return closest_within(mention.name.size() < short_word ? 1 : 2, mention.name, names);
}

bool is_known(MethodMention const& mention, std::vector<std::string> const& names) {
    if (mention.name == "*" || contains(names, mention.name)) return true;
    if (mention.by == MethodMention::By::rule || !mention.name.contains('*')) return false;
    return std::ranges::any_of(names, [&](auto const& name) { return matches_pattern(mention.name, name); });
}

/// The method that rules call by its own name only, where `name` is another; "" for none.
std::string main_name(Model const& model, std::string_view name) {
    for (auto const& method : model.methods) {
        if (method.short_name() == name) return {};
        if (contains(method.aliases, name)) return std::string{method.short_name()};
    }
    for (auto const& [base, known, main] : inherited) {
        if (!main.empty() && without_prefix(known) == name && model.is(base)) return without_prefix(main);
    }
    return {};
}

}  // namespace

bool matches_pattern(std::string_view pattern, std::string_view name) {
    while (!pattern.empty()) {
        auto const star = pattern.find('*');
        auto const piece = pattern.substr(0, star);
        auto const at = name.find(piece);
        if (at == std::string_view::npos) return false;
        name.remove_prefix(at + piece.size());
        if (star == std::string_view::npos) break;
        pattern.remove_prefix(star + 1);
    }
    return true;
}

std::vector<std::string> method_names(Draft const& draft) {
    auto const& model = draft.model;
    std::vector<std::string> names;
    for (auto const& [base, name, main] : inherited) {
        if (model.is(base)) names.emplace_back(name);
    }
    for (auto const& method : model.methods) {
        names.push_back(method.name);
        for (auto const& alias : method.aliases) names.push_back((method.is_static ? "" : "prototype.") + alias);
    }
    for (auto const& relation : draft.relations) add_verbs(names, prototype, relation.name);
    for (auto const& [scope, filter] : model.scopes) add_verbs(names, "", scope);
    return names;
}

void check_method_name(MethodMention const& mention, std::vector<std::string> const& methods, Findings& findings) {
    auto names = methods;
    if (mention.by == MethodMention::By::rule) std::ranges::transform(names, names.begin(), without_prefix);
    if (is_known(mention, names)) return;
    auto text = fmt::format("there is no method \"{}\"", mention.name);
    if (auto const other = other_form(mention); contains(names, other)) {
        findings.mistake(mention.place, std::move(text), fmt::format("write \"{}\"", other));
    } else if (auto const near = nearest(mention, names); !near.empty()) {
        findings.mistake(
            mention.place, std::move(text),
            fmt::format(R"(did you mean "{}"? If C++ adds a "{}", declare it under "methods")", near, mention.name));
    } else {
        findings.note(mention.place, std::move(text), "this has an effect only if C++ adds one");
    }
}

void check_aliases(Draft const& draft, Findings& findings) {
    for (auto const& mention : draft.methods) {
        if (mention.by != MethodMention::By::rule) continue;
        auto const main = main_name(draft.model, mention.name);
        auto const is_said = [&](auto const& other) { return other.name == main && other.rule == mention.rule; };
        if (main.empty() || std::ranges::any_of(draft.methods, is_said)) continue;
        auto const text =
            fmt::format("\"{}\" is another name of \"{}\", and a rule has to say that one", mention.name, main);
        auto const hint = fmt::format("write \"{}\"", main);
        if (mention.rule.starts_with("DENY")) {
            findings.mistake(mention.place, text, hint);
        } else {
            findings.note(mention.place, text, hint);
        }
    }
}

}  // namespace sallyport::definition

#include "definition/read_relation.hpp"

#include "definition/known_keys.hpp"
#include "definition/plural.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace sallyport::definition {
namespace {

using Kind = Relation::Kind;

constexpr std::array<std::pair<std::string_view, Kind>, 7> kind_words{
    {{"belongsTo", Kind::belongs_to},
     {"hasOne", Kind::has_one},
     {"hasMany", Kind::has_many},
     {"hasAndBelongsToMany", Kind::has_and_belongs_to_many},
     {"referencesMany", Kind::references_many},
     {"embedsOne", Kind::embeds_one},
     {"embedsMany", Kind::embeds_many}}};

void read_kind(LocatedMember const& member, Relation& relation, Findings& findings) {
    std::vector<std::string> words;
    for (auto const& [word, kind] : kind_words) words.emplace_back(word);
    auto const* type = member.value.find("type");
    if (!type) {
        findings.mistake(member.place, fmt::format("the relation \"{}\" needs a \"type\"", member.name),
                         "use " + one_of(words));
        return;
    }
    if (!require_word(*type, words, "relation type", findings)) return;
    auto const word = type->value.as_string();
    relation.kind =
        std::ranges::find(kind_words, std::string_view{word}, [](auto const& pair) { return pair.first; })->second;
    if (relation.kind == Kind::has_many && !relation.through.empty()) relation.kind = Kind::has_many_through;
}

/// LoopBack's three forms: true, the name of the other side's relation, or an object.
void read_polymorphic(Located const& located, Relation& relation) {
    auto const is_off = located.value.is_null() || (located.value.is_boolean() && !located.value.as_boolean());
    if (is_off) return;
    relation.is_polymorphic = true;
    auto selector = located.is_string() ? located.value.as_string() : located.text("selector");
    if (selector.empty()) selector = located.text("as");
    if (selector.empty()) selector = relation.name;
    relation.foreign_key = located.text("foreignKey");
    if (relation.foreign_key.empty()) relation.foreign_key = camel(selector + "_id");
    relation.discriminator = located.text("discriminator");
    if (relation.discriminator.empty()) relation.discriminator = camel(selector + "_type");
}

/// A list of names that are the same on both sides, or an object of {name here: name there}.
void read_copies(Located const& properties, Relation& relation) {
    for (auto const& item : properties.items) {
        if (item.is_string()) relation.copies.emplace_back(item.value.as_string(), item.value.as_string());
    }
    for (auto const& member : properties.members) {
        if (member.value.is_string()) relation.copies.emplace_back(member.value.value.as_string(), member.name);
    }
}

/// `true` is an empty object, which the properties' own defaults fill.
Json read_initial(Located const& initial) {
    if (initial.is_object()) return initial.json();
    return initial.value.is_boolean() && initial.value.as_boolean() ? Json::object() : Json{};
}

void read_options(Located const& options, Relation& relation, Findings& findings) {
    check_keys(options, relation_option_keys(), "the options of a relation", findings);
    relation.options = options.json();
    relation.disable_include = options.flag("disableInclude", false);
    relation.nest_remoting = options.flag("nestRemoting", false);
    relation.validates = options.flag("validate", true);
    relation.forces_ids = options.flag("forceId", false);
    relation.is_persistent = options.flag("persistent", false);
    relation.prepends = options.flag("prepend", false);
    relation.inverts_copies = options.flag("invertProperties", false);
    auto const* http = options.find("http");
    if (http && !http->text("path").empty()) relation.path = http->text("path");
    if (relation.path.starts_with('/')) relation.path.erase(0, 1);
}

}  // namespace

Relation read_relation(LocatedMember const& member, Findings& findings) {
    auto const& located = member.value;
    Relation relation;
    relation.name = member.name;
    relation.path = member.name;
    check_keys(located, relation_keys(), fmt::format("the relation \"{}\"", member.name), findings);
    relation.model = located.text("model");
    relation.through = located.text("through");
    relation.foreign_key = located.text("foreignKey");
    relation.primary_key = located.text("primaryKey");
    relation.key_through = located.text("keyThrough");
    relation.property = located.text("property");
    relation.is_inverted = located.flag("invert", false);
    if (auto const* properties = located.find("properties")) read_copies(*properties, relation);
    if (auto const* initial = located.find("default")) relation.initial = read_initial(*initial);
    read_kind(member, relation, findings);
    if (auto const* polymorphic = located.find("polymorphic")) read_polymorphic(*polymorphic, relation);
    if (auto const* options = located.find("options")) read_options(*options, relation, findings);
    if (auto const* scope = located.find("scope")) {
        check_filter(*scope, fmt::format("the scope of \"{}\"", member.name), findings);
        relation.scope = scope->json();
    }
    return relation;
}

void check_filter(Located const& filter, std::string_view what, Findings& findings) {
    check_keys(filter, filter_keys(), what, findings);
}

}  // namespace sallyport::definition

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

void read_options(Located const& options, Relation& relation, Findings& findings) {
    check_keys(options, relation_option_keys(), "the options of a relation", findings);
    relation.options = options.json();
    relation.disable_include = options.flag("disableInclude", false);
    relation.nest_remoting = options.flag("nestRemoting", false);
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

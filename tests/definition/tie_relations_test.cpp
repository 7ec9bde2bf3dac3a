#include "definition/load.hpp"
#include "folder.hpp"

#include <gtest/gtest.h>

#include <map>
#include <string>

namespace sallyport::definition {
namespace {

/// Owner with the relations given, and models Item, Tie and (inside) Part to lead to.
Project project_with(std::string const& relations) {
    Folder const folder{std::map<std::string, std::string>{
        {"server/config.json", "{}"},
        {"server/datasources.json", R"({"db": {"connector": "memory"}, "inside": {"connector": "transient"}})"},
        {"server/model-config.json", R"({"Owner": {"dataSource": "db"}, "Item": {"dataSource": "db"},
                                         "Tie": {"dataSource": "db"}, "Part": {"dataSource": "inside"}})"},
        {"common/models/owner.json", R"({"name": "Owner", "base": "PersistedModel", "properties": {"name": "string"},
                                         "relations": )" +
                                         relations + "}"},
        {"common/models/item.json", R"({"name": "Item", "base": "PersistedModel", "properties": {}})"},
        {"common/models/tie.json", R"({"name": "Tie", "base": "PersistedModel", "properties": {}})"},
        {"common/models/part.json", R"({"name": "Part", "base": "Model",
                                        "properties": {"text": {"type": "string", "default": "x"}}})"}}};
    auto project = load(folder.path(), {.environment = "test", .variable = {}, .mixins = {}});
    for (auto const& finding : project.findings) {
        if (finding.kind == Finding::Kind::mistake) ADD_FAILURE() << to_text(finding);
    }
    return project;
}

Relation relation_of(std::string const& words) {
    return *project_with(R"({"r": )" + words + "}").models.get("Owner").relation("r");
}

TEST(TieRelations, WhatARelationCopiesIsAListOrSaysBothNames) {
    using Copies = std::vector<std::pair<std::string, std::string>>;
    EXPECT_EQ(relation_of(R"({"type": "hasMany", "model": "Item", "properties": {"name": "ownerName"}})").copies,
              (Copies{{"ownerName", "name"}}));
    EXPECT_EQ(relation_of(R"({"type": "hasMany", "model": "Item", "properties": ["name"]})").copies,
              (Copies{{"name", "name"}}));
    EXPECT_TRUE(relation_of(R"({"type": "hasMany", "model": "Item",
                                "options": {"invertProperties": true}})")
                    .inverts_copies);
}

TEST(TieRelations, WithoutOptionsEmbeddedListsStartEmptyAndAreValidated) {
    auto const project = project_with(R"({"r": {"type": "embedsMany", "model": "Part"}})");
    auto const& owner = project.models.get("Owner");
    EXPECT_EQ(owner.relation("r")->property, "parts");
    EXPECT_TRUE(owner.relation("r")->validates);
    EXPECT_EQ(to_text(owner.property("parts")->default_value), "[]");
}

TEST(TieRelations, OptionsOfEmbeddedRecordsAreRead) {
    auto const relation = relation_of(R"({"type": "embedsMany", "model": "Part", "options":
        {"validate": false, "forceId": true, "persistent": true, "prepend": true}})");
    EXPECT_FALSE(relation.validates);
    EXPECT_TRUE(relation.forces_ids);
    EXPECT_TRUE(relation.is_persistent);
    EXPECT_TRUE(relation.prepends);
}

TEST(TieRelations, AnEmbeddedDefaultIsAnObjectOrTrue) {
    auto const initial = [](std::string const& text) {
        auto const project = project_with(R"({"r": {"type": "embedsOne", "model": "Part", "default": )" + text + "}}");
        return to_text(project.models.get("Owner").property("part")->default_value);
    };
    EXPECT_EQ(initial(R"({"text": "a"})"), R"({"text":"a"})");
    EXPECT_EQ(initial("true"), "{}");
    EXPECT_EQ(initial("false"), "null");  // undefined, as text
}

TEST(TieRelations, TheInverseSideOfAPolymorphicThroughLeadsOnByThePolymorphicKey) {
    auto const there = relation_of(R"({"type": "hasMany", "model": "Item", "through": "Tie", "polymorphic": "tied"})");
    EXPECT_EQ(there.foreign_key, "tiedId");
    EXPECT_EQ(there.key_through, "itemId");
    EXPECT_EQ(there.discriminator, "tiedType");
    auto const back =
        relation_of(R"({"type": "hasMany", "model": "Item", "through": "Tie", "polymorphic": "tied", "invert": true})");
    EXPECT_EQ(back.foreign_key, "ownerId");
    EXPECT_EQ(back.key_through, "tiedId");
    EXPECT_TRUE(back.is_inverted);
}

TEST(TieRelations, TheModelThatKeepsAKeyNotesByWhichItsRecordsAreFound) {
    using Lookups = std::vector<std::vector<std::string>>;
    struct Case {
        std::string relation;
        std::string keeper;
        Lookups lookups;
    };
    for (auto const& [relation, keeper, lookups] : {
             Case{R"({"type": "hasMany", "model": "Item"})", "Item", {{"ownerId"}}},
             Case{R"({"type": "hasOne", "model": "Item", "foreignKey": "of"})", "Item", {{"of"}}},
             Case{R"({"type": "hasMany", "model": "Item", "polymorphic": "kept"})", "Item", {{"keptId", "keptType"}}},
             Case{R"({"type": "hasMany", "model": "Item", "through": "Tie"})", "Tie", {{"ownerId"}}},
             Case{R"({"type": "hasMany", "model": "Item", "through": "Tie"})", "Item", {}},
             Case{R"({"type": "hasAndBelongsToMany", "model": "Item"})", "OwnerItem", {{"ownerId"}}},
             Case{R"({"type": "belongsTo", "model": "Item"})", "Item", {}},
         }) {
        EXPECT_EQ(project_with(R"({"r": )" + relation + "}").models.get(keeper).lookups, lookups) << relation;
    }
    auto const twice = project_with(R"({"a": {"type": "hasMany", "model": "Item"},
                                        "b": {"type": "hasOne", "model": "Item"}})");
    EXPECT_EQ(twice.models.get("Item").lookups, (Lookups{{"ownerId"}}));
}

}  // namespace
}  // namespace sallyport::definition

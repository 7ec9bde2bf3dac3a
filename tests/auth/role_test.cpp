#include "auth/role.hpp"

#include "small_app.hpp"

#include <gtest/gtest.h>

#include <map>
#include <string>

namespace sallyport::auth {
namespace {

std::map<std::string, std::string> const files{
    {"server/config.json", R"({"restApiRoot": "/api"})"},
    {"server/datasources.json", R"({"db": {"name": "db", "connector": "memory"}})"},
    {"server/model-config.json", R"({
        "_meta": {"sources": ["loopback/common/models", "../common/models"]},
        "AccessToken": {"dataSource": "db", "public": false,
                        "relations": {"user": {"type": "belongsTo", "model": "Customer", "foreignKey": "userId"}}},
        "ACL": {"dataSource": "db", "public": false},
        "Role": {"dataSource": "db", "public": false},
        "RoleMapping": {"dataSource": "db", "public": false},
        "Customer": {"dataSource": "db"}, "Employee": {"dataSource": "db"},
        "Memo": {"dataSource": "db"}, "Post": {"dataSource": "db"}, "Badge": {"dataSource": "db"},
        "Shared": {"dataSource": "db"}, "Reviewed": {"dataSource": "db"}})"},
    {"common/models/customer.json", R"({"name": "Customer", "base": "User"})"},
    {"common/models/employee.json", R"({"name": "Employee", "base": "User"})"},
    {"common/models/memo.json", R"({"name": "Memo", "base": "PersistedModel", "properties": {},
        "relations": {"owner": {"type": "belongsTo", "model": "Customer", "foreignKey": "ownerId"}}})"},
    {"common/models/post.json",
     R"({"name": "Post", "base": "PersistedModel", "properties": {"userId": "number", "owner": "number"}})"},
    {"common/models/badge.json", R"({"name": "Badge", "base": "PersistedModel", "properties": {},
        "relations": {"holder": {"type": "belongsTo", "model": "Employee", "foreignKey": "userId"}}})"},
    {"common/models/shared.json", R"({"name": "Shared", "base": "PersistedModel", "options": {"ownerRelations": true},
        "properties": {"userId": "number"},
        "relations": {"first": {"type": "belongsTo", "model": "Customer", "foreignKey": "firstId"},
                      "second": {"type": "belongsTo", "model": "Customer", "foreignKey": "secondId"}}})"},
    {"common/models/reviewed.json",
     R"({"name": "Reviewed", "base": "PersistedModel", "options": {"ownerRelations": ["second"]}, "properties": {},
        "relations": {"first": {"type": "belongsTo", "model": "Customer", "foreignKey": "firstId"},
                      "second": {"type": "belongsTo", "model": "Customer", "foreignKey": "secondId"}}})"},
};

Caller caller(int id, std::string model = "Customer") {
    Caller found;
    found.user_id = id;
    found.user_model = std::move(model);
    return found;
}

class Roles : public testing::Test {
protected:
    bool has(std::string const& role, Caller const& who, std::string const& model = "Memo", Json const& id = {},
             Json* loaded = nullptr) {
        auto const check = role_check(*app.models, resolvers);
        return wait_for(check(role, who, {app.model(model).definition(), id, nullptr, loaded}));
    }

    bool owns(Caller const& who, std::string const& model, JsonObject data) {
        auto const record = app.create(model, std::move(data));
        return has("$owner", who, model, Json{id_text(record["id"])});
    }

    SmallApp app{files};
    RoleResolvers resolvers;
};

TEST_F(Roles, EveryoneAndWhoHasAToken) {
    EXPECT_TRUE(has("$everyone", {}));
    EXPECT_FALSE(has("$authenticated", {}));
    EXPECT_TRUE(has("$unauthenticated", {}));
    EXPECT_TRUE(has("$authenticated", caller(1)));
    EXPECT_FALSE(has("$unauthenticated", caller(1)));
    EXPECT_FALSE(has("$related", caller(1)));
}

TEST_F(Roles, AUserOwnsTheirOwnRecordAndNoOneOfAnotherModel) {
    EXPECT_TRUE(has("$owner", caller(2), "Customer", Json{"2"}));
    EXPECT_TRUE(has("$owner", caller(2), "Customer", Json{2}));
    EXPECT_FALSE(has("$owner", caller(2), "Customer", Json{"02"}));
    EXPECT_FALSE(has("$owner", caller(2), "Customer", Json{"3"}));
    EXPECT_FALSE(has("$owner", caller(2), "Customer"));
    EXPECT_FALSE(has("$owner", {}, "Customer", Json{"2"}));
    EXPECT_FALSE(has("$owner", caller(2, "Employee"), "Customer", Json{"2"}));
}

TEST_F(Roles, ARecordBelongsToWhomItsRelationNames) {
    EXPECT_TRUE(owns(caller(2), "Memo", {{"ownerId", 2}}));
    EXPECT_FALSE(owns(caller(3), "Memo", {{"ownerId", 2}}));
    EXPECT_FALSE(owns(caller(2, "Employee"), "Memo", {{"ownerId", 2}}));
    EXPECT_FALSE(owns(caller(2), "Memo", {}));
    EXPECT_FALSE(has("$owner", caller(2), "Memo", Json{"99"}));
    EXPECT_FALSE(has("$owner", caller(2), "Memo", Json{"abc"}));
}

TEST_F(Roles, UserIdOrOwnerDecideBeforeAnyRelation) {
    EXPECT_TRUE(owns(caller(2), "Post", {{"userId", 2}, {"owner", 3}}));
    EXPECT_FALSE(owns(caller(3), "Post", {{"userId", 2}, {"owner", 3}}));
    EXPECT_TRUE(owns(caller(3), "Post", {{"owner", 3}}));
    EXPECT_FALSE(owns(caller(3, "Employee"), "Post", {{"owner", 3}}));
}

TEST_F(Roles, AUserIdIsOneOfTheModelItsRelationNames) {
    EXPECT_TRUE(owns(caller(2, "Employee"), "Badge", {{"userId", 2}}));
    EXPECT_FALSE(owns(caller(2), "Badge", {{"userId", 2}}));
}

TEST_F(Roles, OwnerRelationsMakeEveryOrTheNamedRelationCount) {
    EXPECT_TRUE(owns(caller(2), "Shared", {{"firstId", 1}, {"secondId", 2}}));
    EXPECT_FALSE(owns(caller(2), "Shared", {{"userId", 2}, {"firstId", 1}}));
    EXPECT_TRUE(owns(caller(2), "Reviewed", {{"firstId", 1}, {"secondId", 2}}));
    EXPECT_FALSE(owns(caller(1), "Reviewed", {{"firstId", 1}, {"secondId", 2}}));
}

TEST_F(Roles, ARecordThatHadToBeReadIsHandedOn) {
    auto const record = app.create("Memo", JsonObject{{"ownerId", 2}});
    Json loaded;
    EXPECT_TRUE(has("$owner", caller(2), "Memo", Json{id_text(record["id"])}, &loaded));
    EXPECT_EQ(loaded["ownerId"], Json{2});

    Json untouched;
    EXPECT_TRUE(has("$owner", caller(2), "Customer", Json{"2"}, &untouched));
    EXPECT_TRUE(untouched.is_undefined());
}

TEST_F(Roles, NamedRolesComeFromTheTables) {
    auto const role = app.create("Role", JsonObject{{"name", "admin"}});
    auto const map = [&](char const* type, char const* id) {
        app.create("RoleMapping", JsonObject{{"principalType", type}, {"principalId", id}, {"roleId", role["id"]}});
    };
    map("USER", "1");
    map("Customer", "2");
    map("Employee", "7");

    EXPECT_TRUE(has("admin", caller(1)));
    EXPECT_FALSE(has("admin", caller(2))) << "a Customer is called USER here";
    EXPECT_FALSE(has("admin", {}));
    EXPECT_FALSE(has("boss", caller(1)));
    EXPECT_TRUE(has("admin", caller(7, "Employee")));
    EXPECT_FALSE(has("admin", caller(1, "Employee"))) << "USER means Customer here";
    EXPECT_FALSE(has("admin", caller(7)));
}

Task<bool> is_third(Caller const& who, Model& model, Json id) {
    co_return who.user_id == Json{3} && model.name() == "Memo" && id == Json{"5"};
}

TEST_F(Roles, CodeMayDecideARole) {
    resolvers["third"] = is_third;
    EXPECT_TRUE(has("third", caller(3), "Memo", Json{"5"}));
    EXPECT_FALSE(has("third", caller(2), "Memo", Json{"5"}));
}

TEST_F(Roles, StoredRulesFollowTheTable) {
    auto const rules = stored_rules(*app.models);
    auto const& memo = app.model("Memo").definition();
    EXPECT_TRUE(wait_for(rules(memo)).empty());

    app.create("ACL", JsonObject{{"model", "Memo"},
                                 {"property", "find"},
                                 {"accessType", "READ"},
                                 {"permission", "DENY"},
                                 {"principalType", "ROLE"},
                                 {"principalId", "$everyone"}});
    auto const found = wait_for(rules(memo));
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found.front().permission, "DENY");
    EXPECT_EQ(found.front().properties, std::vector<std::string>{"find"});
    EXPECT_TRUE(wait_for(rules(app.model("Post").definition())).empty());

    wait_for(app.model("ACL").delete_all());
    EXPECT_TRUE(wait_for(rules(memo)).empty());
}

}  // namespace
}  // namespace sallyport::auth

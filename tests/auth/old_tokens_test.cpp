#include "auth/old_tokens.hpp"

#include "auth/access_token.hpp"
#include "auth/auth_store.hpp"
#include "sallyport/error.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace sallyport::auth {
namespace {

definition::Model user_model(std::string const& name) {
    definition::Model model;
    model.name = name;
    for (auto const* property : {"verificationToken", "id"}) {
        model.properties.emplace_back();
        model.properties.back().name = property;
        model.properties.back().type.kind = definition::PropertyType::Kind::string;
    }
    model.properties.back().type.kind = definition::PropertyType::Kind::number;
    model.properties.back().is_id = true;
    model.properties.back().is_generated = true;
    return model;
}

/// Two user models, Ann and Bob of the first: tables as LoopBack's connector makes them.
class OldTokensTest : public testing::Test {
protected:
    OldTokensTest() {
        run("CREATE TABLE member (verificationtoken TEXT, id INTEGER NOT NULL PRIMARY KEY)");
        run("CREATE TABLE person (verificationtoken TEXT, id INTEGER NOT NULL PRIMARY KEY)");
        run("INSERT INTO member VALUES ('link', 1), (NULL, 2)");
    }

    void run(std::string sql) { database.store().prepare({{std::move(sql), {}}}); }

    void add_token(std::string const& id, std::string const& ttl = "60", std::string const& user = "1.0",
                   std::string const& scopes = "NULL") {
        run("INSERT INTO accesstoken (id, ttl, scopes, created, userid) VALUES ('" + id + "', " + ttl + ", " + scopes +
            ", " + std::to_string(database.clock.now()) + ", " + user + ")");
    }

    std::size_t migrate(bool knows_all_users = true) {
        OldTokens const tokens{{query::make_table(member), query::make_table(person)}, knows_all_users};
        auto const plan = plan_old_tokens(database.store(), tokens, database.clock.now());
        database.store().prepare(plan);
        return plan.size();
    }

    Caller identify(std::string const& token) {
        Request request;
        request.headers = {{"Authorization", token}};
        AccessTokens tokens{database.store(), database.clock, {}, {"Member", "Person"}};
        return wait_for(tokens.identify(request));
    }

    std::int64_t number(std::string const& sql) { return database.number(sql); }

    AuthStore database;
    definition::Model member = user_model("Member");
    definition::Model person = user_model("Person");
};

TEST_F(OldTokensTest, ATokenGoesOnForItsUser) {
    add_token("abc");

    migrate();

    auto const caller = identify("abc");
    EXPECT_EQ(caller.user_model, "Member");
    EXPECT_EQ(caller.user_id, Json{1});
    EXPECT_EQ(caller.factors, (std::vector<std::string>{"password"}));
    EXPECT_EQ(caller.authenticated_at, database.clock.now());
    EXPECT_EQ(caller.scopes, (std::vector<std::string>{"DEFAULT"}));
}

TEST_F(OldTokensTest, TheyAreFoundInTheTableOfTheAppsOwnTokenModel) {
    add_token("abc");
    run("ALTER TABLE accesstoken RENAME TO mytoken");
    OldTokens const tokens{.users = {query::make_table(member)}, .table = "mytoken"};
    database.store().prepare(plan_old_tokens(database.store(), tokens, database.clock.now()));

    EXPECT_EQ(number("SELECT count(*) FROM mytoken WHERE id = '" + stored_id("abc") + "'"), 1);
    AccessTokens mine{database.store(), database.clock, {.table = "mytoken"}, {"Member"}};
    Request request;
    request.headers = {{"Authorization", "abc"}};
    EXPECT_EQ(wait_for(mine.identify(request)).user_id, Json{1});
}

TEST_F(OldTokensTest, OneThatNeverExpiresIsNotSweptAway) {
    add_token("abc", "-1");
    migrate();
    EXPECT_GT(number("SELECT expires_at FROM sallyport_sessions"), database.clock.now() + 86'400'000);
    EXPECT_THROW(identify("abc"), Error);  // Its model does not allow that.
}

TEST_F(OldTokensTest, NothingIsLeftInClear) {
    add_token("abc");
    add_token("nobodys", "60", "9.0");

    migrate();

    EXPECT_EQ(number("SELECT count(*) FROM accesstoken WHERE id NOT LIKE 'sha256:%'"), 0);
    EXPECT_EQ(number("SELECT count(*) FROM accesstoken WHERE id = '" + stored_id("abc") + "'"), 1);
    EXPECT_EQ(number("SELECT count(*) FROM member WHERE verificationtoken = '" + stored_id("link") + "'"), 1);
    EXPECT_FALSE(identify("nobodys").is_known());
    EXPECT_FALSE(identify(stored_id("abc")).is_known());
}

TEST_F(OldTokensTest, WhatIsHashedIsNotHashedAgain) {
    add_token("abc");
    EXPECT_EQ(migrate(), 3U);

    EXPECT_EQ(migrate(), 0U);
    EXPECT_TRUE(identify("abc").is_known());
}

TEST_F(OldTokensTest, ATokenThatUsersOfTwoModelsCouldOwnIsRefused) {
    run("INSERT INTO person VALUES (NULL, 1)");
    add_token("abc");
    add_token("bobs", "60", "2.0");

    migrate();

    EXPECT_FALSE(identify("abc").is_known());
    EXPECT_TRUE(identify("bobs").is_known());
}

TEST_F(OldTokensTest, WhereAnotherStoreHasUsersNoOwnerIsCertain) {
    add_token("abc");

    migrate(false);

    EXPECT_FALSE(identify("abc").is_known());
}

TEST_F(OldTokensTest, APrincipalTypeTellsTheModelsApart) {
    run("ALTER TABLE accesstoken ADD COLUMN principaltype TEXT");
    run("INSERT INTO person VALUES (NULL, 1)");
    add_token("abc");
    run("UPDATE accesstoken SET principaltype = 'Person', userid = '1'");

    migrate();

    EXPECT_EQ(identify("abc").user_model, "Person");
}

TEST_F(OldTokensTest, ATokenLivesAsLongAsLoopBackSaid) {
    add_token("abc", "60");
    add_token("forever", "-1");
    migrate();
    EXPECT_TRUE(identify("abc").is_known());
    EXPECT_THROW(identify("forever"), Error);

    database.clock.advance(60'000);

    EXPECT_THROW(identify("abc"), Error);
}

TEST_F(OldTokensTest, ScopesAreReadAsLoopBacksConnectorWroteThem) {
    add_token("reset", "60", "1.0", R"('"[\"reset-password\"]"')");
    add_token("broken", "60", "1.0", "'[reset'");

    migrate();

    EXPECT_EQ(identify("reset").scopes, (std::vector<std::string>{"reset-password"}));
    EXPECT_EQ(number("SELECT count(*) FROM sallyport_sessions WHERE purpose = 'reset'"), 1);
    EXPECT_FALSE(identify("broken").is_known());
}

}  // namespace
}  // namespace sallyport::auth

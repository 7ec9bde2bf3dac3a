// Accounts reached through relations are guarded as they are on their own routes.

#include "methods/account_app.hpp"

#include <gtest/gtest.h>

#include <string>

namespace sallyport::methods {
namespace {

using Mode = AccountApp::Mode;

JsonObject account(std::string const& email) {
    return {{"email", email}, {"password", long_password}, {"emailVerified", true}, {"verificationToken", "abc"}};
}

// Firm 1 with account 1 in every relation but head.
class RelatedAccounts : public ::testing::Test {
protected:
    void SetUp() override {
        app.post("/Firms", JsonObject{{"name", "f"}});
        app.make("Guarded", "ann@x.test", long_password);
        app.make("Person", "ann@x.test", long_password);
        app.change("UPDATE guarded SET firmid = 1");
        app.change("UPDATE person SET firmid = 1");
        app.send("PUT", "/Firms/1/members/rel/1");
        app.send("PUT", "/Firms/1/chosen/rel/1");
    }
    AccountApp app{Mode::compatible};
};

TEST_F(RelatedAccounts, WhatOnlyTheServerSetsIsNotTakenFromANewOne) {
    int number = 0;
    for (std::string const relation : {"guards", "members", "chosen", "head"}) {
        auto const made = app.post("/Firms/1/" + relation, account("n" + std::to_string(++number) + "@x.test"));
        ASSERT_EQ(made.status, 200) << relation << made.text;
        EXPECT_EQ(made.body["emailVerified"], Json{false}) << relation;
        EXPECT_FALSE(made.text.contains("password")) << relation;
    }
    EXPECT_EQ(app.stored("SELECT count(*) FROM guarded WHERE verificationtoken IS NOT NULL"), "0");
    EXPECT_EQ(app.stored("SELECT count(*) FROM guarded WHERE password LIKE '%horse%'"), "0");
}

TEST_F(RelatedAccounts, APasswordIsNotChangedThroughThem) {
    for (std::string const relation : {"guards", "members", "chosen"}) {
        auto const changed = app.send("PUT", "/Firms/1/" + relation + "/1", JsonObject{{"password", "another secret"}});
        EXPECT_EQ(changed.code(), "PASSWORD_CHANGE_NOT_ALLOWED") << relation << changed.text;
        auto const verified = app.send("PUT", "/Firms/1/" + relation + "/1", JsonObject{{"emailVerified", true}});
        EXPECT_NE(verified.body["emailVerified"], Json{true}) << relation << verified.text;
    }
    app.change("UPDATE guarded SET headof = 1");
    EXPECT_EQ(app.send("PUT", "/Firms/1/head", JsonObject{{"password", "another secret"}}).code(),
              "PASSWORD_CHANGE_NOT_ALLOWED");
}

TEST_F(RelatedAccounts, AnOddPasswordCountsAsMissing) {
    for (std::string const relation : {"people", "members", "chosen", "head"}) {
        auto const made = app.post("/Firms/1/" + relation, JsonObject{{"email", "odd@x.test"}, {"password", 12345678}});
        EXPECT_EQ(made.status, 422) << relation << made.text;
    }
}

TEST_F(RelatedAccounts, APasswordChangedWhereThatIsAllowedEndsSessions) {
    auto const token = app.log_in("Person", "ann@x.test", long_password);
    ASSERT_EQ(app.send("PUT", "/Firms/1/people/1", JsonObject{{"password", "another secret"}}).status, 200);
    EXPECT_EQ(app.post("/Person/logout", {}, token).status, 401);
    EXPECT_NE(app.log_in("Person", "ann@x.test", "another secret"), "");
}

TEST(RelatedSignUps, CountAsSignUps) {
    AccountApp app{Mode::compatible, {}, AccountApp::Limits::hold};
    app.post("/Firms", JsonObject{{"name", "f"}});
    int number = 0;
    auto const sign_up = [&](std::string const& path) {
        return app.post(path, account("n" + std::to_string(++number) + "@x.test")).status;
    };
    for (int i = 0; i < 5; ++i) EXPECT_EQ(sign_up("/Firms/1/guards"), 200);
    for (auto const* path : {"/Guarded", "/Firms/1/guards", "/Firms/1/members", "/Firms/1/chosen", "/Firms/1/head"}) {
        EXPECT_EQ(sign_up(path), 429) << path;
    }
}

}  // namespace
}  // namespace sallyport::methods

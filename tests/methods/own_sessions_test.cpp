#include "methods/own_sessions.hpp"

#include "methods/two_factor_app.hpp"

#include <gtest/gtest.h>

namespace sallyport::methods {
namespace {

class OwnSessions : public testing::Test {
protected:
    OwnSessions() { app.sign_up({{"email", ann}}); }

    Caller signed_in(std::string const& peer = "198.41.0.4") {
        app.clock().advance(60'000);
        return app.caller(app.log_in(ann, app.from(peer)));
    }
    Reply call(std::string const& method, Caller const& caller, JsonObject arguments = {}) {
        return app.call(method, std::move(arguments), app.from("198.41.0.4"), caller);
    }
    JsonArray list(Caller const& caller) { return call("prototype.listSessions", caller).body.as_array(); }
    Reply reauthenticate(Caller const& caller, JsonObject arguments) {
        return call("reauthenticate", caller, std::move(arguments));
    }
    std::string code() {
        EXPECT_EQ(app.request_code(ann).status, 200);
        return app.console->last_code();
    }
    Caller again(Caller const& caller) { return app.caller(caller.token); }

    TwoFactorApp app{R"({"channels": ["console"]})"};
};

TEST_F(OwnSessions, AreListedNewestFirstByHandlesThatOpenNothing) {
    auto const first = signed_in();
    auto const second = signed_in("203.0.114.9");

    auto const sessions = list(first);

    ASSERT_EQ(sessions.size(), 2U);
    EXPECT_EQ(sessions[0]["id"], Json{second.token_id.substr(7, 8)});
    EXPECT_EQ(sessions[0]["current"], Json{false});
    EXPECT_EQ(sessions[0]["network"], Json{"203.0.114.0/24"});
    EXPECT_EQ(to_text(sessions[0]["factors"]), R"(["password","console"])");
    EXPECT_EQ(sessions[1]["current"], Json{true});
    EXPECT_FALSE(app.caller(sessions[0]["id"].as_string()).is_known());
}

TEST_F(OwnSessions, OneEndsByItsHandle) {
    auto const mine = signed_in();
    auto const other = signed_in("203.0.114.9");

    EXPECT_EQ(call("prototype.endSession", mine, {{"fk", other.token_id.substr(7, 8)}}).status, 200);

    EXPECT_FALSE(again(other).is_known());
    EXPECT_TRUE(again(mine).is_known());
    EXPECT_EQ(call("prototype.endSession", mine, {{"fk", other.token_id.substr(7, 8)}}).code, "SESSION_NOT_FOUND");
    EXPECT_EQ(call("prototype.endSession", mine, {{"fk", mine.token_id}}).code, "SESSION_NOT_FOUND") << "a stored id";
}

TEST_F(OwnSessions, AllOthersEndAtOnce) {
    auto const mine = signed_in();
    auto const other = signed_in("203.0.114.9");
    EXPECT_EQ(call("prototype.endSessions", mine).status, 200);
    EXPECT_FALSE(again(other).is_known());
    EXPECT_TRUE(again(mine).is_known());
}

TEST_F(OwnSessions, WhatEndsNothingIsNotRecorded) {
    auto const mine = signed_in();
    signed_in("203.0.114.9");
    for (int i = 0; i < 3; ++i) EXPECT_EQ(call("prototype.endSessions", mine).status, 200);
    EXPECT_EQ(app.number("SELECT count(*) FROM sallyport_audit WHERE event = 'session.ended'"), 1);
}

TEST_F(OwnSessions, AreNobodyElsesBusiness) {
    auto const mine = signed_in();
    app.sign_up({{"email", "bob@x.test"}});
    app.clock().advance(60'000);
    auto const bob = app.caller(app.log_in("bob@x.test", app.from("203.0.114.9")));
    JsonObject const of_ann{{"id", mine.user_id}, {"fk", mine.token_id.substr(7, 8)}};
    for (auto const* method : {"prototype.listSessions", "prototype.endSessions", "prototype.endSession"}) {
        EXPECT_EQ(call(method, bob, of_ann).status, 401) << method;
    }
    EXPECT_EQ(call("prototype.endSession", bob, {{"fk", mine.token_id.substr(7, 8)}}).code, "SESSION_NOT_FOUND");
    EXPECT_TRUE(again(mine).is_known());
}

TEST_F(OwnSessions, ReauthenticatingNeedsBothDoorsAndRenewsTheTime) {
    auto const caller = signed_in();
    app.clock().advance(1'000'000);
    EXPECT_EQ(reauthenticate(caller, {{"password", "not the password"}}).code, "LOGIN_FAILED");
    EXPECT_EQ(reauthenticate(caller, {{"password", app.password}}).code, "STEP_UP_REQUIRED");
    auto const right = code();
    EXPECT_EQ(reauthenticate(caller, {{"password", app.password}, {"twofactor", "abcdef"}}).code, "LOGIN_FAILED");
    EXPECT_LT(again(caller).authenticated_at, app.clock().now());

    auto const renewed = reauthenticate(caller, {{"password", app.password}, {"twofactor", right}});

    EXPECT_EQ(renewed.status, 200) << renewed.code;
    EXPECT_EQ(to_text(renewed.body["factors"]), R"(["password","console"])");
    EXPECT_EQ(again(caller).authenticated_at, app.clock().now());
    EXPECT_EQ(reauthenticate(caller, {{"password", app.password}, {"twofactor", right}}).status, 401) << "again";
    EXPECT_EQ(reauthenticate({}, {{"password", app.password}}).code, "AUTHORIZATION_REQUIRED");
    EXPECT_EQ(reauthenticate(caller, {{"password", JsonObject{{"neq", ""}}}}).code, "LOGIN_FAILED");
}

TEST_F(OwnSessions, ReauthenticatingIsLimitedLikeALogin) {
    auto const caller = signed_in();
    int refused = 0;
    for (int i = 0; i < 200 && refused == 0; ++i) {
        if (reauthenticate(caller, {{"password", "not the password"}}).status == 429) ++refused;
    }
    EXPECT_EQ(refused, 1);
}

}  // namespace
}  // namespace sallyport::methods

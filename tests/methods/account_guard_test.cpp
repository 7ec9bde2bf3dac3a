#include "methods/account_app.hpp"

#include <gtest/gtest.h>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include <algorithm>
#include <vector>

namespace sallyport::methods {
namespace {

using Mode = AccountApp::Mode;

TEST(AccountGuard, AClientCannotSayThatItsAddressIsVerified) {
    AccountApp app{Mode::compatible};
    auto const made = app.post(
        "/Person",
        JsonObject{{"email", "ann@x.test"}, {"password", "pw"}, {"emailVerified", true}, {"verificationToken", "abc"}});
    EXPECT_EQ(made.body["emailVerified"], Json{false});
    EXPECT_EQ(app.stored("SELECT verificationtoken FROM person"), "");

    auto const token = app.log_in("Person", "ann@x.test", "pw");
    auto const changed =
        app.send("PATCH", "/Person/1", JsonObject{{"emailVerified", true}, {"verificationToken", "abc"}}, token);
    EXPECT_EQ(changed.body["emailVerified"], Json{false}) << changed.text;
    auto const replaced = app.send(
        "PUT", "/Person/1", JsonObject{{"email", "ann@x.test"}, {"password", "pw"}, {"emailVerified", true}}, token);
    EXPECT_EQ(replaced.body["emailVerified"], Json{false}) << replaced.text;
    app.post("/Person/update?where=%7B%7D", JsonObject{{"emailVerified", true}, {"verificationToken", "abc"}});
    EXPECT_EQ(app.stored("SELECT emailverified FROM person"), "0");
    EXPECT_EQ(app.stored("SELECT verificationtoken FROM person"), "");
}

TEST(AccountGuard, APasswordChangeEndsTheOtherSessionsAtOnce) {
    AccountApp app{Mode::compatible};
    app.make("Person", "ann@x.test", "pw");
    auto const own = app.log_in("Person", "ann@x.test", "pw");
    auto const other = app.log_in("Person", "ann@x.test", "pw");
    ASSERT_EQ(app.send("PATCH", "/Person/1", JsonObject{{"password", "new"}}, own).status, 200);
    EXPECT_EQ(app.post("/Person/logout", {}, other).status, 401);
    EXPECT_EQ(app.post("/Person/logout", {}, own).status, 204);
    EXPECT_EQ(app.log_in("Person", "ann@x.test", "pw"), "");
    EXPECT_NE(app.log_in("Person", "ann@x.test", "new"), "");
}

TEST(AccountGuard, AnEmailChangeEndsTheOtherSessionsAndVoidsLinksToTheOldAddress) {
    AccountApp app{Mode::compatible};
    app.make("Person", "ann@x.test", "pw");
    auto const own = app.log_in("Person", "ann@x.test", "pw");
    auto const other = app.log_in("Person", "ann@x.test", "pw");
    ASSERT_EQ(app.post("/Person/1/verify", {}, own).status, 204);
    auto const link = app.mail->sent().back().secret;
    ASSERT_EQ(app.send("PATCH", "/Person/1", JsonObject{{"email", "eve@x.test"}}, own).status, 200);
    EXPECT_EQ(app.post("/Person/logout", {}, other).status, 401);
    EXPECT_EQ(app.get("/Person/confirm?uid=1&token=" + link).code(), "INVALID_TOKEN");
    EXPECT_EQ(app.post("/Person/logout", {}, own).status, 204);
}

TEST(AccountGuard, WithTwoFactorsANewEmailIsNotVerified) {
    AccountApp app{Mode::strict};
    auto const id = app.make("Guarded", "ann@x.test", long_password);
    auto& guarded = app.model("Guarded");
    wait_for(guarded.patch_attributes(id, JsonObject{{"emailVerified", true}}));
    wait_for(guarded.patch_attributes(id, JsonObject{{"email", "eve@x.test"}}));
    EXPECT_EQ((*wait_for(guarded.find_by_id(id)))["emailVerified"], Json{false});
}

TEST(AccountGuard, ABulkUpdateNeverSetsAPassword) {
    for (auto const mode : {Mode::strict, Mode::compatible}) {
        AccountApp app{mode};
        app.make("Person", "ann@x.test", long_password);
        auto const reply =
            app.post("/Person/update?where=%7B%7D", JsonObject{{"password", "clear text of a password"}});
        EXPECT_EQ(reply.status, 401) << reply.text;
        EXPECT_EQ(reply.code(), "PASSWORD_CHANGE_NOT_ALLOWED");
        EXPECT_TRUE(app.stored("SELECT password FROM person").starts_with("$argon2id$"));
        EXPECT_NE(app.log_in("Person", "ann@x.test", long_password), "");
    }
}

TEST(AccountGuard, ABulkUpdateOfEmailsEndsSessionsAndKeepsThemUnique) {
    AccountApp app{Mode::compatible};
    app.make("Person", "ann@x.test", "pw");
    auto const token = app.log_in("Person", "ann@x.test", "pw");
    EXPECT_EQ(app.post("/Person/update?where=%7B%7D", JsonObject{{"email", "eve@x.test"}}).status, 200);
    EXPECT_EQ(app.post("/Person/logout", {}, token).status, 401);

    app.make("Person", "bob@x.test", "pw");
    EXPECT_EQ(app.post("/Person/update?where=%7B%7D", JsonObject{{"email", "same@x.test"}}).status, 422);
    EXPECT_EQ(app.stored("SELECT count(*) FROM person WHERE email = 'same@x.test'"), "0");
}

TEST(AccountGuard, AccountsWithTwoFactorsAreNotChangedInBulk) {
    AccountApp app{Mode::compatible};
    app.make("Guarded", "ann@x.test", "pw");
    for (auto const* name : {"password", "email", "username", "emailVerified", "verificationToken"}) {
        JsonObject change;
        change.set(name, "x");
        EXPECT_EQ(app.post("/Guarded/update?where=%7B%7D", std::move(change)).status, 401) << name;
    }
    EXPECT_EQ(app.post("/Guarded/update?where=%7B%7D", JsonObject{{"nick", "a"}}).status, 200);
}

TEST(AccountGuard, StrictAPasswordIsOnlyChangedByItsMethods) {
    AccountApp app{Mode::strict};
    app.make("Person", "ann@x.test", long_password);
    auto const token = app.log_in("Person", "ann@x.test", long_password);
    for (auto const* verb : {"PATCH", "PUT"}) {
        auto const reply = app.send(verb, "/Person/1",
                                    JsonObject{{"email", "ann@x.test"}, {"password", "another fine password"}}, token);
        EXPECT_EQ(reply.status, 401) << verb;
        EXPECT_EQ(reply.code(), "PASSWORD_CHANGE_NOT_ALLOWED") << verb;
    }
    EXPECT_EQ(app.send("PATCH", "/Person/1", JsonObject{{"nick", "a"}}, token).status, 200);
    auto const short_one = app.post("/Person/change-password",
                                    JsonObject{{"oldPassword", long_password}, {"newPassword", "short"}}, token);
    EXPECT_EQ(short_one.code(), "PASSWORD_TOO_SHORT") << short_one.text;
    EXPECT_EQ(app.post("/Person/change-password",
                       JsonObject{{"oldPassword", long_password}, {"newPassword", "another fine password"}}, token)
                  .status,
              204);
    EXPECT_EQ(app.mail->sent().back().kind, Message::Kind::notice);
    EXPECT_NE(app.log_in("Person", "ann@x.test", "another fine password"), "");
}

TEST(AccountGuard, WithTwoFactorsAPasswordIsOnlyChangedSoonAfterAFullLogin) {
    AccountApp app{Mode::compatible};
    app.make("Guarded", "ann@x.test", "pw");
    auto const asked = app.post("/Guarded/requestCode", JsonObject{{"email", "ann@x.test"}, {"password", "pw"}});
    auto const code = app.console->sent().back().secret;
    auto const login =
        app.post("/Guarded/loginWithCode",
                 JsonObject{{"email", "ann@x.test"}, {"twofactor", code}, {"challenge", asked.body["challenge"]}});
    auto const token = to_display(login.body["id"]);
    auto const change = [&](std::string from, std::string to) {
        return app.post("/Guarded/change-password",
                        JsonObject{{"oldPassword", std::move(from)}, {"newPassword", std::move(to)}}, token);
    };
    EXPECT_EQ(change("pw", "second").status, 204);
    app.clock->advance(300'001);
    auto const late = change("second", "third");
    EXPECT_EQ(late.code(), "STEP_UP_REQUIRED") << late.text;
    EXPECT_EQ(to_text(late.body["error"]["details"]), R"({"channels":["console"],"freshWithin":300})");
}

TEST(AccountGuard, CompatibleTooLongIsRefusedAndOddValuesCountAsMissing) {
    AccountApp app{Mode::compatible};
    auto const reply_to = [&app](Json password) {
        return app.post("/Person", JsonObject{{"email", "ann@x.test"}, {"password", std::move(password)}});
    };
    EXPECT_EQ(reply_to(std::string(73, 'x')).code(), "PASSWORD_TOO_LONG");
    EXPECT_EQ(reply_to("").code(), "INVALID_PASSWORD");
    EXPECT_EQ(reply_to(7).body["error"]["details"]["codes"]["password"], (Json{JsonArray{Json{"presence"}}}));
    EXPECT_EQ(reply_to(JsonArray{Json{"x"}}).status, 422);
}

TEST(AccountGuard, DeletingAUserEndsItsSessions) {
    AccountApp app{Mode::compatible};
    app.make("Person", "ann@x.test", "pw");
    app.log_in("Person", "ann@x.test", "pw");
    app.make("Person", "bob@x.test", "pw");
    auto const bob = app.log_in("Person", "bob@x.test", "pw");
    EXPECT_EQ(app.send("DELETE", "/Person/1").status, 200);
    EXPECT_EQ(app.stored("SELECT count(*) FROM sallyport_sessions"), "1");
    EXPECT_EQ(app.stored("SELECT count(*) FROM accesstoken"), "1");
    EXPECT_EQ(app.post("/Person/logout", {}, bob).status, 204);
}

AccountReply sign_up_as(AccountApp& app, Json id) {
    return app.post("/Person", JsonObject{{"id", std::move(id)}, {"email", "ann@x.test"}, {"password", long_password}});
}

TEST(AccountGuard, TheIdOfADeletedAccountIsNobodysAgain) {
    for (auto const* type : {"number", "string"}) {
        auto const ids = R"({"id": {"generated": false, "id": true, "type": ")" + std::string{type} + "\"}}";
        AccountApp app{Mode::strict, {{"properties", parse_json(ids)}}};
        EXPECT_EQ(sign_up_as(app, 77).status, 200);
        EXPECT_EQ(app.send("DELETE", "/Person/77").status, 200);
        auto const again = sign_up_as(app, 77);
        EXPECT_EQ(again.status, 409) << again.text;
        EXPECT_EQ(again.message(), "Duplicate entry for Person.id");
        EXPECT_EQ(
            app.send("PATCH", "/Person", JsonObject{{"id", 77}, {"email", "a@x.test"}, {"password", long_password}})
                .status,
            409);
        EXPECT_EQ(sign_up_as(app, 78).status, 200);
        EXPECT_EQ(app.stored("SELECT count(*) FROM person"), "1");
    }
}

TEST(AccountGuard, WhatLoopBackLetsClientsDoWithIdsCompatiblePlainModelsDo) {
    AccountApp app{Mode::compatible,
                   {{"properties", parse_json(R"({"id": {"type": "number", "id": true, "generated": false}})")}}};
    EXPECT_EQ(sign_up_as(app, 77).status, 200);
    EXPECT_EQ(app.send("DELETE", "/Person/77").status, 200);
    EXPECT_EQ(sign_up_as(app, 77).status, 200);
}

Task<> sign_up(AccountApp& app, Request request, std::vector<int>& statuses) {
    auto const reply = co_await app.exchange(std::move(request));
    statuses.push_back(reply.status);
    if (reply.status != 200)
        EXPECT_NE(reply.message().find("`email` Email already exists"), std::string::npos) << reply.text;
}

TEST(AccountGuard, OfSignUpsAtTheSameTimeOneGetsTheEmail) {
    AccountApp app{Mode::compatible};
    auto const context = borrow_context();
    std::vector<int> statuses;
    for (int i = 0; i < 4; ++i) {
        auto request = app.request("POST", "/Person", JsonObject{{"email", "ann@x.test"}, {"password", "pw"}});
        boost::asio::co_spawn(*context, sign_up(app, std::move(request), statuses), boost::asio::detached);
    }
    context->run();
    EXPECT_EQ(std::ranges::count(statuses, 200), 1);
    EXPECT_EQ(std::ranges::count(statuses, 422), 3);
    EXPECT_EQ(app.stored("SELECT count(*) FROM person"), "1");
}

TEST(AccountGuard, TheProgramMayWriteBackWhatItRead) {
    AccountApp app{Mode::compatible};
    app.make("Person", "ann@x.test", "pw");
    auto const token = app.log_in("Person", "ann@x.test", "pw");
    auto record = *wait_for(app.model("Person").find_by_id(1));
    record["nick"] = "annie";
    wait_for(app.model("Person").replace_by_id(1, record));
    EXPECT_EQ(app.post("/Person/logout", {}, token).status, 204);
    EXPECT_NE(app.log_in("Person", "ann@x.test", "pw"), "");
}

}  // namespace
}  // namespace sallyport::methods

// Codes by mail: a weak way to the second door, for accounts that have a factor beside it.

#include "methods/email_channel.hpp"

#include "methods/two_factor_app.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace sallyport::methods {
namespace {

class EmailChannel : public testing::Test {
protected:
    EmailChannel() { id = app.sign_up({{"email", ann}, {"mobile", "+33612345600"}})["id"]; }

    void verify() { app.app.store->prepare({{"UPDATE employee SET emailverified = 1", {}}}); }
    Reply request(JsonObject more = {}) {
        app.clock().advance(900'000);  // Few codes an hour are sent.
        JsonObject credentials{{"email", ann}, {"password", app.password}};
        for (auto& [name, value] : more) credentials.set(name, value);
        return app.request_code(std::move(credentials));
    }
    std::string channels() { return to_text(request().body["channels"]); }
    Reply by(std::string const& channel) {
        EXPECT_EQ(request({{"channel", channel}}).body["channel"], Json{channel});
        auto const& sender = channel == "sms" ? app.sms : app.email;
        auto const found = std::ranges::find_if(sender->messages.rbegin(), sender->messages.rend(),
                                                [](Message const& message) { return !message.secret.empty(); });
        return app.login_with_code({{"email", ann}, {"twofactor", found->secret}});
    }
    Caller signed_in(std::string const& channel) { return app.caller(by(channel).body["id"].as_string()); }
    Reply call(std::string const& method, Caller const& caller, JsonObject arguments = {}) {
        return app.call(method, std::move(arguments), app.from("198.41.0.4"), caller);
    }
    Json shown(Caller const& caller) {
        auto const list = call("prototype.listFactors", caller).body;
        for (auto const& factor : list.as_array())
            if (factor["type"] == Json{"email"}) return factor;
        return {};
    }
    void reset() {
        auto link = app.call("resetPassword", {{"options", JsonObject{{"email", ann}}}});
        EXPECT_EQ(link.status, 200) << link.code;
        auto const caller = app.caller(app.email->last_code());
        EXPECT_EQ(call("setPassword", caller, {{"newPassword", app.password}}).status, 200);
    }

    TwoFactorApp app{R"({"channels": ["sms", "totp", "email"], "phone": "mobile"})"};
    Json id;
};

// Where two factors are not required of everybody, they still are of whoever has them.
TEST(EmailChannelOptional, ItsCodeChangesNothingOfAnAccountThatHasAnApp) {
    TwoFactorApp app{R"({"channels": ["totp", "email"], "required": false})"};
    app.throttle.lift();
    auto const id = app.sign_up({{"email", ann}, {"username", "ann"}})["id"];
    app.app.store->prepare({{"UPDATE employee SET emailverified = 1", {}},
                            {"INSERT INTO sallyport_factors (user_model, user_id, type, target, state, created)"
                             " VALUES ('Employee', '1', 'totp', '', 'confirmed', 1)",
                             {}}});
    ASSERT_EQ(app.request_code({{"email", ann}, {"password", app.password}, {"channel", "email"}}).status, 200);
    auto const entered = app.login_with_code({{"email", ann}, {"twofactor", app.email->last_code()}});
    ASSERT_EQ(entered.status, 200) << entered.code;
    auto const caller = app.caller(entered.body["id"].as_string());
    auto const call = [&](std::string const& method, JsonObject arguments) {
        return app.call(method, std::move(arguments), app.from("198.41.0.4"), caller).code;
    };
    EXPECT_EQ(call("changePassword", {{"oldPassword", app.password}, {"newPassword", "another long password"}}),
              "STEP_UP_REQUIRED");
    EXPECT_EQ(call("prototype.changeUsername", {{"username", "eve"}}), "STEP_UP_REQUIRED");
    EXPECT_EQ(call("prototype.changeEmail", {{"email", "eve@x.test"}}), "STEP_UP_REQUIRED");
    EXPECT_THROW(wait_for(app.employees().delete_by_id(id, {.caller = &caller, .is_remote = true})), Error);
}

TEST_F(EmailChannel, IsOfferedAsAWeakerOneToAVerifiedAddressAlone) {
    EXPECT_EQ(channels(), R"(["sms"])");
    verify();
    auto const asked = request();
    EXPECT_EQ(to_text(asked.body["channels"]), R"(["sms","email"])");
    EXPECT_EQ(to_text(asked.body["weaker"]), R"(["email"])");
}

TEST_F(EmailChannel, ItsCodeGoesToTheAddressAndOpensASessionThatShowedNoSecondFactor) {
    verify();
    auto const entered = by("email");
    ASSERT_EQ(entered.status, 200) << entered.code;
    auto const caller = app.caller(entered.body["id"].as_string());
    EXPECT_EQ(caller.factors, (std::vector<std::string>{"password", "email"}));
    EXPECT_FALSE(auth::has_second(caller.factors));
    EXPECT_EQ(call("prototype.addFactor", caller, {{"type", "totp"}}).code, "STEP_UP_REQUIRED");
    EXPECT_EQ(call("prototype.makeRecoveryCodes", caller).code, "STEP_UP_REQUIRED");
    EXPECT_EQ(call("prototype.removeFactor", caller, {{"fk", 0}}).code, "STEP_UP_REQUIRED");
    EXPECT_EQ(call("changePassword", caller, {{"oldPassword", app.password}, {"newPassword", app.password}}).code,
              "STEP_UP_REQUIRED");
}

TEST_F(EmailChannel, ItsCodeRenewsNoSessionAndTrustsNoDevice) {
    TwoFactorApp trusting{R"({"channels": ["console", "email"], "trustDays": 30})"};
    trusting.sign_up({{"email", ann}});
    trusting.app.store->prepare({{"UPDATE employee SET emailverified = 1", {}}});
    JsonObject const by_mail{{"email", ann}, {"password", trusting.password}, {"channel", "email"}};
    ASSERT_EQ(trusting.request_code(by_mail).status, 200);
    auto const entered =
        trusting.login_with_code({{"email", ann}, {"twofactor", trusting.email->last_code()}, {"trustDevice", true}});
    ASSERT_EQ(entered.status, 200) << entered.code;
    EXPECT_EQ(entered.cookies.size(), 1U);
    auto const caller = trusting.caller(entered.body["id"].as_string());
    trusting.clock().advance(60'000);
    trusting.request_code(by_mail);
    JsonObject const proof{{"password", trusting.password}, {"twofactor", trusting.email->last_code()}};
    EXPECT_EQ(trusting.call("reauthenticate", proof, trusting.from("198.41.0.4"), caller).code, "STEP_UP_REQUIRED");
}

TEST_F(EmailChannel, IsNoWayInForWhoNeverHadAFactor) {
    TwoFactorApp fresh{R"({"channels": ["totp", "email"]})"};
    fresh.sign_up({{"email", ann}});
    EXPECT_TRUE(fresh.request_code(ann).body["enrol"].is_object()) << "not verified";
    fresh.app.store->prepare({{"UPDATE employee SET emailverified = 1", {}}});
    fresh.clock().advance(60'000);
    ASSERT_EQ(fresh.request_code(ann).body["channel"], Json{"email"});
    auto const entered = fresh.login_with_code({{"email", ann}, {"twofactor", fresh.email->last_code()}});
    EXPECT_EQ(fresh.caller(entered.body["id"].as_string()).scopes, std::vector<std::string>{"enrol"});
}

TEST_F(EmailChannel, IsRefusedAfterAMailedResetUntilAnotherFactorWasUsed) {
    verify();
    reset();
    EXPECT_EQ(channels(), R"(["sms"])");
    EXPECT_EQ(request({{"channel", "email"}}).code, "LOGIN_FAILED");
    auto const caller = signed_in("sms");
    EXPECT_EQ(channels(), R"(["sms","email"])");
    EXPECT_EQ(shown(caller)["enabled"], Json{true});
}

TEST_F(EmailChannel, ACodeThatWasMailedBeforeTheResetIsNoOtherFactor) {
    verify();
    ASSERT_EQ(by("email").status, 200);
    reset();
    EXPECT_EQ(channels(), R"(["sms"])");
}

TEST_F(EmailChannel, IsSwitchedOffAndOnByItsOwner) {
    verify();
    auto const mailed = signed_in("email");
    auto const caller = signed_in("sms");
    auto const listed = shown(caller);
    EXPECT_EQ(listed["id"], Json{0});
    EXPECT_EQ(listed["weaker"], Json{true});
    EXPECT_EQ(listed["enabled"], Json{true});

    EXPECT_EQ(call("prototype.removeFactor", caller, {{"fk", 0}}).status, 200);

    EXPECT_FALSE(app.caller(mailed.token).is_known()) << "who came by it is out";
    EXPECT_EQ(app.email->messages.back().subject, "Codes by mail were switched off");
    EXPECT_EQ(shown(caller)["enabled"], Json{false});
    EXPECT_EQ(call("prototype.removeFactor", caller, {{"fk", 0}}).code, "FACTOR_NOT_FOUND");
    EXPECT_EQ(channels(), R"(["sms"])");
    auto const again = signed_in("sms");
    EXPECT_EQ(call("prototype.addFactor", again, {{"type", "email"}}).body["enabled"], Json{true});
    EXPECT_EQ(channels(), R"(["sms","email"])");
}

TEST_F(EmailChannel, StaysOffWhenTheAddressIsProvenAnew) {
    verify();
    call("prototype.removeFactor", signed_in("sms"), {{"fk", 0}});
    reset();
    signed_in("sms");
    EXPECT_EQ(channels(), R"(["sms"])");
}

TEST_F(EmailChannel, IsAskedForOnlyWhereTheModelTakesIt) {
    TwoFactorApp without{R"({"channels": ["console", "totp"]})"};
    without.sign_up({{"email", ann}});
    auto const caller = without.caller(without.log_in(ann));
    for (auto const& [method, arguments] : {std::pair{"prototype.addFactor", JsonObject{{"type", "email"}}},
                                            std::pair{"prototype.removeFactor", JsonObject{{"fk", 0}}}}) {
        auto const refused = without.call(method, arguments, without.from("198.41.0.4"), caller);
        EXPECT_TRUE(refused.status == 422 || refused.status == 404) << method << " " << refused.code;
    }
    EXPECT_EQ(without.number("SELECT count(*) FROM sallyport_factors"), 0);
}

TEST_F(EmailChannel, IsLimitedLikeAnyOther) {
    verify();
    ASSERT_EQ(request({{"channel", "email"}}).status, 200);
    EXPECT_EQ(app.request_code({{"email", ann}, {"password", app.password}, {"channel", "email"}}).status, 429);
    for (int i = 0; i < 5; ++i) EXPECT_EQ(app.login_with_code({{"email", ann}, {"twofactor", "abcdef"}}).status, 401);
}

}  // namespace
}  // namespace sallyport::methods

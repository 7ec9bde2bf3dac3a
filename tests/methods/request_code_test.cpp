#include "methods/request_code.hpp"

#include "methods/two_factor_app.hpp"

#include <gtest/gtest.h>

namespace sallyport::methods {
namespace {

TEST(RequestCode, SendsACodeAndTellsTheChallengeHintAndTimes) {
    TwoFactorApp app;
    app.sign_up({{"email", ann}});
    auto const reply = app.request_code(ann);
    EXPECT_EQ(reply.status, 200);
    EXPECT_EQ(reply.body["timestamp"], Json{app.clock().now()});
    EXPECT_EQ(reply.body["challenge"].as_string().size(), 22U);
    EXPECT_EQ(reply.body["channel"], Json{"console"});
    EXPECT_EQ(reply.body["ttl"], Json{300});
    EXPECT_EQ(reply.body["resendAfter"], Json{60});
    EXPECT_EQ(reply.body["channels"], Json{JsonArray{Json{"console"}}});
    EXPECT_TRUE(reply.body["token"].is_undefined());
    EXPECT_TRUE(reply.body["enrol"].is_undefined());
    ASSERT_EQ(app.console->messages.size(), 1U);
    auto const& message = app.console->messages[0];
    EXPECT_EQ(message.account, ann);
    EXPECT_EQ(message.secret.size(), 6U);
    EXPECT_NE(message.text.find(message.secret), std::string::npos);
    EXPECT_FALSE(reply.cookie("tfa").empty());
    EXPECT_EQ(to_text(reply.body).find(message.secret), std::string::npos);
}

TEST(RequestCode, EverythingWrongIsTheSame401) {
    TwoFactorApp app;
    app.throttle.lift();
    app.sign_up({{"email", ann}});
    JsonObject const wrong[] = {
        {{"email", ann}, {"password", "wrong"}},
        {{"email", "nobody@x.test"}, {"password", app.password}},
        {{"email", ann}},
        {{"email", ann}, {"password", ""}},
        {{"email", ann}, {"password", nullptr}},
        {{"email", ann}, {"password", true}},
        {{"email", ann}, {"password", JsonArray{Json{app.password}}}},
        {{"email", ann}, {"password", JsonObject{{"neq", ""}}}},
        {{"email", ann}, {"password", std::string(2000, 'x')}},
        {{"password", app.password}},
        {{"email", ""}, {"password", app.password}},
        {{"email", nullptr}, {"password", app.password}},
        {{"email", ann}, {"password", app.password}, {"channel", "sms"}},
        {{"email", ann}, {"password", app.password}, {"channel", 1}},
        {},
    };
    for (auto const& credentials : wrong) {
        auto const reply = app.request_code(credentials);
        EXPECT_EQ(reply.status, 401) << to_text(Json{credentials});
        EXPECT_EQ(reply.code, "LOGIN_FAILED");
        EXPECT_EQ(reply.message, "Sorry, but that email and password do not match!");
        EXPECT_TRUE(reply.cookies.empty());
    }
    EXPECT_TRUE(app.console->messages.empty());
    EXPECT_EQ(app.number("SELECT count(*) FROM sallyport_challenges"), 0);
}

TEST(RequestCode, AnEmailThatIsNoTextIsNeverAQuery) {
    TwoFactorApp app;
    app.sign_up({{"email", ann}});
    for (Json const& email : {Json{1}, Json{true}, Json{JsonArray{Json{ann}}}, Json{JsonObject{{"like", "%"}}}}) {
        for (auto const* step : {"requestCode", "loginWithCode"}) {
            auto const reply =
                app.call(step, {{"credentials", JsonObject{{"email", email}, {"password", app.password}}}});
            EXPECT_EQ(reply.status, 400) << to_text(email);
            EXPECT_EQ(reply.code, "INVALID_EMAIL");
        }
    }
}

TEST(RequestCode, EmailsAreComparedAsTheModelSays) {
    TwoFactorApp exact;
    exact.sign_up({{"email", ann}});
    EXPECT_EQ(exact.request_code("ANN@x.test").status, 401);
    TwoFactorApp loose{"{}", R"(, "caseSensitiveEmail": false)"};
    loose.sign_up({{"email", ann}});
    EXPECT_EQ(loose.request_code("ANN@x.test").status, 200);
}

TEST(RequestCode, AnUnverifiedEmailIsToldOnlyAfterTheRightPassword) {
    TwoFactorApp app{"{}", R"(, "emailVerificationRequired": true)"};
    app.sign_up({{"email", ann}});
    EXPECT_EQ(app.request_code({{"email", ann}, {"password", "wrong"}}).code, "LOGIN_FAILED");
    auto const reply = app.request_code(ann);
    EXPECT_EQ(reply.status, 401);
    EXPECT_EQ(reply.code, "LOGIN_FAILED_EMAIL_NOT_VERIFIED");
    EXPECT_TRUE(app.console->messages.empty());
}

TEST(RequestCode, TheSixthWrongPasswordIs429WithRetryAfterForKnownAndUnknownAlike) {
    TwoFactorApp app;
    app.sign_up({{"email", ann}});
    for (auto const* email : {ann, "nobody@x.test"}) {
        for (int i = 0; i < 5; ++i) {
            auto const peer = "199.1." + std::to_string(i) + ".1";
            EXPECT_EQ(app.request_code({{"email", email}, {"password", "wrong"}}, app.from(peer)).status, 401);
        }
        auto const reply = app.request_code({{"email", email}, {"password", app.password}}, app.from("199.2.1.1"));
        EXPECT_EQ(reply.status, 429) << email;
        EXPECT_EQ(reply.retry_after, 30);
    }
    app.clock().advance(30'000);
    EXPECT_EQ(app.request_code(ann, app.from("199.2.1.1")).status, 200);
}

TEST(RequestCode, CaseVariantsOfAnEmailShareOneCountWhereCaseDoesNotTellAccountsApart) {
    TwoFactorApp app{R"({"channels": ["console"]})", R"(, "caseSensitiveEmail": false)"};
    for (auto const* email : {"nobody@x.test", "Nobody@x.test", "NOBODY@x.test", "nobody@X.test", "nObody@x.test"}) {
        EXPECT_EQ(app.request_code({{"email", email}, {"password", "wrong"}}).status, 401);
    }
    EXPECT_EQ(app.request_code({{"email", "nobodY@x.test"}, {"password", "wrong"}}).status, 429);
}

TEST(RequestCode, TheSuccessOfAnotherAccountForgivesNoFailure) {
    TwoFactorApp app;
    app.sign_up({{"email", ann}});
    app.sign_up({{"email", "Ann@x.test"}});
    app.sign_up({{"email", "eve@x.test"}});
    app.app.store->prepare({{"UPDATE employee SET username = ?1 WHERE email = 'eve@x.test'", {ann}}});
    for (int i = 0; i < 5; ++i) {
        auto const peer = "199.1." + std::to_string(i) + ".1";
        EXPECT_EQ(app.request_code({{"email", ann}, {"password", "wrong"}}, app.from(peer)).status, 401);
        EXPECT_NE(app.request_code("Ann@x.test", app.from("199.3.1.1")).status, 401);
        EXPECT_NE(app.request_code("eve@x.test", app.from("199.3.2.1")).status, 401);
        app.clock().advance(1000);
    }
    EXPECT_EQ(app.request_code(ann, app.from("199.2.1.1")).status, 429);
}

TEST(RequestCode, OneCodeAMinuteAndTheLiveOneStaysGood) {
    TwoFactorApp app;
    app.sign_up({{"email", ann}});
    EXPECT_EQ(app.request_code(ann).status, 200);
    auto const code = app.console->last_code();
    app.clock().advance(20'000);
    auto const reply = app.request_code(ann);
    EXPECT_EQ(reply.status, 429);
    EXPECT_EQ(reply.retry_after, 40);
    EXPECT_EQ(app.console->messages.size(), 1U);
    EXPECT_EQ(app.login_with_code({{"email", ann}, {"twofactor", code}}).status, 200);
}

TEST(RequestCode, AManyRequestsAtOnceSendOneCode) {
    TwoFactorApp app;
    app.sign_up({{"email", ann}});
    std::vector<std::jthread> threads;
    for (int i = 0; i < 8; ++i) {
        threads.emplace_back([&app, i] { app.request_code(ann, app.from("199.1." + std::to_string(i) + ".1")); });
    }
    threads.clear();
    EXPECT_EQ(app.console->messages.size(), 1U);
}

TEST(RequestCode, AWeakHashIsReplacedByTheRightPassword) {
    TwoFactorApp app;
    auto const user = app.sign_up({{"email", ann}});
    // bcrypt of "pw-ann" at cost 4, as LoopBack stores it, is not needed: any weaker argon2id will do.
    auto const weak = crypto::hash_password(app.keys, app.password, {.memory_kib = 8, .passes = 1});
    auto const strong = std::string{"$argon2id$"};
    EXPECT_TRUE(weak.starts_with(strong));
    EXPECT_EQ(app.request_code(ann).status, 200);
}

// --- texts by sms

auto constexpr sms_and_console = R"({"channels": ["sms", "console"], "phone": "mobile"})";

TEST(RequestCode, TheFirstChannelThatReachesTheAccountIsTheDefaultAndAnyMayBeAskedFor) {
    TwoFactorApp app{sms_and_console};
    app.throttle.lift();
    app.sign_up({{"email", ann}, {"mobile", "+33612345600"}});
    auto const reply = app.request_code(ann);
    EXPECT_EQ(reply.body["channel"], Json{"sms"});
    EXPECT_EQ(reply.body["hint"], Json{"+•• ••• ••00"});
    EXPECT_EQ(reply.body["channels"], parse_json(R"(["sms", "console"])"));
    ASSERT_EQ(app.sms->messages.size(), 1U);
    EXPECT_EQ(app.sms->messages[0].to, "+33612345600");
    auto const other = app.request_code({{"email", ann}, {"password", app.password}, {"channel", "console"}});
    EXPECT_EQ(other.body["channel"], Json{"console"});
    EXPECT_EQ(app.console->messages.size(), 1U);
}

TEST(RequestCode, SmsIsOfferedOnlyWhereSomethingSendsIt) {
    TwoFactorApp app{sms_and_console};
    app.senders.erase("sms");
    app.sign_up({{"email", ann}, {"mobile", "+33612345600"}});
    auto const reply = app.request_code(ann);
    EXPECT_EQ(reply.body["channels"], parse_json(R"(["console"])"));
}

TEST(RequestCode, OneNumberIsLimitedOverAllAccounts) {
    TwoFactorApp app{sms_and_console};
    app.sign_up({{"email", ann}, {"mobile", "+33612345600"}});
    app.sign_up({{"email", "bob@x.test"}, {"mobile", "+33612345600"}});
    EXPECT_EQ(app.request_code(ann).status, 200);
    auto const reply = app.request_code("bob@x.test", app.from("199.1.1.1"));
    EXPECT_EQ(reply.status, 429);
    EXPECT_EQ(app.sms->messages.size(), 1U);
}

TEST(RequestCode, AnAccountThatNeverHadAFactorMayEnrolOne) {
    TwoFactorApp app{only_sms};
    auto const user = app.sign_up({{"email", ann}});
    auto const reply = app.request_code(ann);
    EXPECT_EQ(reply.status, 200);
    EXPECT_EQ(reply.body["enrol"]["ttl"], Json{600});
    EXPECT_EQ(reply.body["enrol"]["userId"], user["id"]);
    EXPECT_TRUE(reply.body["challenge"].is_undefined());
    auto const caller = app.caller(reply.body["enrol"]["id"].as_string());
    EXPECT_EQ(caller.scopes, std::vector<std::string>{"enrol"});
}

TEST(RequestCode, WhereTheEmailIsVerifiedTheMailboxHasToAgreeToAnEnrolment) {
    TwoFactorApp app{only_sms};
    auto const user = app.sign_up({{"email", ann}});
    wait_for(app.employees().patch_attributes(user["id"], JsonObject{{"emailVerified", true}}));
    auto const reply = app.request_code(ann);
    EXPECT_TRUE(reply.body["enrol"].is_undefined());
    EXPECT_EQ(reply.body["channel"], Json{"email"});
    ASSERT_EQ(app.email->messages.size(), 1U);
    EXPECT_EQ(app.email->messages[0].to, ann);
    auto const second = app.login_with_code({{"email", ann}, {"twofactor", app.email->last_code()}});
    ASSERT_EQ(second.status, 200);
    EXPECT_EQ(app.caller(second.body["id"].as_string()).scopes, std::vector<std::string>{"enrol"});
    EXPECT_EQ(second.body["ttl"], Json{600});
}

TEST(RequestCode, AFactorThatCannotBeReachedNeverCountsAsNone) {
    TwoFactorApp app{only_sms};
    app.sign_up({{"email", ann}, {"mobile", "+33612345600"}});
    app.senders.erase("sms");
    auto const reply = app.request_code(ann);
    EXPECT_EQ(reply.status, 401);
    EXPECT_EQ(reply.code, "NO_FACTOR_AVAILABLE");
}

TEST(RequestCode, AChannelThatWasSwitchedOffNeverCountsAsNone) {
    TwoFactorApp app{R"({"channels": ["console", "sms"], "phone": "mobile"})"};
    app.sign_up({{"email", ann}});
    for (int round = 0; round < 10; ++round) {
        app.clock().advance(86'400'000);
        ASSERT_EQ(app.request_code(ann).status, 200) << round;
        auto const wrong = app.console->last_code() == "000000" ? "000001" : "000000";
        for (int i = 0; i < 5; ++i) app.login_with_code({{"email", ann}, {"twofactor", wrong}});
    }
    app.clock().advance(86'400'000);
    auto const reply = app.request_code(ann);
    EXPECT_EQ(reply.code, "NO_FACTOR_AVAILABLE");
    EXPECT_TRUE(reply.body["enrol"].is_undefined());
}

TEST(RequestCode, PlainLoginIsClosedUnseen) {
    TwoFactorApp app;
    app.sign_up({{"email", ann}});
    for (auto const* password : {"wrong", "a long enough password"}) {
        auto const reply = app.call("login", {{"credentials", JsonObject{{"email", ann}, {"password", password}}}});
        EXPECT_EQ(reply.status, 401);
        EXPECT_EQ(reply.code, "TWO_FACTOR_REQUIRED");
        EXPECT_EQ(reply.message, "This application requires two-factor authentication.");
    }
}

TEST(RequestCode, WhereItIsNotRequiredOnlyThoseWithAFactorNeedIt) {
    TwoFactorApp app{R"({"channels": ["sms"], "phone": "mobile", "required": false})"};
    app.sign_up({{"email", ann}});
    app.sign_up({{"email", "bob@x.test"}, {"mobile", "+33612345600"}});
    auto const log_in = [&](char const* email, std::string const& password) {
        return app.call("login", {{"credentials", JsonObject{{"email", email}, {"password", password}}}});
    };
    EXPECT_EQ(log_in(ann, app.password).status, 200);
    EXPECT_EQ(log_in("bob@x.test", "wrong").code, "LOGIN_FAILED");
    EXPECT_EQ(log_in("bob@x.test", app.password).code, "TWO_FACTOR_REQUIRED");
}

}  // namespace
}  // namespace sallyport::methods

// An authenticator app as the second factor, from the first QR code to its removal.

#include "methods/app_factor.hpp"

#include "methods/two_factor_app.hpp"
#include "sallyport/one_time_code.hpp"

#include <gtest/gtest.h>

namespace sallyport::methods {
namespace {

auto constexpr only_app = R"({"channels": ["totp"]})";

class AppFactor : public testing::Test {
protected:
    static std::string code(TwoFactorApp& app, std::string const& secret, std::int64_t seconds_away = 0,
                            CodeShape shape = {}) {
        return totp(OneTimeSecret::from_base32(secret), app.clock().now() / 1000 + seconds_away, shape);
    }
    static Reply add(TwoFactorApp& app, Caller const& caller, JsonObject more = {}) {
        more.set("type", "totp");
        return app.call("prototype.addFactor", std::move(more), app.from("198.41.0.4"), caller);
    }
    static Reply confirm(TwoFactorApp& app, Caller const& caller, Json id, Json code) {
        return app.call("prototype.confirmFactor", {{"fk", std::move(id)}, {"twofactor", std::move(code)}},
                        app.from("198.41.0.4"), caller);
    }
    static Reply remove(TwoFactorApp& app, Caller const& caller, Json id) {
        return app.call("prototype.removeFactor", {{"fk", std::move(id)}}, app.from("198.41.0.4"), caller);
    }
    static Reply update(TwoFactorApp& app, Caller const& caller, JsonObject arguments) {
        return app.call("prototype.updateFactor", std::move(arguments), app.from("198.41.0.4"), caller);
    }
    static Json list(TwoFactorApp& app, Caller const& caller) {
        return app.call("prototype.listFactors", {}, app.from("198.41.0.4"), caller).body;
    }
    static Caller enrolling(TwoFactorApp& app) {
        app.sign_up({{"email", ann}});
        return app.caller(app.request_code(ann).body["enrol"]["id"].as_string());
    }

    struct Enrolled {
        Caller caller;
        std::string secret;
        Json id;
    };
    /// An account whose only factor is an app, signed in by it; its code of this step is used.
    static Enrolled enrolled(TwoFactorApp& app) {
        auto const caller = enrolling(app);
        auto const added = add(app, caller);
        auto const secret = added.body["secret"].as_string();
        auto const done = confirm(app, caller, added.body["id"], code(app, secret));
        EXPECT_EQ(done.status, 200) << done.code;
        return {app.caller(done.body["id"].as_string()), secret, added.body["id"]};
    }
    static Reply sign_in(TwoFactorApp& app, std::string const& twofactor) {
        EXPECT_EQ(app.request_code(ann).status, 200);
        return app.login_with_code({{"email", ann}, {"twofactor", twofactor}});
    }
};

TEST_F(AppFactor, IsShownOnceAndCountsAfterItsFirstRightCode) {
    TwoFactorApp app{only_app};
    auto const caller = enrolling(app);

    auto const added = add(app, caller, {{"label", "my phone"}});

    ASSERT_EQ(added.status, 200) << added.code;
    auto const secret = added.body["secret"].as_string();
    EXPECT_EQ(secret.size(), 32U);
    EXPECT_EQ(added.body["uri"], Json{"otpauth://totp/Employee:ann%40x.test?secret=" + secret + "&issuer=Employee"});
    EXPECT_TRUE(added.body["qr"].as_string().starts_with("<svg "));
    EXPECT_EQ(added.body["confirmed"], Json{false});
    EXPECT_FALSE(list(app, caller).as_array()[0].as_object().contains("secret"));
    EXPECT_EQ(app.number("SELECT count(*) FROM sallyport_factors WHERE instr(secret, '" + secret + "')"), 0);

    auto const done = confirm(app, caller, added.body["id"], code(app, secret));

    ASSERT_EQ(done.status, 200) << done.code;
    EXPECT_EQ(done.body["factor"]["label"], Json{"my phone"});
    EXPECT_EQ(app.caller(done.body["id"].as_string()).factors, (std::vector<std::string>{"password", "totp"}));
    EXPECT_FALSE(app.caller(caller.token).is_known());
    ASSERT_EQ(app.email->messages.size(), 1U);
    EXPECT_EQ(app.email->messages[0].subject, "An authenticator app was added to your account");
}

TEST_F(AppFactor, OpensTheSecondDoorWithEachStepOnce) {
    TwoFactorApp app{only_app};
    auto const [caller, secret, id] = enrolled(app);
    auto const asked = app.request_code(ann);
    EXPECT_EQ(asked.body["channel"], Json{"totp"});
    EXPECT_EQ(asked.body["hint"], Json{"authenticator app"});
    EXPECT_TRUE(asked.body["resendAfter"].is_undefined());
    EXPECT_TRUE(app.sms->messages.empty() && app.console->messages.empty());

    EXPECT_EQ(app.login_with_code({{"email", ann}, {"twofactor", code(app, secret)}}).code, "LOGIN_FAILED")
        << "the step that confirmed it is used";
    app.clock().advance(30'000);
    EXPECT_EQ(sign_in(app, code(app, secret)).status, 200);
    EXPECT_EQ(sign_in(app, code(app, secret)).status, 401) << "again";
    EXPECT_EQ(sign_in(app, code(app, secret, -30)).status, 401) << "an older one";
    app.clock().advance(60'000);
    EXPECT_EQ(sign_in(app, code(app, secret, -30)).status, 200) << "one step late";
    EXPECT_EQ(sign_in(app, code(app, secret, 30)).status, 401) << "too early";
    app.clock().advance(90'000);
    EXPECT_EQ(sign_in(app, code(app, secret, -60)).status, 401) << "two steps late";
}

TEST_F(AppFactor, TriesAreCountedOnTheChallengeAndOnTheDay) {
    TwoFactorApp app{only_app};
    auto const [caller, secret, id] = enrolled(app);
    app.clock().advance(30'000);
    for (int round = 0; round < 2; ++round) {
        app.request_code(ann, app.from("198.41.0.9"));
        for (int i = 0; i < 5; ++i) {
            EXPECT_EQ(
                app.login_with_code({{"email", ann}, {"twofactor", code(app, secret, 3000)}}, app.from("198.41.0.9"))
                    .status,
                401);
        }
        EXPECT_EQ(
            app.login_with_code({{"email", ann}, {"twofactor", code(app, secret)}}, app.from("198.41.0.9")).status, 401)
            << "five tries are all";
    }
    EXPECT_EQ(app.request_code(ann, app.from("198.41.0.9")).status, 429) << "ten wrong codes are a day's";
}

TEST_F(AppFactor, NoCodeThatWasNeverSentOpensItsChallenge) {
    TwoFactorApp app{R"({"channels": ["console", "totp"]})"};
    app.sign_up({{"email", ann}});
    auto const token = app.log_in(ann);
    auto const caller = app.caller(token);
    auto const added = add(app, caller);
    ASSERT_EQ(added.status, 200) << added.code;
    auto const secret = added.body["secret"].as_string();
    ASSERT_EQ(confirm(app, caller, added.body["id"], code(app, secret)).status, 200);
    app.clock().advance(60'000);

    auto const asked = app.request_code({{"email", ann}, {"password", app.password}, {"channel", "totp"}});
    EXPECT_EQ(asked.body["channel"], Json{"totp"});
    EXPECT_EQ(app.login_with_code({{"email", ann}, {"twofactor", app.console->last_code()}}).status, 401);
    EXPECT_EQ(app.login_with_code({{"email", ann}, {"twofactor", code(app, secret)}}).status, 200);

    app.clock().advance(60'000);
    auto const console = app.request_code(ann);
    EXPECT_EQ(console.body["channel"], Json{"console"});
    EXPECT_EQ(app.login_with_code({{"email", ann}, {"twofactor", code(app, secret)}}).status, 401)
        << "a challenge is answered on its own channel";
}

TEST_F(AppFactor, TakesOtherShapesOfCodes) {
    struct Row {
        char const* algorithm;
        int digits;
        CodeHash hash;
        std::size_t secret;
    };
    for (auto const& [algorithm, digits, hash, size] :
         {Row{"SHA256", 8, CodeHash::sha256, 52}, Row{"SHA512", 7, CodeHash::sha512, 103}}) {
        TwoFactorApp app{only_app};
        auto const caller = enrolling(app);
        auto const added = add(app, caller, {{"algorithm", algorithm}, {"digits", digits}});
        auto const secret = added.body["secret"].as_string();
        EXPECT_EQ(secret.size(), size);
        auto const shaped = code(app, secret, 0, {.digits = digits, .hash = hash});
        EXPECT_EQ(confirm(app, caller, added.body["id"], shaped).status, 200) << algorithm;
    }
    TwoFactorApp app{only_app};
    auto const caller = enrolling(app);
    EXPECT_EQ(add(app, caller, {{"algorithm", "MD5"}}).code, "INVALID_FACTOR");
    EXPECT_EQ(add(app, caller, {{"digits", 9}}).code, "INVALID_FACTOR");
    EXPECT_EQ(add(app, caller, {{"digits", "6"}}).code, "INVALID_FACTOR");
    EXPECT_EQ(add(app, caller, {{"label", JsonObject{}}}).code, "INVALID_LABEL");
    EXPECT_EQ(add(app, caller, {{"label", std::string(65, 'a')}}).code, "INVALID_LABEL");
}

TEST_F(AppFactor, IsAddedBesideAnotherOnlyByWhoHasOneAsStrong) {
    TwoFactorApp app{sms_and_totp};
    app.sign_up({{"email", ann}, {"mobile", "+33612345600"}});
    auto const by_text = app.caller(app.log_in(ann));
    auto const added = add(app, by_text);
    ASSERT_EQ(added.status, 200) << "an app outranks a number only";
    auto const secret = added.body["secret"].as_string();
    ASSERT_EQ(confirm(app, by_text, added.body["id"], code(app, secret)).status, 200);
    EXPECT_EQ(add(app, by_text).code, "STEP_UP_REQUIRED") << "a text message proves less than the app that is there";
    EXPECT_EQ(remove(app, by_text, added.body["id"]).code, "STEP_UP_REQUIRED");

    app.clock().advance(60'000);
    app.request_code({{"email", ann}, {"password", app.password}, {"channel", "totp"}});
    auto const by_app =
        app.caller(app.login_with_code({{"email", ann}, {"twofactor", code(app, secret)}}).body["id"].as_string());
    EXPECT_EQ(add(app, by_app).status, 200);
    app.clock().advance(301'000);
    EXPECT_EQ(add(app, by_app).code, "STEP_UP_REQUIRED") << "the factor was shown too long ago";
}

TEST_F(AppFactor, ConfirmedOrRemovedEndsEveryOtherSession) {
    TwoFactorApp app{sms_and_totp};
    app.sign_up({{"email", ann}, {"mobile", "+33612345600"}});
    auto const other = app.log_in(ann, app.from("198.41.0.9"));
    app.clock().advance(60'000);
    auto const mine = app.caller(app.log_in(ann));
    ASSERT_TRUE(app.caller(other).is_known());
    auto const added = add(app, mine);
    ASSERT_TRUE(app.caller(other).is_known());

    ASSERT_EQ(confirm(app, mine, added.body["id"], code(app, added.body["secret"].as_string())).status, 200);

    EXPECT_FALSE(app.caller(other).is_known());
    EXPECT_TRUE(app.caller(mine.token).is_known());

    app.clock().advance(60'000);
    auto const another = app.log_in(ann, app.from("198.41.0.9"));
    EXPECT_EQ(remove(app, mine, list(app, mine).as_array()[0]["id"]).status, 200);
    EXPECT_FALSE(app.caller(another).is_known());
    EXPECT_TRUE(app.caller(mine.token).is_known());
    EXPECT_TRUE((*wait_for(app.employees().find_by_id(mine.user_id)))["mobile"].is_nothing())
        << "the number is gone with it";
}

TEST_F(AppFactor, TheLastOneStaysWhereTwoAreRequired) {
    TwoFactorApp app{only_app};
    auto const [caller, secret, id] = enrolled(app);
    EXPECT_EQ(remove(app, caller, id).code, "LAST_FACTOR");
    EXPECT_EQ(remove(app, caller, 4711).code, "FACTOR_NOT_FOUND");

    auto const second = add(app, caller);
    app.clock().advance(30'000);
    ASSERT_EQ(confirm(app, caller, second.body["id"], code(app, second.body["secret"].as_string())).status, 200);
    EXPECT_EQ(remove(app, caller, id).status, 200);
    EXPECT_EQ(list(app, caller).as_array().size(), 1U);
    app.clock().advance(30'000);
    EXPECT_EQ(sign_in(app, code(app, secret)).status, 401);
}

TEST_F(AppFactor, ThePreferredOneIsAskedForFirst) {
    TwoFactorApp app{sms_and_totp};
    app.sign_up({{"email", ann}, {"mobile", "+33612345600"}});
    auto const caller = app.caller(app.log_in(ann));
    auto const added = add(app, caller);
    ASSERT_EQ(confirm(app, caller, added.body["id"], code(app, added.body["secret"].as_string())).status, 200);
    app.clock().advance(60'000);
    EXPECT_EQ(app.request_code(ann).body["channel"], Json{"sms"});

    auto const updated = update(app, caller, {{"fk", added.body["id"]}, {"label", "app"}, {"preferred", true}});

    EXPECT_EQ(updated.body["preferred"], Json{true});
    EXPECT_EQ(updated.body["label"], Json{"app"});
    EXPECT_EQ(app.request_code(ann).body["channel"], Json{"totp"});
    EXPECT_EQ(update(app, caller, {{"fk", 4711}, {"label", "app"}}).code, "FACTOR_NOT_FOUND");
    EXPECT_EQ(update(app, {}, {{"fk", added.body["id"]}, {"id", caller.user_id}}).status, 401) << "nobody's business";
}

TEST_F(AppFactor, ASecretMovedToAnotherAccountIsWorthNothing) {
    TwoFactorApp app{only_app};
    auto const [caller, secret, id] = enrolled(app);
    app.sign_up({{"email", "bob@x.test"}});
    app.app.store->prepare({{"UPDATE sallyport_factors SET user_id = '2', last_step = -1", {}}});
    app.clock().advance(30'000);

    app.request_code("bob@x.test");
    EXPECT_EQ(app.login_with_code({{"email", "bob@x.test"}, {"twofactor", code(app, secret)}}).status, 401);
}

}  // namespace
}  // namespace sallyport::methods

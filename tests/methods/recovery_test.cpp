// Recovery codes: made by who is signed in, and good once each.

#include "methods/recovery.hpp"

#include "methods/two_factor_app.hpp"

#include <gtest/gtest.h>

#include <thread>

namespace sallyport::methods {
namespace {

class RecoveryTest : public testing::Test {
protected:
    RecoveryTest() { app.sign_up({{"email", ann}, {"mobile", "+33612345600"}}); }

    Reply make(Caller const& caller) {
        return app.call("prototype.makeRecoveryCodes", {}, app.from("198.41.0.4"), caller);
    }
    Json left(Caller const& caller) {
        return app.call("prototype.countRecoveryCodes", {}, app.from("198.41.0.4"), caller).body;
    }
    /// Signed in by a text message, a minute later than before.
    Caller signed_in() {
        app.clock().advance(60'000);
        return app.caller(app.log_in(ann));
    }
    Reply sign_in(std::string const& code) {
        app.clock().advance(700'000);
        EXPECT_EQ(app.request_code(ann).status, 200);
        return app.login_with_code({{"email", ann}, {"twofactor", code}});
    }

    TwoFactorApp app{sms_and_totp};
};

TEST_F(RecoveryTest, TenAreShownOnceAndKeptAsHashes) {
    auto const caller = signed_in();
    EXPECT_EQ(left(caller), Json{0});

    auto const made = make(caller);

    ASSERT_EQ(made.status, 200) << made.code;
    ASSERT_EQ(made.body.as_array().size(), 10U);
    EXPECT_EQ(left(caller), Json{10});
    EXPECT_EQ(app.number("SELECT count(*) FROM sallyport_recovery_codes WHERE hash LIKE '$argon2id$%'"), 10);
    EXPECT_EQ(app.email->messages.back().subject, "New recovery codes");
}

TEST_F(RecoveryTest, NewOnesAreNotSwitchedOffByWrongOnesBefore) {
    auto const caller = signed_in();
    app.app.store->prepare({{"INSERT INTO sallyport_counters VALUES ('Employee', '1', 'recovery', 100, 1)", {}}});
    auto const codes = make(caller).body.as_array();
    EXPECT_EQ(sign_in(codes[4].as_string()).status, 200);
}

TEST_F(RecoveryTest, EachOpensTheSecondDoorOnce) {
    auto const caller = signed_in();
    auto const codes = make(caller).body.as_array();

    auto const first = sign_in(codes[4].as_string());

    ASSERT_EQ(first.status, 200) << first.code;
    auto const session = app.caller(first.body["id"].as_string());
    EXPECT_EQ(session.factors, (std::vector<std::string>{"password", "recovery"}));
    EXPECT_EQ(left(session), Json{9});
    EXPECT_EQ(app.email->messages.back().subject, "A recovery code was used");
    EXPECT_EQ(sign_in(codes[4].as_string()).status, 401) << "again";
    EXPECT_EQ(sign_in(codes[5].as_string()).status, 200) << "another";
}

TEST_F(RecoveryTest, NeedsALiveChallengeAndCountsOnIt) {
    auto const caller = signed_in();
    auto const codes = make(caller).body.as_array();
    auto const good = codes[0].as_string();
    EXPECT_EQ(app.login_with_code({{"email", ann}, {"twofactor", good}}).status, 401) << "no step one";

    app.clock().advance(60'000);
    auto const elsewhere = app.from("198.41.7.9");
    ASSERT_EQ(app.request_code(ann, elsewhere).status, 200);
    for (int i = 0; i < 5; ++i)
        EXPECT_EQ(app.login_with_code({{"email", ann}, {"twofactor", "1-aaaaa-aaaaa"}}, elsewhere).status, 401);
    EXPECT_EQ(app.login_with_code({{"email", ann}, {"twofactor", good}}, elsewhere).status, 401) << "five are all";
    EXPECT_EQ(sign_in(good).status, 200) << "and it was not used";
}

TEST_F(RecoveryTest, AWrongOneIsCountedBeforeItIsCompared) {
    auto const caller = signed_in();
    make(caller);
    app.clock().advance(60'000);
    auto const elsewhere = app.from("198.41.7.9");
    ASSERT_EQ(app.request_code(ann, elsewhere).status, 200);
    app.login_with_code({{"email", ann}, {"twofactor", "1-aaaaa-aaaaa"}}, elsewhere);
    EXPECT_EQ(app.number("SELECT attempts FROM sallyport_challenges ORDER BY created DESC LIMIT 1"), 1);
    EXPECT_EQ(app.number("SELECT consecutive FROM sallyport_counters WHERE factor = 'recovery'"), 1);
}

TEST_F(RecoveryTest, IsOfferedAmongTheChannelsWhileOneIsLeft) {
    auto const caller = signed_in();
    auto const channels = [&] {
        app.clock().advance(60'000);
        return to_text(app.request_code(ann).body["channels"]);
    };
    EXPECT_EQ(channels(), R"(["sms"])");
    make(caller);
    EXPECT_EQ(channels(), R"(["sms","recovery"])");
    auto const asked = app.request_code({{"email", ann}, {"password", app.password}, {"channel", "recovery"}});
    EXPECT_EQ(asked.body["channel"], Json{"recovery"});
    EXPECT_EQ(app.login_with_code({{"email", ann}, {"twofactor", app.sms->last_code()}}).status, 401)
        << "nothing was sent for this one";
}

TEST(RecoveryOnTheConsole, IsOfferedToWhoHasNothingElse) {
    TwoFactorApp app;
    app.sign_up({{"email", ann}});
    auto const caller = app.caller(app.log_in(ann));
    auto const made = app.call("prototype.makeRecoveryCodes", {}, app.from("198.41.0.4"), caller);
    ASSERT_EQ(made.status, 200) << made.code;
    app.clock().advance(60'000);
    EXPECT_EQ(to_text(app.request_code(ann).body["channels"]), R"(["console","recovery"])");
    EXPECT_EQ(app.login_with_code({{"email", ann}, {"twofactor", made.body.as_array()[2]}}).status, 200);
}

TEST_F(RecoveryTest, NewOnesNeedASessionAsStrongAsThoseTheyReplace) {
    auto const by_text = signed_in();
    auto const codes = make(by_text).body.as_array();
    EXPECT_EQ(make(by_text).code, "STEP_UP_REQUIRED");
    auto const by_code = app.caller(sign_in(codes[0].as_string()).body["id"].as_string());
    auto const renewed = make(by_code);
    ASSERT_EQ(renewed.status, 200) << renewed.code;
    EXPECT_EQ(sign_in(codes[1].as_string()).status, 401) << "an old one";
    EXPECT_EQ(sign_in(renewed.body.as_array()[1].as_string()).status, 200);
    app.clock().advance(301'000);
    EXPECT_EQ(make(by_code).code, "STEP_UP_REQUIRED") << "shown too long ago";
}

TEST_F(RecoveryTest, AreMadeFiveTimesAnHourAtMost) {
    auto const by_text = signed_in();
    auto const codes = make(by_text).body.as_array();
    auto const caller = app.caller(sign_in(codes[0].as_string()).body["id"].as_string());
    int refused = 0;
    for (int i = 0; i < 6; ++i) refused += make(caller).status == 429 ? 1 : 0;
    EXPECT_EQ(refused, 2);
}

TEST_F(RecoveryTest, OneCodeFromManyClientsAtOnceMakesOneSession) {
    auto const caller = signed_in();
    auto const code = make(caller).body.as_array()[7].as_string();
    app.clock().advance(60'000);
    auto const asked = app.request_code(ann);
    std::atomic<int> let_in = 0;
    {
        std::vector<std::jthread> clients;
        for (int i = 0; i < 8; ++i) {
            clients.emplace_back([&] {
                JsonObject const step{{"email", ann}, {"twofactor", code}, {"challenge", asked.body["challenge"]}};
                if (app.login_with_code(step).status == 200) ++let_in;
            });
        }
    }
    EXPECT_EQ(let_in, 1);
}

}  // namespace
}  // namespace sallyport::methods

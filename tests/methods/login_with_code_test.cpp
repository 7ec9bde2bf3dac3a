#include "methods/login_with_code.hpp"

#include "methods/two_factor_app.hpp"

#include <gtest/gtest.h>

namespace sallyport::methods {
namespace {

std::string other_than(std::string const& code) { return code == "111111" ? "222222" : "111111"; }

TEST(LoginWithCode, TheRightCodeGivesATokenWithItsUser) {
    TwoFactorApp app{R"({"tokenTtl": 3600})"};
    auto const user = app.sign_up({{"email", ann}});
    app.request_code(ann);
    auto const reply = app.login_with_code({{"email", ann}, {"twofactor", app.console->last_code()}});
    EXPECT_EQ(reply.status, 200);
    EXPECT_EQ(reply.body["ttl"], Json{3600});
    EXPECT_EQ(reply.body["userId"], user["id"]);
    EXPECT_EQ(reply.body["user"]["email"], Json{ann});
    EXPECT_TRUE(reply.body["user"]["password"].is_undefined());
    auto const caller = app.caller(reply.body["id"].as_string());
    EXPECT_EQ(caller.user_id, user["id"]);
    EXPECT_EQ(caller.factors, (std::vector<std::string>{"password", "console"}));
    EXPECT_FALSE(reply.cookie("dev").empty());
}

TEST(LoginWithCode, EverythingWrongIsTheSame401) {
    TwoFactorApp app;
    app.throttle.lift();
    app.sign_up({{"email", ann}});
    app.sign_up({{"email", "bob@x.test"}});
    app.request_code(ann);
    auto const code = app.console->last_code();
    JsonObject const wrong[] = {
        {{"email", ann}},
        {{"email", ann}, {"twofactor", ""}},
        {{"email", ann}, {"twofactor", nullptr}},
        {{"email", ann}, {"twofactor", std::stod(code)}},
        {{"email", ann}, {"twofactor", JsonArray{Json{code}}}},
        {{"email", ann}, {"twofactor", " " + code}},
        {{"email", ann}, {"twofactor", code + "0"}},
        {{"email", ann}, {"twofactor", JsonObject{{"neq", ""}}}},
        {{"email", "bob@x.test"}, {"twofactor", code}},
        {{"email", "nobody@x.test"}, {"twofactor", code}},
        {{"twofactor", code}},
        {},
    };
    for (auto const& credentials : wrong) {
        auto const reply = app.login_with_code(credentials);
        EXPECT_EQ(reply.status, 401) << to_text(Json{credentials});
        EXPECT_EQ(reply.code, "LOGIN_FAILED");
        EXPECT_EQ(reply.message, "Sorry, but that verification code does not work!");
    }
    EXPECT_EQ(app.login_with_code({{"email", ann}, {"twofactor", code}}).status, 200);
}

TEST(LoginWithCode, NeedsThePasswordStep) {
    TwoFactorApp app;
    app.sign_up({{"email", ann}});
    app.request_code({{"email", ann}, {"password", "wrong"}});
    for (auto const* code : {"000000", "123456"}) {
        EXPECT_EQ(app.login_with_code({{"email", ann}, {"twofactor", code}}).status, 401);
    }
}

TEST(LoginWithCode, OfTwoHundredRightCodesAtOnceOneGetsAToken) {
    TwoFactorApp app;
    app.throttle.lift();
    app.sign_up({{"email", ann}});
    app.request_code(ann);
    auto const code = app.console->last_code();
    std::atomic<int> tokens = 0;
    std::vector<std::jthread> threads;
    for (int i = 0; i < 8; ++i) {
        threads.emplace_back([&] {
            for (int k = 0; k < 25; ++k) {
                if (app.login_with_code({{"email", ann}, {"twofactor", code}}).status == 200) ++tokens;
            }
        });
    }
    threads.clear();
    EXPECT_EQ(tokens, 1);
    EXPECT_EQ(app.number("SELECT count(*) FROM accesstoken"), 1);
}

TEST(LoginWithCode, AStrangerElsewhereIsCountedAgainstHisAddressAlone) {
    TwoFactorApp app;
    app.sign_up({{"email", ann}});
    app.request_code(ann);
    auto const code = app.console->last_code();
    for (int i = 0; i < 20; ++i) {
        EXPECT_EQ(app.login_with_code({{"email", ann}, {"twofactor", code}}, app.from("199.1.1.1")).status, 401);
    }
    EXPECT_EQ(app.login_with_code({{"email", ann}, {"twofactor", code}}, app.from("199.1.1.1")).status, 429);
    EXPECT_EQ(app.login_with_code({{"email", "nobody@x.test"}, {"twofactor", code}}, app.from("199.1.1.1")).status,
              429);
    EXPECT_EQ(app.login_with_code({{"email", ann}, {"twofactor", code}}).status, 200);
}

TEST(LoginWithCode, TheCookieOrTheChallengeTiesTheStepsAcrossNetworks) {
    TwoFactorApp app;
    app.throttle.lift();
    app.sign_up({{"email", ann}});
    auto const first = app.request_code(ann);
    EXPECT_EQ(app.login_with_code({{"email", ann}, {"twofactor", app.console->last_code()}},
                                  app.from("199.1.1.1", first.cookie("tfa")))
                  .status,
              200);
    auto const second = app.request_code(ann);
    EXPECT_EQ(app.login_with_code(
                     {{"email", ann}, {"twofactor", app.console->last_code()}, {"challenge", second.body["challenge"]}},
                     app.from("199.1.1.1"))
                  .status,
              200);
}

TEST(LoginWithCode, AChangedPasswordEndsCodesAskedForWithTheOldOne) {
    TwoFactorApp app;
    auto const user = app.sign_up({{"email", ann}});
    app.request_code(ann);
    wait_for(app.employees().patch_attributes(user["id"], JsonObject{{"password", "another long password"}}));
    EXPECT_EQ(app.login_with_code({{"email", ann}, {"twofactor", app.console->last_code()}}).status, 401);
}

TEST(LoginWithCode, ADeletedUserLeavesNoCodeAndNoToken) {
    TwoFactorApp app;
    auto const user = app.sign_up({{"email", ann}});
    auto const token = app.log_in(ann);
    app.clock().advance(60'000);
    app.request_code(ann);
    wait_for(app.employees().delete_by_id(user["id"]));
    EXPECT_EQ(app.login_with_code({{"email", ann}, {"twofactor", app.console->last_code()}}).status, 401);
    EXPECT_FALSE(app.caller(token).is_known());
    EXPECT_EQ(app.number("SELECT count(*) FROM sallyport_challenges"), 0);
    EXPECT_EQ(app.number("SELECT count(*) FROM sallyport_devices"), 0);
}

TEST(LoginWithCode, WhoLogsInAnewGivesTheOldSessionUp) {
    TwoFactorApp app;
    app.throttle.lift();
    app.sign_up({{"email", ann}});
    auto const old = app.log_in(ann);
    app.request_code(ann);
    auto const reply = app.login_with_code({{"email", ann}, {"twofactor", app.console->last_code()}},
                                           app.from("198.41.0.4"), app.caller(old));
    EXPECT_EQ(reply.status, 200);
    EXPECT_FALSE(app.caller(old).is_known());
}

TEST(LoginWithCode, TenWrongCodesADayAndTheNextRequestWaits) {
    TwoFactorApp app;
    app.sign_up({{"email", ann}});
    for (int round = 0; round < 2; ++round) {
        EXPECT_EQ(app.request_code(ann).status, 200);
        auto const code = app.console->last_code();
        for (int i = 0; i < 5; ++i) app.login_with_code({{"email", ann}, {"twofactor", other_than(code)}});
        EXPECT_EQ(app.login_with_code({{"email", ann}, {"twofactor", code}}).status, 401);
        app.clock().advance(60'000);
    }
    auto const reply = app.request_code(ann);
    EXPECT_EQ(reply.status, 429);
    EXPECT_GT(reply.retry_after, 86'000);
    EXPECT_EQ(app.console->messages.size(), 2U);
}

TEST(LoginWithCode, AKnownDeviceKeepsItsOwnBudget) {
    TwoFactorApp app;
    app.sign_up({{"email", ann}});
    app.request_code(ann);
    auto const in = app.login_with_code({{"email", ann}, {"twofactor", app.console->last_code()}});
    auto const device = in.cookie("dev");
    for (int round = 0; round < 2; ++round) {
        app.clock().advance(60'000);
        ASSERT_EQ(app.request_code(ann, app.from("199.1.1.1")).status, 200);
        auto const code = app.console->last_code();
        for (int i = 0; i < 5; ++i) {
            app.login_with_code({{"email", ann}, {"twofactor", other_than(code)}}, app.from("199.1.1.1"));
        }
    }
    app.clock().advance(60'000);
    EXPECT_EQ(app.request_code(ann, app.from("199.1.1.1")).status, 429);
    auto const own = app.request_code(ann, app.from("200.1.1.1", device));
    EXPECT_EQ(own.status, 200);
    auto const code = app.console->last_code();
    EXPECT_EQ(app.login_with_code({{"email", ann}, {"twofactor", code}},
                                  app.from("200.1.1.1", device + "; " + own.cookie("tfa")))
                  .status,
              200);
}

TEST(LoginWithCode, FiftyWrongCodesInARowAreToldToTheOwner) {
    TwoFactorApp app;
    app.sign_up({{"email", ann}});
    for (int round = 0; round < 10; ++round) {
        app.clock().advance(86'400'000);
        ASSERT_EQ(app.request_code(ann).status, 200) << round;
        auto const code = app.console->last_code();
        for (int i = 0; i < 5; ++i) app.login_with_code({{"email", ann}, {"twofactor", other_than(code)}});
    }
    wait_for(app.outbox.flush());
    auto const& mails = app.email->messages;
    auto const is_told = [](Message const& mail) { return mail.subject == "Sign-in codes were switched off"; };
    ASSERT_EQ(std::ranges::count_if(mails, is_told), 1);
    EXPECT_EQ(std::ranges::find_if(mails, is_told)->to, ann);
    app.clock().advance(86'400'000);
    EXPECT_EQ(app.request_code(ann).code, "NO_FACTOR_AVAILABLE");
}

TEST(LoginWithCode, OverTlsCookiesAreHostPrefixed) {
    TwoFactorApp app;
    app.sign_up({{"email", ann}});
    auto request = app.from("198.41.0.4");
    request.is_secure = true;
    auto const first = app.request_code(ann, request);
    EXPECT_FALSE(first.cookie("__Host-tfa").empty());
    auto const second = app.login_with_code({{"email", ann}, {"twofactor", app.console->last_code()}}, request);
    EXPECT_FALSE(second.cookie("__Host-dev").empty());
    EXPECT_NE(second.cookies.at(0).find("; Secure"), std::string::npos);
}

}  // namespace
}  // namespace sallyport::methods

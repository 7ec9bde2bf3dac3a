#include "methods/account_app.hpp"

#include <gtest/gtest.h>

namespace sallyport::methods {
namespace {

using Mode = AccountApp::Mode;
using Limits = AccountApp::Limits;

constexpr char const* bcrypt_of_u_star_u = "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW";

Json login_of(std::string email, Json password, Json ttl = {}) {
    return JsonObject{{"email", std::move(email)}, {"password", std::move(password)}, {"ttl", std::move(ttl)}};
}

TEST(AccountLogin, APasswordIsKeptOnlyAsAPepperedHash) {
    AccountApp app{Mode::compatible};
    app.make("Person", "ann@x.test", "ann-pw");
    auto const hash = app.stored("SELECT password FROM person");
    EXPECT_TRUE(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$")) << hash;
    EXPECT_NE(hash.find("$pepper="), std::string::npos);
    EXPECT_NE(app.log_in("Person", "ann@x.test", "ann-pw"), "");
}

TEST(AccountLogin, WhatLooksLikeAHashIsAPasswordLikeAnyOther) {
    AccountApp app{Mode::compatible};
    app.make("Person", "ann@x.test", bcrypt_of_u_star_u);
    EXPECT_EQ(app.log_in("Person", "ann@x.test", "U*U"), "");
    EXPECT_NE(app.log_in("Person", "ann@x.test", bcrypt_of_u_star_u), "");
}

TEST(AccountLogin, AnOldHashIsReplacedAtLoginUnlessTheModelSaysNo) {
    AccountApp app{Mode::compatible};
    app.make("Person", "ann@x.test", "x");
    app.change(std::string{"UPDATE person SET password = '"} + bcrypt_of_u_star_u + "'");
    EXPECT_EQ(app.log_in("Person", "ann@x.test", "U*V"), "");
    EXPECT_EQ(app.stored("SELECT password FROM person"), bcrypt_of_u_star_u);
    EXPECT_NE(app.log_in("Person", "ann@x.test", "U*U"), "");
    EXPECT_TRUE(app.stored("SELECT password FROM person").starts_with("$argon2id$"));
    EXPECT_NE(app.log_in("Person", "ann@x.test", "U*U"), "");

    AccountApp keeping{Mode::compatible, {{"rehash", false}}};
    keeping.make("Person", "ann@x.test", "x");
    keeping.change(std::string{"UPDATE person SET password = '"} + bcrypt_of_u_star_u + "'");
    EXPECT_NE(keeping.log_in("Person", "ann@x.test", "U*U"), "");
    EXPECT_EQ(keeping.stored("SELECT password FROM person"), bcrypt_of_u_star_u);
}

TEST(AccountLogin, AStrangerCannotTellAnUnknownAccountFromAWrongPassword) {
    AccountApp app{Mode::strict};
    app.make("Person", "ann@x.test", long_password);
    auto const unknown = app.post("/Person/login", login_of("bob@x.test", "wrong"));
    EXPECT_EQ(unknown.status, 401);
    EXPECT_EQ(unknown.code(), "LOGIN_FAILED");
    for (Json const& password :
         {Json{"wrong"}, Json{""}, Json{nullptr}, Json{7}, Json{true}, Json{JsonObject{{"gt", ""}}},
          Json{JsonArray{Json{long_password}}}, Json{std::string(5000, 'x')}}) {
        auto const wrong = app.post("/Person/login", login_of("ann@x.test", password));
        EXPECT_EQ(wrong.status, unknown.status);
        EXPECT_EQ(wrong.text, unknown.text);
        EXPECT_EQ(wrong.headers.size(), unknown.headers.size());
    }
}

TEST(AccountLogin, FiveFailuresAreFreeThenEverybodyWaits) {
    AccountApp app{Mode::strict, {}, Limits::hold};
    app.make("Person", "ann@x.test", long_password);
    for (auto const* email : {"ann@x.test", "nobody@x.test"}) {
        for (int i = 0; i < 5; ++i) EXPECT_EQ(app.post("/Person/login", login_of(email, "wrong")).status, 401) << email;
        auto const waiting = app.post("/Person/login", login_of(email, long_password));
        EXPECT_EQ(waiting.status, 429) << email;
        bool has_retry_after = false;
        for (auto const& [name, value] : waiting.headers) has_retry_after |= name == "Retry-After" && value == "30";
        EXPECT_TRUE(has_retry_after) << email;
    }
    app.clock->advance(30'000);
    EXPECT_EQ(app.post("/Person/login", login_of("ann@x.test", long_password)).status, 200);
}

TEST(AccountLogin, WhoLoggedInHereIsNotLockedOutByStrangers) {
    AccountApp app{Mode::strict, {}, Limits::hold};
    app.make("Person", "ann@x.test", long_password);
    auto const first = app.post("/Person/login", login_of("ann@x.test", long_password));
    std::string cookie;
    for (auto const& [name, value] : first.headers) {
        if (name == "Set-Cookie") cookie = value.substr(0, value.find(';'));
    }
    ASSERT_TRUE(cookie.starts_with("dev=")) << cookie;

    app.peer = "193.0.6.139";
    for (int i = 0; i < 6; ++i) app.post("/Person/login", login_of("ann@x.test", "wrong"));
    EXPECT_EQ(app.post("/Person/login", login_of("ann@x.test", long_password)).status, 429);
    auto known = app.request("POST", "/Person/login", login_of("ann@x.test", long_password));
    known.headers.emplace_back("Cookie", cookie);
    EXPECT_EQ(wait_for(app.exchange(known)).status, 200);
}

TEST(AccountLogin, StrictALoginMayOnlyShortenTheLifeOfItsToken) {
    AccountApp app{Mode::strict};
    app.make("Person", "ann@x.test", long_password);
    struct Row {
        Json asked;
        double given;
    };
    for (auto const& [asked, given] : {Row{{}, 86400}, Row{60, 60}, Row{99999999, 86400}, Row{-1, 86400}, Row{0, 86400},
                                       Row{"60", 60}, Row{"x", 86400}, Row{nullptr, 86400}}) {
        auto const reply = app.post("/Person/login", login_of("ann@x.test", long_password, asked));
        EXPECT_EQ(reply.body["ttl"], Json{given}) << to_text(asked);
    }
}

TEST(AccountLogin, CompatibleALoginMayAskForLongerUpToTheModelsMaximum) {
    AccountApp app{Mode::compatible, {{"ttl", 3600}, {"maxTTL", 7200}}};
    app.make("Person", "ann@x.test", "pw");
    EXPECT_EQ(app.post("/Person/login", login_of("ann@x.test", "pw")).body["ttl"], Json{3600});
    EXPECT_EQ(app.post("/Person/login", login_of("ann@x.test", "pw", 7000)).body["ttl"], Json{7000});
    EXPECT_EQ(app.post("/Person/login", login_of("ann@x.test", "pw", 7201)).body["ttl"], Json{7200});
}

TEST(AccountLogin, CompatibleATokenNeverExpiresWhereTheModelAllowsThat) {
    AccountApp app{Mode::compatible, {{"allowEternalTokens", true}}};
    app.make("Person", "ann@x.test", "pw");
    auto const reply = app.post("/Person/login", login_of("ann@x.test", "pw", -1));
    auto const token = to_display(reply.body["id"]);
    EXPECT_EQ(reply.body["ttl"], -1);
    auto const is_known = [&] {
        return wait_for(app.parts().tokens->identify(app.request("GET", "/Person", {}, token))).is_known();
    };
    app.clock->advance(std::int64_t{40'000} * 86'400'000);
    EXPECT_TRUE(is_known());
    EXPECT_EQ(app.stored("SELECT expires_at > 4e12 + " + std::to_string(app.clock->now()) + " FROM sallyport_sessions"),
              "1");
}

TEST(AccountLogin, AnEternalTokenIsNotGivenElsewhere) {
    for (auto const& allows : {true, false}) {
        AccountApp app{Mode::strict, {{"allowEternalTokens", allows}}};
        app.make("Person", "ann@x.test", long_password);
        EXPECT_GT(app.post("/Person/login", login_of("ann@x.test", long_password, -1)).body["ttl"].as_number(), 0);
    }
}

TEST(AccountLogin, CompatibleATokenWithATimeBelowZeroIsDeadAtOnce) {
    AccountApp app{Mode::compatible};
    app.make("Person", "ann@x.test", "pw");
    for (int const asked : {-1, -60}) {
        auto const reply = app.post("/Person/login", login_of("ann@x.test", "pw", asked));
        EXPECT_EQ(reply.body["ttl"], Json{asked});
        auto const request = app.request("GET", "/Person", {}, to_display(reply.body["id"]));
        EXPECT_THROW(wait_for(app.parts().tokens->identify(request)), Error) << asked;
    }
    app.post("/Person/login", login_of("ann@x.test", "pw", -1e300));
    EXPECT_EQ(app.stored("SELECT count(*) FROM sallyport_sessions WHERE expires_at > created"), "0");
}

TEST(AccountLogin, ATokenOfOneUserModelIsNobodyToAnother) {
    AccountApp app{Mode::compatible};
    app.make("Person", "ann@x.test", "pw");
    app.make("Lax", "bob@x.test", "pw");
    auto const token = app.log_in("Person", "ann@x.test", "pw");
    auto const reply =
        app.post("/Lax/change-password", JsonObject{{"oldPassword", "pw"}, {"newPassword", "other"}}, token);
    EXPECT_EQ(reply.status, 403) << reply.text;
    EXPECT_NE(app.log_in("Lax", "bob@x.test", "pw"), "");
}

TEST(AccountLogin, WhereTwoFactorsAreRequiredThePasswordIsNotLookedAt) {
    AccountApp app{Mode::compatible};
    app.make("Guarded", "ann@x.test", "pw");
    auto const right = app.post("/Guarded/login", login_of("ann@x.test", "pw"));
    auto const wrong = app.post("/Guarded/login", login_of("ann@x.test", "nope"));
    EXPECT_EQ(right.status, 401);
    EXPECT_EQ(right.code(), "TWO_FACTOR_REQUIRED");
    EXPECT_EQ(right.message(), "This application requires two-factor authentication.");
    EXPECT_EQ(right.text, wrong.text);
}

TEST(AccountLogin, WhereASecondFactorIsOptionalOnlyThoseWhoEnrolledNeedIt) {
    AccountApp app{Mode::compatible};
    auto const id = app.make("Lax", "ann@x.test", "pw");
    EXPECT_NE(app.log_in("Lax", "ann@x.test", "pw"), "");

    app.change(
        "INSERT INTO sallyport_factors (user_model, user_id, type, target, state, created)"
        " VALUES ('Lax', '" +
        to_text(id) + "', 'sms', '+15550100', 'confirmed', 1)");
    auto const reply = app.post("/Lax/login", login_of("ann@x.test", "pw"));
    EXPECT_EQ(reply.code(), "TWO_FACTOR_REQUIRED") << reply.text;
    EXPECT_EQ(app.post("/Lax/login", login_of("ann@x.test", "nope")).code(), "LOGIN_FAILED");
}

TEST(AccountLogin, WithTwoFactorsCredentialsAreShort) {
    AccountApp app{Mode::compatible};
    for (auto const* path : {"login", "requestCode", "loginWithCode", "reset", "reset-password", "change-password",
                             "1/factors", "1/factors/1/confirm", "reauthenticate"}) {
        EXPECT_EQ(app.body_limit(std::string{"/Guarded/"} + path), 4096U) << path;
    }
    EXPECT_GT(app.body_limit("/Guarded"), 4096U);
    EXPECT_GT(app.body_limit("/Person/login"), 4096U);
    EXPECT_GT(app.body_limit("/Nothing"), 4096U);
}

TEST(AccountLogin, SignUpIsOpenButNotWithoutEnd) {
    AccountApp app{Mode::strict, {}, Limits::hold};
    auto const sign_up = [&app](int i) {
        return app.post("/Person",
                        JsonObject{{"email", "a" + std::to_string(i) + "@x.test"}, {"password", long_password}});
    };
    for (int i = 0; i < 5; ++i) EXPECT_EQ(sign_up(i).status, 200);
    EXPECT_EQ(sign_up(5).status, 429);
    app.peer = "193.0.6.139";
    EXPECT_EQ(sign_up(5).status, 200);
    app.clock->advance(3'600'000);
    app.peer = "198.51.100.7";
    EXPECT_EQ(sign_up(6).status, 200);
}

TEST(AccountLogin, AnAccountThatIsMadeByAnUpsertCountsAsASignUp) {
    AccountApp app{Mode::strict, {}, Limits::hold};
    auto const upsert = [&app](int i) {
        return app.send("PATCH", "/Person",
                        JsonObject{{"email", "a" + std::to_string(i) + "@x.test"}, {"password", long_password}});
    };
    for (int i = 0; i < 5; ++i) EXPECT_EQ(upsert(i).status, 200);
    EXPECT_EQ(upsert(5).status, 429);
}

TEST(AccountLogin, WhoIsLoggedInMakesMoreAccountsButNotWithoutEnd) {
    AccountApp app{Mode::strict, {}, Limits::hold};
    app.make("Person", "ann@x.test", long_password);
    auto const session = app.log_in("Person", "ann@x.test", long_password);
    JsonArray people;
    for (int i = 0; i < 100; ++i) {
        people.push_back(JsonObject{{"email", "a" + std::to_string(i) + "@x.test"}, {"password", "short"}});
    }
    EXPECT_NE(app.post("/Person", people, session).status, 429);
    EXPECT_EQ(app.post("/Person", people[0], session).status, 429);
}

TEST(AccountLogin, ALoginOnANewDeviceIsToldToItsOwnerOnceAndNotWhereLoopBackTellsNobody) {
    for (auto const mode : {Mode::strict, Mode::compatible}) {
        AccountApp app{mode};
        app.make("Person", "ann@x.test", "a long enough password");
        app.log_in("Person", "ann@x.test", "a long enough password");
        EXPECT_TRUE(app.mail->sent().empty()) << "the first device is no news";
        app.peer = "193.0.6.139";
        for (int i = 0; i < 2; ++i) EXPECT_NE(app.log_in("Person", "ann@x.test", "a long enough password"), "");
        auto const mails = app.mail->sent();
        ASSERT_EQ(mails.size(), mode == Mode::strict ? 1U : 0U);
        if (mails.empty()) continue;
        EXPECT_EQ(mails[0].to, "ann@x.test");
        EXPECT_TRUE(mails[0].text.contains("on a device that it had not seen before")) << mails[0].text;
        EXPECT_TRUE(mails[0].text.contains("193.0.6.0/24")) << mails[0].text;
    }
}

}  // namespace
}  // namespace sallyport::methods

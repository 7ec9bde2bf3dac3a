#include "methods/password_attempt.hpp"

#include "methods/two_factor_app.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace sallyport::methods {
namespace {

auto constexpr old_hash = "$2a$04$abcdefghijklmnopqrstuuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0";

/// An app where wrong passwords take 300 ms, and nobody waits for it.
struct HeldBack : TwoFactorApp {
    HeldBack() {
        parts.rules.refused_password_ms = 300;
        parts.wait = [this](std::int64_t milliseconds) -> Task<> {
            waited.push_back(milliseconds);
            co_return;
        };
        sign_up({{"email", ann}});
        sign_up({{"email", "old@x.test"}});
        app.store->prepare({{"UPDATE employee SET password = ?1 WHERE id = 2", {old_hash}}});
        sign_up({{"email", "gone@x.test"}});
        app.store->prepare(
            {{"INSERT INTO sallyport_disabled (user_model, user_id, since)"
              " VALUES ('Employee', '3', 1)",
              {}}});
    }

    std::vector<std::int64_t> waited;
};

TEST(PasswordAttempt, WhatIsRefusedIsAnsweredNoSoonerThanTheFloor) {
    HeldBack app;
    for (JsonObject const& credentials :
         {JsonObject{{"email", ann}, {"password", "wrong"}}, JsonObject{{"email", "old@x.test"}, {"password", "wrong"}},
          JsonObject{{"email", "nobody@x.test"}, {"password", "wrong"}}, JsonObject{{"email", ann}, {"password", 1}},
          JsonObject{{"email", "gone@x.test"}, {"password", app.password}}}) {
        app.waited.clear();
        EXPECT_EQ(app.request_code(credentials).status, 401) << to_text(credentials);
        EXPECT_EQ(app.waited, std::vector<std::int64_t>{300}) << to_text(credentials);
    }
}

TEST(PasswordAttempt, ARightOneWithAWrongTicketIsAWrongOneByTheTimeToo) {
    HeldBack app;
    EXPECT_EQ(app.request_code({{"email", ann}, {"password", app.password}, {"ticket", "x"}}).status, 401);
    EXPECT_EQ(app.waited, std::vector<std::int64_t>{300});
}

TEST(PasswordAttempt, ARightPasswordIsAnsweredAtOnce) {
    HeldBack app;
    EXPECT_EQ(app.request_code(ann).status, 200);
    EXPECT_TRUE(app.waited.empty());
}

TEST(PasswordAttempt, AnotherLoginInTheSameBrowserForgivesNothing) {
    TwoFactorApp app;
    auto const eve = std::string{"eve@x.test"};
    for (auto const& email : {std::string{ann}, eve}) app.sign_up({{"email", email}});
    std::string browser;
    auto const enter = [&](std::string const& email) {
        app.clock().advance(61'000);
        auto const from = TwoFactorApp::from("198.41.0.4", browser);
        EXPECT_EQ(app.request_code(email, from).status, 200);
        auto const entered = app.login_with_code({{"email", email}, {"twofactor", app.console->last_code()}}, from);
        EXPECT_EQ(entered.status, 200);
        browser = entered.cookie("dev");
    };
    auto const guess = [&] {
        return app.request_code({{"email", ann}, {"password", "wrong"}}, TwoFactorApp::from("203.0.113.9", browser))
            .status;
    };
    enter(ann);
    enter(eve);
    for (int i = 0; i < 10; ++i) ASSERT_EQ(guess(), 401) << i;
    ASSERT_EQ(guess(), 429);
    enter(eve);
    EXPECT_EQ(guess(), 429);
}

TEST(PasswordAttempt, ANetworkThatKnowsAnAccountDoesNotTellWhoGuessesThatThereIsOne) {
    TwoFactorApp app;
    app.sign_up({{"email", ann}});
    app.log_in(ann);
    auto const guesses = [&](char const* email, char const* peer) {
        std::vector<std::pair<int, int>> answers;
        for (int i = 0; i < 8; ++i) {
            auto const reply = app.request_code({{"email", email}, {"password", "wrong"}}, TwoFactorApp::from(peer));
            answers.emplace_back(reply.status, reply.retry_after);
        }
        return answers;
    };
    auto const of_nobody = guesses("nobody@x.test", "198.41.0.77");
    EXPECT_EQ(of_nobody.back().first, 429);
    EXPECT_EQ(guesses(ann, "198.41.0.78"), of_nobody);
    app.clock().advance(61'000);
    EXPECT_EQ(app.request_code(ann, TwoFactorApp::from("198.41.0.79")).status, 200) << "who has the password gets in";
}

}  // namespace
}  // namespace sallyport::methods

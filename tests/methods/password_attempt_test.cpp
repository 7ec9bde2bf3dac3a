#include "methods/password_attempt.hpp"

#include "methods/two_factor_app.hpp"

#include <gtest/gtest.h>

#include <string>
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

}  // namespace
}  // namespace sallyport::methods

#include "methods/operator_limits.hpp"

#include "methods/two_factor_app.hpp"

#include <gtest/gtest.h>

namespace sallyport::methods {
namespace {

std::string events(TwoFactorApp& app, JsonObject wanted = {}) {
    std::string text;
    auto const found = wait_for(show_audit(app.parts, *app.app.store, Json{std::move(wanted)}));
    for (auto const& event : found.as_array()) {
        text += to_display(event["event"]) + (event["outcome"] == Json{"refused"} ? "! " : " ");
    }
    return text;
}

TEST(OperatorLimits, WhoeverMayNotTryAnyMoreMayAgainOnceTheirLimitsAreLifted) {
    TwoFactorApp app;
    app.sign_up({{"email", ann}});
    for (int i = 0; i < 5; ++i) app.request_code({{"email", ann}, {"password", "wrong"}});
    EXPECT_EQ(app.request_code(ann).status, 429);
    auto const shown = wait_for(show_limits(app.parts, *app.app.store, JsonObject{{"who", ann}}));
    EXPECT_EQ(shown.as_array().size(), 1U);

    auto const lifted = wait_for(lift_limits(app.parts, *app.app.store, JsonObject{{"who", ann}}, "tester"));
    EXPECT_EQ(lifted["lifted"], Json{1});
    EXPECT_EQ(app.request_code(ann).status, 200);
}

TEST(OperatorLimits, HoldForAccountsThatAreNotThereAndAreLiftedByTheSameName) {
    TwoFactorApp app;
    for (int i = 0; i < 5; ++i) app.request_code({{"email", "no@x.test"}, {"password", "wrong"}});
    auto const lifted = wait_for(lift_limits(app.parts, *app.app.store, JsonObject{{"who", "no@x.test"}}, "tester"));
    EXPECT_EQ(lifted["lifted"], Json{1});
}

TEST(OperatorLimits, NobodyLiftsEverybodysLimits) {
    TwoFactorApp app;
    for (JsonObject const& wanted : {JsonObject{}, JsonObject{{"address", "nowhere"}}, JsonObject{{"number", "12"}}}) {
        EXPECT_THROW(wait_for(lift_limits(app.parts, *app.app.store, Json{wanted}, "tester")), Error);
    }
}

TEST(OperatorLimits, TheTrailOfALoginIsItsStepsInOrder) {
    TwoFactorApp app{only_sms};
    app.sign_up({{"email", ann}, {"mobile", "+33612345678"}});
    app.request_code({{"email", ann}, {"password", "wrong"}});
    auto const token = app.log_in(ann);
    EXPECT_EQ(events(app), "session.begun factor.confirmed code code.sent password password! account.created ");
    EXPECT_EQ(events(app, {{"who", ann}, {"event", "code"}}), "code code.sent ");
    app.login_with_code({{"email", ann}, {"twofactor", "000000"}});
    EXPECT_EQ(events(app, {{"limit", 1}}), "code! ");
    app.request_code({{"email", "no@x.test"}, {"password", "wrong"}});
    EXPECT_EQ(events(app, {{"who", "no@x.test"}}), "password! ");
}

TEST(OperatorLimits, TheTrailHoldsNoCodeNumberEmailPasswordOrToken) {
    TwoFactorApp app{only_sms};
    app.sign_up({{"email", ann}, {"mobile", "+33612345678"}});
    auto const token = app.log_in(ann);
    auto const code = app.sms->last_code();
    std::string all;
    app.app.store->inspect({"SELECT * FROM sallyport_audit", {}}, [&](store::Row const& row) {
        for (int column = 2; column < 12; ++column) all += std::string{row.text(column)} + "\n";
    });
    for (auto const& secret : {token, code, std::string{"3361234"}, std::string{ann}, app.password}) {
        EXPECT_EQ(all.find(secret), std::string::npos) << secret;
    }
}

TEST(OperatorLimits, ALimitIsToldOnceAnHourHoweverOftenItIsHit) {
    TwoFactorApp app;
    for (int i = 0; i < 9; ++i) app.request_code({{"email", ann}, {"password", "wrong"}});
    EXPECT_EQ(events(app), "limit! password! password! password! password! password! ");
}

TEST(OperatorLimits, AHostOfIpv6IsToldOfOnceWhateverItsAddress) {
    TwoFactorApp app;
    auto const from = [](int host) { return TwoFactorApp::from("2600:1f18:1:2::" + std::to_string(host)); };
    for (int i = 0; i < 9; ++i) app.request_code({{"email", ann}, {"password", "wrong"}}, from(i));
    EXPECT_EQ(events(app), "limit! password! password! password! password! password! ");
}

}  // namespace
}  // namespace sallyport::methods

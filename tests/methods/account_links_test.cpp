#include "methods/account_app.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace sallyport::methods {
namespace {

using Mode = AccountApp::Mode;
using Limits = AccountApp::Limits;

constexpr char const* new_password = "another fine password";

Json email_of(std::string email) { return JsonObject{{"email", std::move(email)}}; }

std::string reset_token(AccountApp& app, std::string const& model, std::string const& email) {
    EXPECT_EQ(app.post("/" + model + "/reset", email_of(email)).status, 204);
    auto const sent = app.mail->sent();
    return sent.empty() ? std::string{} : sent.back().secret;
}

std::string set_cookie_of(AccountReply const& reply) {
    auto const found = std::ranges::find(reply.headers, std::string{"Set-Cookie"}, &Headers::value_type::first);
    return found == reply.headers.end() ? std::string{} : found->second.substr(0, found->second.find(';'));
}

AccountReply set_password(AccountApp& app, std::string const& model, std::string const& token, std::string password) {
    return app.post("/" + model + "/reset-password", JsonObject{{"newPassword", std::move(password)}}, token);
}

TEST(AccountReset, StrictAnUnknownAddressIsAnsweredLikeAKnownOne) {
    AccountApp app{Mode::strict};
    app.make("Person", "ann@x.test", long_password);
    auto const known = app.post("/Person/reset", email_of("ann@x.test"));
    auto const unknown = app.post("/Person/reset", email_of("nobody@x.test"));
    EXPECT_EQ(known.status, 204);
    EXPECT_EQ(unknown.status, 204);
    EXPECT_EQ(known.headers.size(), unknown.headers.size());
    EXPECT_EQ(app.mail->sent().size(), 1U);
    EXPECT_EQ(app.stored("SELECT count(*) FROM sallyport_outbox"), "0");
}

TEST(AccountReset, TheLinkIsBuiltFromTheSettingsAndItsTokenIsStoredHashed) {
    AccountApp app{Mode::strict};
    app.make("Person", "ann@x.test", long_password);
    auto const token = reset_token(app, "Person", "ann@x.test");
    auto const message = app.mail->sent().back();
    EXPECT_EQ(message.kind, Message::Kind::reset);
    EXPECT_EQ(message.to, "ann@x.test");
    EXPECT_NE(message.text.find("https://company.test/"), std::string::npos) << message.text;
    EXPECT_EQ(message.text.find("evil.test"), std::string::npos);
    EXPECT_EQ(app.stored("SELECT id FROM accesstoken"), auth::stored_id(token));
}

TEST(AccountReset, StrictALinkOnlyResetsAndOnlyOnce) {
    AccountApp app{Mode::strict};
    app.make("Person", "ann@x.test", long_password);
    auto const session = app.log_in("Person", "ann@x.test", long_password);
    auto const token = reset_token(app, "Person", "ann@x.test");

    EXPECT_EQ(set_password(app, "Person", session, new_password).status, 403);
    EXPECT_EQ(app.post("/Person/logout", {}, token).status, 403);
    EXPECT_EQ(set_password(app, "Person", token, "short").code(), "PASSWORD_TOO_SHORT");
    EXPECT_EQ(set_password(app, "Person", token, new_password).status, 204);
    EXPECT_EQ(set_password(app, "Person", token, "a third fine password").status, 401);
    EXPECT_EQ(app.post("/Person/logout", {}, session).status, 401);
    EXPECT_NE(app.log_in("Person", "ann@x.test", new_password), "");
}

TEST(AccountReset, ALinkDiesWithItsTime) {
    AccountApp app{Mode::strict, {{"resetPasswordTokenTTL", 60}}};
    app.make("Person", "ann@x.test", long_password);
    auto const token = reset_token(app, "Person", "ann@x.test");
    app.clock->advance(60'000);
    EXPECT_EQ(set_password(app, "Person", token, new_password).status, 401);
}

TEST(AccountReset, AnAddressGetsThreeLinksInTheLifeOfOne) {
    AccountApp app{Mode::strict, {}, Limits::hold};
    app.make("Person", "ann@x.test", long_password);
    for (int i = 0; i < 5; ++i) EXPECT_EQ(app.post("/Person/reset", email_of("ann@x.test")).status, 204);
    EXPECT_EQ(app.mail->sent().size(), 3U);
    EXPECT_EQ(set_password(app, "Person", app.mail->sent().front().secret, new_password).status, 204);
}

// Whoever keeps trying a name closes it for devices that it does not know; its mailbox is the way in.
TEST(AccountReset, ChoosingAPasswordByMailMakesTheDeviceAKnownOne) {
    AccountApp app{Mode::strict, {}, Limits::hold};
    app.make("Person", "ann@x.test", long_password);
    auto const token = reset_token(app, "Person", "ann@x.test");
    app.peer = "203.0.113.1";
    for (int i = 0; i < 6; ++i) app.log_in("Person", "ann@x.test", "wrong");
    app.peer = "198.51.100.7";
    auto const reply = set_password(app, "Person", token, new_password);
    ASSERT_EQ(reply.status, 204);
    auto const credentials = JsonObject{{"email", "ann@x.test"}, {"password", new_password}};
    EXPECT_EQ(app.post("/Person/login", credentials).status, 429);
    auto request = app.request("POST", "/Person/login", credentials);
    request.headers.emplace_back("Cookie", set_cookie_of(reply));
    EXPECT_EQ(wait_for(app.exchange(std::move(request))).status, 200);
}

// It tells nothing of the network, and takes nothing from it.
TEST(AccountReset, AMailedLinkLeavesTheNetworkOfADeviceThatIsKnown) {
    AccountApp app{Mode::strict};
    app.peer = "198.41.0.4";
    app.make("Person", "ann@x.test", long_password);
    auto const first = app.post("/Person/login", JsonObject{{"email", "ann@x.test"}, {"password", long_password}});
    auto const network = app.stored("SELECT network FROM sallyport_devices");
    ASSERT_NE(network, "");
    auto request = app.request("POST", "/Person/reset-password", JsonObject{{"newPassword", new_password}},
                               reset_token(app, "Person", "ann@x.test"));
    request.headers.emplace_back("Cookie", set_cookie_of(first));
    EXPECT_EQ(wait_for(app.exchange(std::move(request))).status, 204);
    EXPECT_EQ(app.stored("SELECT network FROM sallyport_devices"), network);
}

TEST(AccountReset, RequestsThatReachNobodySpendNobodysLinks) {
    AccountApp app{Mode::strict, {}, Limits::hold};
    app.make("Person", "ann@x.test", long_password);
    for (int i = 0; i < 3; ++i) {
        EXPECT_EQ(app.post("/Person/reset", email_of("Ann@x.test")).status, 204);
        EXPECT_EQ(app.post("/Person/reset", JsonObject{{"email", "ann@x.test"}, {"realm", "nowhere"}}).status, 204);
    }
    EXPECT_NE(reset_token(app, "Person", "ann@x.test"), "");
}

TEST(AccountReset, ModelsWithTwoFactorsTellNobodyInEitherMode) {
    AccountApp app{Mode::compatible};
    app.make("Guarded", "ann@x.test", "pw");
    EXPECT_EQ(app.post("/Guarded/reset", email_of("nobody@x.test")).status, 204);
    auto const token = reset_token(app, "Guarded", "ann@x.test");
    EXPECT_EQ(set_password(app, "Guarded", token, "fresh").status, 204);
    EXPECT_EQ(set_password(app, "Guarded", token, "again").status, 401);
    EXPECT_EQ(app.post("/Guarded/login", JsonObject{{"email", "ann@x.test"}, {"password", "fresh"}}).status, 401);
}

TEST(AccountReset, AMailedResetDropsFactorsThatWereBoundBeforeTheAddressWasProven) {
    AccountApp app{Mode::compatible};
    auto const id = app.make("Guarded", "ann@x.test", "pw");
    app.change(
        "INSERT INTO sallyport_factors (user_model, user_id, type, target, state, created)"
        " VALUES ('Guarded', '" +
        to_text(id) + "', 'sms', '+15550100', 'confirmed', 1)");
    set_password(app, "Guarded", reset_token(app, "Guarded", "ann@x.test"), "fresh");
    EXPECT_NE(app.stored("SELECT state FROM sallyport_factors"), "confirmed");
    EXPECT_EQ(app.stored("SELECT emailverified FROM guarded"), "1");
}

TEST(AccountReset, CompatibleALinkOfAnUnrestrictedModelIsAFullToken) {
    AccountApp app{Mode::compatible};
    app.make("Person", "ann@x.test", "pw");
    auto const session = app.log_in("Person", "ann@x.test", "pw");
    auto const token = reset_token(app, "Person", "ann@x.test");
    EXPECT_EQ(set_password(app, "Person", token, "fresh").status, 204);
    EXPECT_EQ(app.post("/Person/logout", {}, session).status, 401);
    EXPECT_EQ(app.post("/Person/logout", {}, token).status, 204);
}

std::string verification_token(AccountApp& app, std::string const& path) {
    EXPECT_EQ(app.post(path).status, 204);
    auto const sent = app.mail->sent();
    return sent.empty() ? std::string{} : sent.back().secret;
}

TEST(AccountVerification, OnlyTheNewestLinkWorksAndItWorksOnce) {
    AccountApp app{Mode::compatible};
    app.make("Person", "ann@x.test", "pw");
    auto const first = verification_token(app, "/Person/1/verify");
    auto const second = verification_token(app, "/Person/1/verify");
    EXPECT_EQ(app.stored("SELECT verificationtoken FROM person"), auth::stored_id(second));
    EXPECT_EQ(app.get("/Person/confirm?uid=1&token=" + first).status, 400);
    EXPECT_EQ(app.get("/Person/confirm?uid=1&token=" + auth::stored_id(second)).status, 400);
    EXPECT_EQ(app.get("/Person/confirm?uid=1&token=" + second).status, 204);
    EXPECT_EQ(app.stored("SELECT emailverified FROM person"), "1");
    EXPECT_EQ(app.get("/Person/confirm?uid=1&token=" + second).status, 400);
}

TEST(AccountVerification, ALinkLeadsOnOnlyToPathsOfThisHost) {
    AccountApp app{Mode::compatible};
    app.make("Person", "ann@x.test", "pw");
    auto const token = verification_token(app, "/Person/1/verify");
    auto const link = "/Person/confirm?uid=1&token=" + token + "&redirect=";
    auto const refused = app.get(link + "https%3A%2F%2Fevil.test");
    EXPECT_EQ(refused.status, 400) << refused.text;
    EXPECT_EQ(app.get(link + "%2F%2Fevil.test").status, 400);
    auto const led = app.get(link + "%2Fwelcome");
    EXPECT_EQ(led.status, 302);
    bool has_location = false;
    for (auto const& [name, value] : led.headers) has_location |= name == "Location" && value == "/welcome";
    EXPECT_TRUE(has_location);
}

TEST(AccountVerification, StrictNobodyLearnsWhichAccountsThereAre) {
    AccountApp app{Mode::strict};
    app.make("Person", "ann@x.test", long_password);
    verification_token(app, "/Person/1/verify");
    auto const wrong = app.get("/Person/confirm?uid=1&token=wrong");
    EXPECT_EQ(wrong.status, 400);
    EXPECT_EQ(wrong.text, app.get("/Person/confirm?uid=99&token=wrong").text);
    EXPECT_EQ(wrong.text, app.get("/Person/confirm?uid=ann&token=wrong").text);
}

TEST(AccountVerification, UnverifiedAccountsStayOutWhereTheModelSaysSo) {
    AccountApp app{Mode::compatible, {{"emailVerificationRequired", true}}};
    app.make("Person", "ann@x.test", "pw");
    auto const credentials = JsonObject{{"email", "ann@x.test"}, {"password", "pw"}};
    EXPECT_EQ(app.post("/Person/login", credentials).code(), "LOGIN_FAILED_EMAIL_NOT_VERIFIED");
    EXPECT_EQ(app.post("/Person/reset", email_of("ann@x.test")).code(), "RESET_FAILED_EMAIL_NOT_VERIFIED");
    app.get("/Person/confirm?uid=1&token=" + verification_token(app, "/Person/1/verify"));
    auto const token = app.log_in("Person", "ann@x.test", "pw");
    EXPECT_NE(token, "");
    auto const moved = app.send("PATCH", "/Person/1", JsonObject{{"email", "eve@x.test"}}, token);
    EXPECT_EQ(moved.body["emailVerified"], Json{false}) << moved.text;
    EXPECT_EQ(app.log_in("Person", "eve@x.test", "pw"), "");
}

TEST(AccountVerification, TheFirstProofOfAnAddressEndsWhatWasThereBefore) {
    AccountApp app{Mode::compatible};
    auto const id = app.make("Lax", "ann@x.test", "pw");
    auto const session = app.log_in("Lax", "ann@x.test", "pw");
    app.change(
        "INSERT INTO sallyport_factors (user_model, user_id, type, target, state, created)"
        " VALUES ('Lax', '" +
        to_text(id) + "', 'sms', '+15550100', 'confirmed', 1)");
    EXPECT_EQ(app.get("/Lax/confirm?uid=1&token=" + verification_token(app, "/Lax/1/verify")).status, 204);
    EXPECT_NE(app.stored("SELECT state FROM sallyport_factors"), "confirmed");
    EXPECT_EQ(app.post("/Lax/logout", {}, session).status, 401);
}

}  // namespace
}  // namespace sallyport::methods

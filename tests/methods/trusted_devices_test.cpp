#include "methods/trusted_devices.hpp"

#include "methods/operator_accounts.hpp"
#include "methods/two_factor_app.hpp"
#include "sallyport/one_time_code.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

namespace sallyport::methods {
namespace {

auto constexpr options = R"({"channels": ["console", "sms", "totp"], "phone": "mobile", "trustDays": 30})";
auto constexpr address = "198.41.0.4";

class TrustedDevices : public testing::Test {
protected:
    TrustedDevices() { ann_id = app.sign_up({{"email", ann}})["id"]; }

    static Request from(std::string const& cookies = "") { return TwoFactorApp::from(address, cookies); }

    std::string cookie_name() const { return auth::trust_cookie(auth::Account::of("Employee", ann_id)); }

    /// A login by a code that asks for trust; the answer of step two.
    Reply trusting(Json wish = true, Request const& request = TwoFactorApp::from(address)) {
        app.clock().advance(1'200'000);  // Few codes an hour are sent.
        EXPECT_EQ(app.request_code(ann, request).status, 200);
        return app.login_with_code(
            {{"email", ann}, {"twofactor", app.console->last_code()}, {"trustDevice", std::move(wish)}}, request);
    }
    /// "trust-...=..." of a device that is trusted now.
    std::string trusted() { return trusting().cookie(cookie_name()); }
    Reply password_only(std::string const& cookie) {
        app.clock().advance(1'200'000);
        return app.request_code(ann, from(cookie));
    }
    static bool has_token(Reply const& reply) { return reply.body["token"].is_object(); }
    bool is_trusted(std::string const& cookie) { return has_token(password_only(cookie)); }
    Caller session(std::string const& cookie) {
        return app.caller(to_display(password_only(cookie).body["token"]["id"]));
    }
    Reply call(std::string const& method, Caller const& caller, JsonObject arguments = {},
               std::string const& cookie = "") {
        return app.call(method, std::move(arguments), from(cookie), caller);
    }
    std::int64_t events(std::string const& name) {
        return app.number("SELECT count(*) FROM sallyport_audit WHERE event = '" + name + "'");
    }
    TwoFactorApp app{options};
    Json ann_id;
};

TEST_F(TrustedDevices, AreOffUnlessTheModelSaysSo) {
    TwoFactorApp plain;
    plain.sign_up({{"email", ann}});
    auto const asked = plain.request_code(ann);
    EXPECT_TRUE(asked.body["trustDays"].is_undefined());
    auto const entered =
        plain.login_with_code({{"email", ann}, {"twofactor", plain.console->last_code()}, {"trustDevice", true}});
    EXPECT_EQ(entered.status, 200);
    EXPECT_EQ(entered.cookies.size(), 1U) << "the known device's alone";
    EXPECT_EQ(plain.number("SELECT count(*) FROM sallyport_trusted_devices"), 0);
}

TEST_F(TrustedDevices, AStolenCookieOnANewDeviceIsToldAsThePasswordAlone) {
    auto const cookie = trusted();
    app.email->messages.clear();
    app.clock().advance(1'200'000);
    auto request = TwoFactorApp::from("203.0.114.9", cookie);
    ASSERT_TRUE(has_token(app.request_code(ann, request)));
    wait_for(app.outbox.flush());
    ASSERT_EQ(app.email->messages.size(), 1U);
    EXPECT_TRUE(app.email->messages[0].text.contains("with your password alone")) << app.email->messages[0].text;
}

TEST_F(TrustedDevices, OneGetsATokenForThePasswordAlone) {
    EXPECT_EQ(password_only("").body["trustDays"], Json{30});
    auto const cookie = trusted();
    ASSERT_NE(cookie, "");
    app.console->messages.clear();

    auto const answer = password_only(cookie);

    ASSERT_EQ(answer.status, 200) << answer.code;
    EXPECT_EQ(answer.body["token"]["userId"], ann_id);
    EXPECT_EQ(answer.body["token"]["user"]["email"], Json{ann});
    EXPECT_TRUE(answer.body["challenge"].is_string());
    EXPECT_TRUE(app.console->messages.empty()) << "nobody asked for the code";
    auto const caller = app.caller(answer.body["token"]["id"].as_string());
    EXPECT_EQ(caller.factors, std::vector<std::string>{"password"});
    EXPECT_EQ(caller.authenticated_at, 0) << "no rule finds it fresh";
    EXPECT_NE(answer.cookie(cookie_name()), "");
    EXPECT_NE(answer.cookie(cookie_name()), cookie);
    EXPECT_EQ(events("device.used"), 1);
}

TEST_F(TrustedDevices, OnlyAnExactWishIsOne) {
    for (auto const& wish : {Json{}, Json{false}, Json{"true"}, Json{1}, Json{nullptr}})
        EXPECT_EQ(trusting(wish).cookie(cookie_name()), "") << to_text(wish);
}

TEST_F(TrustedDevices, TheCookieIsForTheServerAlone) {
    auto const cookies = trusting().cookies;
    auto const& text = cookies.back();
    EXPECT_TRUE(text.starts_with("trust-")) << text;
    EXPECT_TRUE(text.ends_with("; Max-Age=2592000; Path=/; HttpOnly; SameSite=Strict")) << text;
    auto secure = from();
    secure.is_secure = true;
    auto const over_tls = trusting(true, secure).cookies.back();
    EXPECT_TRUE(over_tls.starts_with("__Host-trust-")) << over_tls;
    EXPECT_TRUE(over_tls.ends_with("; Secure")) << over_tls;
}

TEST_F(TrustedDevices, WhoNamesAChannelGetsItsCode) {
    auto const cookie = trusted();
    app.clock().advance(60'000);
    app.console->messages.clear();
    auto const asked =
        app.request_code({{"email", ann}, {"password", app.password}, {"channel", "console"}}, from(cookie));
    EXPECT_TRUE(asked.body["token"].is_undefined());
    ASSERT_EQ(app.console->messages.size(), 1U);
    EXPECT_EQ(app.login_with_code({{"email", ann}, {"twofactor", app.console->last_code()}}, from(cookie)).status, 200);
    EXPECT_TRUE(is_trusted(cookie)) << "and its trust was not used";
}

TEST_F(TrustedDevices, WhoIsSignedInAlreadyGetsACode) {
    auto const entered = trusting();
    app.clock().advance(60'000);
    app.console->messages.clear();
    auto const asked =
        app.call("requestCode", {{"credentials", JsonObject{{"email", ann}, {"password", app.password}}}},
                 from(entered.cookie(cookie_name())), app.caller(entered.body["id"].as_string()));
    EXPECT_TRUE(asked.body["token"].is_undefined());
    EXPECT_EQ(app.console->messages.size(), 1U);
}

TEST_F(TrustedDevices, AWrongPasswordIsWrongThere) {
    auto const cookie = trusted();
    auto const refused = app.request_code({{"email", ann}, {"password", "not the password"}}, from(cookie));
    EXPECT_EQ(refused.status, 401);
    EXPECT_TRUE(is_trusted(cookie));
}

TEST_F(TrustedDevices, ACookieUsedBeforeIsACopyAndEndsWhatItOpened) {
    auto const cookie = trusted();
    auto const thief = session(cookie);
    ASSERT_TRUE(thief.is_known());

    auto const owner = password_only(cookie);

    EXPECT_TRUE(owner.body["token"].is_undefined());
    EXPECT_TRUE(owner.body["challenge"].is_string()) << "the code is asked for";
    EXPECT_EQ(owner.cookie(cookie_name()), cookie_name() + "=");
    EXPECT_FALSE(app.caller(thief.token).is_known());
    EXPECT_EQ(app.number("SELECT count(*) FROM sallyport_trusted_devices"), 0);
    EXPECT_EQ(app.email->messages.back().subject, "A copy of a trusted device was used");
    EXPECT_EQ(events("device.revoked"), 1);
}

TEST_F(TrustedDevices, ASessionWithASecondFactorOutlivesACopy) {
    auto const full = trusting();
    auto const cookie = full.cookie(cookie_name());
    ASSERT_TRUE(is_trusted(cookie));
    EXPECT_FALSE(is_trusted(cookie));
    EXPECT_TRUE(app.caller(full.body["id"].as_string()).is_known());
}

TEST_F(TrustedDevices, OfManyWithOneCookieAtOnceOneIsLetIn) {
    auto const cookie = trusted();
    app.clock().advance(60'000);
    std::atomic<int> let_in = 0;
    {
        std::vector<std::jthread> clients;
        for (int i = 0; i < 8; ++i) {
            clients.emplace_back([&] {
                if (has_token(app.request_code(ann, from(cookie)))) ++let_in;
            });
        }
    }
    EXPECT_EQ(let_in, 1);
    EXPECT_EQ(app.number("SELECT count(*) FROM sallyport_trusted_devices"), 0);
}

TEST_F(TrustedDevices, TheCookieOfAnotherAccountIsWorthNothing) {
    app.sign_up({{"email", "bob@x.test"}});
    auto const cookie = trusted();
    auto const value = cookie.substr(cookie.find('='));
    auto const bob = auth::trust_cookie(auth::Account::of("Employee", Json{2}));
    for (auto const& shown : {cookie, bob + value}) {
        app.clock().advance(60'000);
        EXPECT_TRUE(app.request_code("bob@x.test", from(shown)).body["token"].is_undefined());
    }
    EXPECT_TRUE(is_trusted(cookie));
}

TEST_F(TrustedDevices, ItsSessionChangesNoFactorAndNoPassword) {
    auto const caller = session(trusted());
    ASSERT_TRUE(caller.is_known());
    EXPECT_EQ(call("prototype.addFactor", caller, {{"type", "totp"}}).code, "STEP_UP_REQUIRED");
    EXPECT_EQ(call("prototype.makeRecoveryCodes", caller).code, "STEP_UP_REQUIRED");
    EXPECT_EQ(call("prototype.removeFactor", caller, {{"fk", 1}}).code, "STEP_UP_REQUIRED");
    EXPECT_EQ(call("prototype.updateFactor", caller, {{"fk", 1}, {"preferred", true}}).code, "STEP_UP_REQUIRED");
    EXPECT_EQ(
        call("changePassword", caller, {{"oldPassword", app.password}, {"newPassword", "another long enough password"}})
            .code,
        "STEP_UP_REQUIRED");
    EXPECT_EQ(call("reauthenticate", caller, {{"password", app.password}}).code, "STEP_UP_REQUIRED");
}

TEST_F(TrustedDevices, ItsSessionIsFreshToNoRuleEvenWhereOneFactorIsEnough) {
    TwoFactorApp lax{R"({"channels": ["console", "totp"], "required": false, "trustDays": 1})"};
    auto const id = lax.sign_up({{"email", ann}})["id"];
    lax.request_code(ann);
    auto const entered =
        lax.login_with_code({{"email", ann}, {"twofactor", lax.console->last_code()}, {"trustDevice", true}});
    auto const cookie = entered.cookie(auth::trust_cookie(auth::Account::of("Employee", id)));
    lax.clock().advance(60'000);
    auto const again = lax.request_code(ann, from(cookie));
    auto const caller = lax.caller(again.body["token"]["id"].as_string());
    EXPECT_EQ(caller.authenticated_at, 0);
    EXPECT_EQ(lax.call("changePassword",
                       {{"oldPassword", lax.password}, {"newPassword", "another long enough password"}}, from(), caller)
                  .code,
              "STEP_UP_REQUIRED");
}

TEST_F(TrustedDevices, ACodeShownLaterMakesItsSessionAFullOne) {
    auto const cookie = trusted();
    auto const caller = session(cookie);
    app.clock().advance(60'000);
    app.request_code({{"email", ann}, {"password", app.password}, {"channel", "console"}}, from());
    auto const renewed =
        call("reauthenticate", caller, {{"password", app.password}, {"twofactor", app.console->last_code()}});
    ASSERT_EQ(renewed.status, 200) << renewed.code;
    EXPECT_EQ(call("prototype.addFactor", app.caller(caller.token), {{"type", "totp"}}).status, 200);
}

TEST_F(TrustedDevices, AreListedAndEndOneByOneOrAllAtOnce) {
    auto const first = trusting();
    auto const caller = app.caller(first.body["id"].as_string());
    trusting(true, TwoFactorApp::from("203.0.114.9"));

    auto const listed = call("prototype.listDevices", caller, {}, first.cookie(cookie_name())).body.as_array();

    ASSERT_EQ(listed.size(), 2U);
    EXPECT_EQ(listed[0]["network"], Json{"203.0.114.0/24"});
    EXPECT_EQ(listed[0]["current"], Json{false});
    EXPECT_EQ(listed[1]["current"], Json{true});
    EXPECT_TRUE(listed[1].as_object().contains("trustedUntil"));
    EXPECT_EQ(call("prototype.distrustDevice", caller, {{"fk", listed[1]["id"]}}).status, 200);
    EXPECT_FALSE(is_trusted(first.cookie(cookie_name())));
    EXPECT_EQ(call("prototype.distrustDevice", caller, {{"fk", listed[1]["id"]}}).code, "DEVICE_NOT_FOUND");
    EXPECT_EQ(call("prototype.distrustDevice", caller, {{"fk", 0}}).code, "DEVICE_NOT_FOUND");
    EXPECT_EQ(call("prototype.distrustDevices", caller).status, 200);
    EXPECT_EQ(to_text(call("prototype.listDevices", caller).body), "[]");
    EXPECT_EQ(events("device.trusted"), 2);
    EXPECT_EQ(events("device.revoked"), 2);
}

TEST_F(TrustedDevices, AreNobodyElsesBusiness) {
    auto const cookie = trusted();
    app.sign_up({{"email", "bob@x.test"}});
    app.clock().advance(60'000);
    auto const bob = app.caller(app.log_in("bob@x.test", TwoFactorApp::from("203.0.114.9")));
    for (auto const* method : {"prototype.listDevices", "prototype.distrustDevices", "prototype.distrustDevice"})
        EXPECT_EQ(call(method, bob, {{"id", ann_id}, {"fk", 1}}).status, 401) << method;
    EXPECT_EQ(call("prototype.distrustDevice", bob, {{"fk", 1}}).code, "DEVICE_NOT_FOUND");
    EXPECT_TRUE(is_trusted(cookie));
}

TEST_F(TrustedDevices, EndWithWhateverEndsOtherSessions) {
    auto const end_others = [&](Caller const& caller) { call("prototype.endSessions", caller); };
    auto const change_password = [&](Caller const& caller) {
        EXPECT_EQ(call("changePassword", caller, {{"oldPassword", app.password}, {"newPassword", app.password}}).status,
                  200);
    };
    auto const add_app = [&](Caller const& caller) {
        auto const added = call("prototype.addFactor", caller, {{"type", "totp"}});
        auto const secret = OneTimeSecret::from_base32(added.body["secret"].as_string());
        auto const code = totp(secret, app.clock().now() / 1000);
        EXPECT_EQ(call("prototype.confirmFactor", caller, {{"fk", added.body["id"]}, {"twofactor", code}}).status, 200);
    };
    auto const disable = [&](Caller const&) {
        wait_for(disable_account(app.parts, JsonObject{{"who", ann}}, "tester"));
        wait_for(enable_account(app.parts, JsonObject{{"who", ann}}, "tester"));
    };
    auto const give_ticket = [&](Caller const&) {
        wait_for(reset_factors(app.parts, JsonObject{{"who", ann}}, "tester"));
    };
    std::vector<std::pair<std::string, std::function<void(Caller const&)>>> const ends{
        {"all others end", end_others},
        {"the password changes", change_password},
        {"the account is disabled", disable},
        {"a ticket is made", give_ticket},
        {"a factor is confirmed", add_app}};
    for (auto const& [name, end] : ends) {
        auto const entered = trusting();
        ASSERT_EQ(entered.status, 200) << name;
        end(app.caller(entered.body["id"].as_string()));
        EXPECT_EQ(app.number("SELECT count(*) FROM sallyport_trusted_devices"), 0) << name;
        EXPECT_FALSE(is_trusted(entered.cookie(cookie_name()))) << name;
    }
}

TEST_F(TrustedDevices, EndWithTheirAccount) {
    trusted();
    wait_for(app.employees().delete_by_id(ann_id));
    EXPECT_EQ(app.number("SELECT count(*) FROM sallyport_trusted_devices"), 0);
}

TEST_F(TrustedDevices, AreToldToTheOwner) {
    trusted();
    auto const& told = app.email->messages.back();
    EXPECT_EQ(told.subject, "A device is trusted now");
    EXPECT_NE(told.text.find("network 198.41.0.0/24"), std::string::npos) << told.text;
}

}  // namespace
}  // namespace sallyport::methods

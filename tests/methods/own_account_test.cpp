#include "methods/own_account.hpp"

#include "auth/audit.hpp"

#include "methods/account_app.hpp"
#include "methods/two_factor_app.hpp"

#include <gtest/gtest.h>

namespace sallyport::methods {
namespace {

auto constexpr password = "a long enough password";

Reply as(TwoFactorApp& app, std::string const& token, std::string const& method, JsonObject arguments = {}) {
    return app.call(method, std::move(arguments), app.from("198.41.0.4"), app.caller(token));
}

TEST(OwnEvents, AreThoseOfTheAccountNewestFirstAndInPages) {
    TwoFactorApp app;
    app.sign_up({{"email", ann}});
    app.sign_up({{"email", "bob@x.test"}});
    auto const token = app.log_in(ann);
    app.clock().advance(60'000);
    app.log_in("bob@x.test");

    auto const all = as(app, token, "prototype.listEvents").body.as_array();
    std::vector<std::string> names;
    for (auto const& event : all) names.push_back(to_display(event["event"]));
    EXPECT_EQ(names, (std::vector<std::string>{"session.begun", "code", "code.sent", "password", "account.created"}));
    EXPECT_EQ(all.front()["network"], Json{"198.41.0.0/24"});
    EXPECT_EQ(all.front()["outcome"], Json{"done"});

    auto const first = as(app, token, "prototype.listEvents", {{"limit", 2}}).body.as_array();
    EXPECT_EQ(first.size(), 2U);
    auto const rest =
        as(app, token, "prototype.listEvents", {{"limit", 200}, {"before", first.back()["id"]}}).body.as_array();
    EXPECT_EQ(rest.size(), all.size() - 2);
    EXPECT_EQ(to_text(rest.front()), to_text(all.at(2)));
    for (Json const& limit : {Json{0}, Json{-5}, Json{1e300}})
        EXPECT_GE(as(app, token, "prototype.listEvents", {{"limit", limit}}).body.as_array().size(), 1U);
}

TEST(OwnEvents, SayWhenAnOperatorDidItAndNotWhich) {
    TwoFactorApp app;
    auto const id = app.sign_up({{"email", ann}})["id"];
    auto const token = app.log_in(ann);
    wait_for(app.app.store->write([&](store::Transaction& transaction) {
        return [](store::Transaction& inside, Json user) -> Task<> {
            co_await auth::record(
                inside,
                {.name = "factors.ticket", .account = auth::Account::of("Employee", user), .actor = "Employee 7"},
                1433152800000);
        }(transaction, id);
    }));
    auto const newest = as(app, token, "prototype.listEvents").body.as_array().at(0);
    EXPECT_EQ(newest["by"], Json{"operator"});
    EXPECT_FALSE(to_text(newest).contains("Employee"));
}

TEST(OwnExport, HasWhatIsKeptAndNoSecret) {
    TwoFactorApp app{R"({"channels": ["console", "totp"]})"};
    app.sign_up({{"email", ann}, {"username", "ann"}, {"city", "Bern"}});
    auto const token = app.log_in(ann);
    app.call("prototype.addFactor", {{"type", "totp"}}, app.from("198.41.0.4"), app.caller(token));
    auto const all = as(app, token, "prototype.exportAccount").body;
    EXPECT_EQ(all["account"]["email"], Json{ann});
    EXPECT_EQ(all["account"]["city"], Json{"Bern"});
    EXPECT_EQ(all["sessions"].as_array().at(0)["current"], Json{true});
    EXPECT_EQ(all["devices"].as_array().size(), 1U);
    EXPECT_EQ(all["recoveryCodesLeft"], Json{0});
    EXPECT_GT(all["events"].as_array().size(), 3U);
    EXPECT_EQ(to_text(all["records"]), "{}");
    for (std::string const& text : {std::string{"argon2"}, token, std::string{"secret"}, std::string{"sha256"}})
        EXPECT_FALSE(to_text(all).contains(text)) << text;
}

TEST(OwnExport, HasTrustedDevicesAndTheEmailThatWaits) {
    TwoFactorApp app{R"({"channels": ["console"], "trustDays": 30})"};
    app.sign_up({{"email", ann}});
    app.request_code(ann);
    auto const login = app.login_with_code(
        {{"email", ann}, {"twofactor", app.console->last_code()}, {"trustDevice", true}}, app.from("198.41.0.4"));
    auto const token = login.body["id"].as_string();
    auto const exported = [&] { return as(app, token, "prototype.exportAccount").body; };
    EXPECT_TRUE(exported()["emailChange"].is_undefined());
    as(app, token, "prototype.changeEmail", {{"email", "ann@new.test"}});

    auto const all = exported();
    EXPECT_EQ(to_text(all["trustedDevices"]), to_text(as(app, token, "prototype.listDevices").body));
    EXPECT_EQ(all["trustedDevices"].as_array().size(), 1U);
    EXPECT_EQ(all["emailChange"]["email"], Json{"ann@new.test"});
    EXPECT_EQ(to_text(all["emailChange"]), to_text(as(app, token, "prototype.showEmail").body["pending"]));
    for (auto const& message : app.email->messages) {
        if (!message.secret.empty()) EXPECT_FALSE(to_text(all).contains(message.secret));
    }
    EXPECT_FALSE(to_text(all).contains("sha256"));
}

TEST(OwnExport, NeedsASecondFactorOfTheLastFiveMinutes) {
    TwoFactorApp app;
    app.sign_up({{"email", ann}});
    auto const token = app.log_in(ann);
    app.clock().advance(300'001);
    EXPECT_EQ(as(app, token, "prototype.exportAccount").code, "STEP_UP_REQUIRED");
}

/// Rows about an account in all of our tables but the trail.
std::int64_t traces(TwoFactorApp& app, std::string const& id) {
    std::int64_t found = 0;
    for (std::string const table : {"sessions", "challenges", "factors", "recovery_codes", "counters", "disabled",
                                    "tickets", "devices", "email_changes"}) {
        found += app.number("SELECT count(*) FROM sallyport_" + table + " WHERE user_id = '" + id + "'");
    }
    return found;
}

TEST(OwnDeletion, LeavesNothingButThatItHappened) {
    TwoFactorApp app{R"({"channels": ["console", "totp"]})"};
    auto const id = app.sign_up({{"email", ann}})["id"];
    app.sign_up({{"email", "bob@x.test"}});
    auto const token = app.log_in(ann);
    as(app, token, "prototype.addFactor", {{"type", "totp"}});
    as(app, token, "prototype.changeEmail", {{"email", "ann@new.test"}});
    app.clock().advance(60'000);
    app.log_in("bob@x.test");
    auto const of_bob = traces(app, "2");
    EXPECT_GT(traces(app, "1"), 3);
    app.email->messages.clear();

    auto const caller = app.caller(token);
    wait_for(app.employees().delete_by_id(id, {.caller = &caller, .is_remote = true}));
    wait_for(app.outbox.flush());

    EXPECT_EQ(traces(app, "1"), 0);
    EXPECT_EQ(traces(app, "2"), of_bob);
    EXPECT_FALSE(app.caller(token).is_known());
    EXPECT_EQ(app.number("SELECT count(*) FROM accesstoken WHERE userid = 1"), 0);
    EXPECT_EQ(app.number("SELECT count(*) FROM sallyport_audit WHERE user_id = '1' AND event = 'account.deleted'"), 1);
    EXPECT_GT(app.number("SELECT count(*) FROM sallyport_audit WHERE user_id = '1'"), 3);
    EXPECT_EQ(app.number("SELECT count(*) FROM sallyport_audit WHERE user_id = '1' AND"
                         " identifier || about || network || agent <> ''"),
              0);
    EXPECT_GT(app.number("SELECT count(*) FROM sallyport_audit WHERE user_id = '2' AND network <> ''"), 0);
    ASSERT_EQ(app.email->messages.size(), 1U);
    EXPECT_EQ(app.email->messages.front().to, ann);
    EXPECT_TRUE(app.email->messages.front().text.starts_with("This account was deleted."));
}

TEST(OwnDeletion, NobodyIsSentWhatStillWaitedForTheAccount) {
    TwoFactorApp app;
    auto const id = app.sign_up({{"email", ann}})["id"];
    auto const put = [&](std::string account) {
        wait_for(app.app.store->write([&](store::Transaction& transaction) {
            return app.outbox.put(transaction, {.kind = Message::Kind::reset,
                                                .channel = "email",
                                                .model = "Employee",
                                                .account = account,
                                                .to = account,
                                                .text = "a link"});
        }));
    };
    put(ann);
    put("bob@x.test");
    wait_for(app.employees().delete_by_id(id));
    wait_for(app.outbox.flush());
    std::vector<std::string> texts;
    for (auto const& message : app.email->messages) texts.push_back(message.to + ": " + message.text.substr(0, 6));
    std::ranges::sort(texts);
    EXPECT_EQ(texts, (std::vector<std::string>{"ann@x.test: This a", "bob@x.test: a link"}));
}

TEST(OwnDeletion, NeedsASecondFactorOfTheLastFiveMinutesByWhateverRoute) {
    TwoFactorApp app;
    auto const id = app.sign_up({{"email", ann}})["id"];
    auto const token = app.log_in(ann);
    auto const remove = [&](Caller const& caller) {
        OperationOptions const options{.caller = &caller, .is_remote = true};
        try {
            wait_for(app.employees().delete_by_id(id, options));
            return std::string{"done"};
        } catch (Error const& error) {
            return error.code;
        }
    };
    app.clock().advance(300'001);
    EXPECT_EQ(remove(app.caller(token)), "STEP_UP_REQUIRED");
    auto by_password = app.caller(token);
    by_password.factors = {"password"};
    by_password.authenticated_at = app.clock().now();
    EXPECT_EQ(remove(by_password), "STEP_UP_REQUIRED");
    by_password.factors = {"password", "email"};
    EXPECT_EQ(remove(by_password), "STEP_UP_REQUIRED");
    app.clock().advance(60'000);
    EXPECT_EQ(remove(app.caller(app.log_in(ann))), "done");
}

TEST(OwnDeletion, TakesTheRolesAlong) {
    AccountApp app{AccountApp::Mode::strict};
    auto const id = app.make("Lax", ann, password);
    app.make("Person", "bob@x.test", password);
    app.change("INSERT INTO role (id, name) VALUES (5, 'admin')");
    app.change(
        "INSERT INTO rolemapping (id, principaltype, principalid, roleid) VALUES (1, 'Lax', '1', 5),"
        " (2, 'Person', '1', 5)");
    auto const token = app.log_in("Lax", ann, password);
    ASSERT_NE(token, "");
    EXPECT_EQ(app.send("DELETE", "/Lax/" + to_text(id), {}, token).status, 200);
    EXPECT_EQ(app.stored("SELECT group_concat(id) FROM rolemapping"), "2");
}

}  // namespace
}  // namespace sallyport::methods

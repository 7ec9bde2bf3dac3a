#include "methods/factors.hpp"

#include "methods/two_factor_app.hpp"

#include <gtest/gtest.h>

namespace sallyport::methods {
namespace {

auto constexpr number = "+33612345600";
auto constexpr other_number = "+33612345699";
auto constexpr with_console = R"({"channels": ["console", "sms"], "phone": "mobile"})";

class FactorsTest : public testing::Test {
protected:
    Reply add(TwoFactorApp& app, Caller const& caller, Json phone = number, Json type = "sms") {
        return app.call("prototype.addFactor", {{"type", std::move(type)}, {"phone", std::move(phone)}},
                        app.from("198.41.0.4"), caller);
    }
    Reply confirm(TwoFactorApp& app, Caller const& caller, Json id, Json code) {
        return app.call("prototype.confirmFactor", {{"fk", std::move(id)}, {"twofactor", std::move(code)}},
                        app.from("198.41.0.4"), caller);
    }
    Reply list(TwoFactorApp& app, Caller const& caller) {
        return app.call("prototype.listFactors", {}, app.from("198.41.0.4"), caller);
    }
    /// An enrol token of a fresh account.
    Caller enrolling(TwoFactorApp& app) {
        app.sign_up({{"email", ann}});
        return app.caller(app.request_code(ann).body["enrol"]["id"].as_string());
    }
    Json patch(TwoFactorApp& app, Json id, JsonObject data) {
        return wait_for(app.employees().patch_attributes(std::move(id), Json{std::move(data)}, {.is_remote = true}));
    }
    std::string patch_error(TwoFactorApp& app, Json id, JsonObject data) {
        try {
            patch(app, std::move(id), std::move(data));
        } catch (Error const& error) {
            return std::to_string(error.status) + " " + error.code;
        }
        return "none";
    }
};

TEST_F(FactorsTest, AnEnrolTokenAddsANumberAndItsCodeOpensAFullSession) {
    TwoFactorApp app{only_sms};
    auto const caller = enrolling(app);
    auto const added = add(app, caller);
    ASSERT_EQ(added.status, 200) << added.code;
    EXPECT_EQ(added.body["confirmed"], Json{false});
    EXPECT_EQ(added.body["restricted"], Json{true});
    EXPECT_EQ(added.body["hint"], Json{"+•• ••• ••00"});
    ASSERT_EQ(app.sms->messages.size(), 1U);
    EXPECT_EQ(app.sms->messages[0].to, number);

    auto const done = confirm(app, caller, added.body["id"], app.sms->last_code());
    ASSERT_EQ(done.status, 200) << done.code;
    EXPECT_EQ(done.body["user"]["mobile"], Json{number});
    EXPECT_EQ(done.body["factor"]["confirmed"], Json{true});
    auto const session = app.caller(done.body["id"].as_string());
    EXPECT_EQ(session.scopes, std::vector<std::string>{"DEFAULT"});
    EXPECT_EQ(session.factors, (std::vector<std::string>{"password", "sms"}));
    EXPECT_FALSE(app.caller(caller.token).is_known());
    EXPECT_EQ((*wait_for(app.employees().find_by_id(session.user_id)))["mobile"], Json{number});

    app.clock().advance(60'000);
    EXPECT_EQ(app.request_code(ann).body["channel"], Json{"sms"});
}

TEST_F(FactorsTest, AWrongCodeConfirmsNothingAndIsCounted) {
    TwoFactorApp app{only_sms};
    auto const caller = enrolling(app);
    auto const added = add(app, caller);
    auto const code = app.sms->last_code();
    for (int i = 0; i < 5; ++i) {
        EXPECT_EQ(confirm(app, caller, added.body["id"], code == "111111" ? "222222" : "111111").code, "LOGIN_FAILED");
    }
    EXPECT_EQ(confirm(app, caller, added.body["id"], code).status, 401);
    EXPECT_TRUE((*wait_for(app.employees().find_by_id(caller.user_id)))["mobile"].is_nothing());
}

TEST_F(FactorsTest, ACodeToConfirmIsNoCodeToLogInWith) {
    TwoFactorApp app{only_sms};
    auto const caller = enrolling(app);
    add(app, caller);
    EXPECT_EQ(app.login_with_code({{"email", ann}, {"twofactor", app.sms->last_code()}}).status, 401);
}

TEST_F(FactorsTest, OnceAFactorIsThereAnOlderEnrolTokenAddsNone) {
    TwoFactorApp app{only_sms};
    app.throttle.lift();
    auto const first = enrolling(app);
    auto const second = app.caller(app.request_code(ann).body["enrol"]["id"].as_string());
    auto const added = add(app, first);
    ASSERT_EQ(confirm(app, first, added.body["id"], app.sms->last_code()).status, 200);
    EXPECT_EQ(add(app, second, other_number).code, "AUTHORIZATION_REQUIRED");
    EXPECT_TRUE(app.request_code(ann).body["enrol"].is_undefined());
}

TEST_F(FactorsTest, AnEnrolTokenAddsNoneBesideAFactorThatIsThere) {
    TwoFactorApp app{only_sms};
    auto const caller = enrolling(app);
    ASSERT_EQ(add(app, caller).status, 200);
    app.app.store->prepare({{"UPDATE sallyport_factors SET state = 'confirmed'", {}}});
    EXPECT_EQ(add(app, caller, other_number).code, "STEP_UP_REQUIRED");
}

TEST_F(FactorsTest, WhatIsNoNumberOrNoKindOfFactorIs422) {
    TwoFactorApp app{only_sms};
    auto const caller = enrolling(app);
    for (Json const& phone :
         {Json{}, Json{""}, Json{"0612345600"}, Json{"+3361234"}, Json{33612345600}, Json{"+336 1234 5600"}}) {
        auto const reply = add(app, caller, phone);
        EXPECT_EQ(reply.status, 422) << to_text(phone);
    }
    for (Json const& type : {Json{}, Json{"totp"}, Json{"console"}, Json{1}}) {
        EXPECT_EQ(add(app, caller, number, type).status, 422) << to_text(type);
    }
}

TEST_F(FactorsTest, ASessionNeedsASecondFactorOfTheLastFiveMinutes) {
    TwoFactorApp app{with_console};
    app.throttle.lift();
    app.sign_up({{"email", ann}});
    auto const token = app.log_in(ann);
    EXPECT_EQ(add(app, app.caller(token)).status, 200);
    app.clock().advance(300'001);
    auto const reply = add(app, app.caller(token));
    EXPECT_EQ(reply.code, "STEP_UP_REQUIRED");
    EXPECT_EQ(reply.details["channels"], parse_json(R"(["console", "sms"])"));
    auto by_password = app.caller(token);
    by_password.authenticated_at = app.clock().now();
    by_password.factors = {"password"};
    EXPECT_EQ(add(app, by_password).code, "STEP_UP_REQUIRED");
}

TEST_F(FactorsTest, ANumberIsReplacedOnlyByASessionThatProvedIt) {
    TwoFactorApp app{with_console};
    app.throttle.lift();
    app.sign_up({{"email", ann}, {"mobile", number}});
    auto const by_console = app.caller(app.log_in(ann));
    EXPECT_EQ(add(app, by_console, other_number).code, "STEP_UP_REQUIRED");

    app.request_code({{"email", ann}, {"password", app.password}, {"channel", "sms"}});
    auto const in = app.login_with_code({{"email", ann}, {"twofactor", app.sms->last_code()}});
    auto const by_sms = app.caller(in.body["id"].as_string());
    auto const added = add(app, by_sms, other_number);
    ASSERT_EQ(added.status, 200) << added.code;
    EXPECT_EQ(app.sms->messages.back().to, other_number);
    auto const done = confirm(app, by_sms, added.body["id"], app.sms->last_code());
    EXPECT_EQ(done.status, 200);
    EXPECT_EQ(done.body["confirmed"], Json{true});
    EXPECT_EQ((*wait_for(app.employees().find_by_id(by_sms.user_id)))["mobile"], Json{other_number});
    ASSERT_EQ(app.email->messages.size(), 1U);
    EXPECT_EQ(app.email->messages[0].to, ann);
    auto const reply = app.request_code({{"email", ann}, {"password", app.password}, {"channel", "sms"}});
    EXPECT_EQ(reply.status, 200);
    EXPECT_EQ(app.sms->messages.back().to, other_number);
}

TEST_F(FactorsTest, NobodySetsOrSeesTheFactorsOfAnother) {
    TwoFactorApp app{with_console};
    app.throttle.lift();
    app.sign_up({{"email", ann}});
    auto const bob = app.sign_up({{"email", "bob@x.test"}});
    auto const caller = app.caller(app.log_in(ann));
    for (auto const* method : {"prototype.listFactors", "prototype.addFactor", "prototype.confirmFactor"}) {
        auto const reply = app.call(method, {{"id", bob["id"]}, {"type", "sms"}, {"phone", number}, {"fk", 1}},
                                    app.from("198.41.0.4"), caller);
        EXPECT_EQ(reply.code, "AUTHORIZATION_REQUIRED") << method;
    }
    auto other_model = caller;
    other_model.user_model = "Customer";
    EXPECT_EQ(list(app, other_model).code, "AUTHORIZATION_REQUIRED");
    EXPECT_EQ(list(app, {}).status, 401);
}

TEST_F(FactorsTest, TheFirstRightCodeConfirmsANumberSetAtCreation) {
    TwoFactorApp app{only_sms};
    app.sign_up({{"email", ann}, {"mobile", number}});
    auto const caller = app.caller(app.log_in(ann));
    auto const factors = list(app, caller).body;
    ASSERT_EQ(factors.as_array().size(), 1U);
    EXPECT_EQ(factors.as_array()[0]["type"], Json{"sms"});
    EXPECT_EQ(factors.as_array()[0]["confirmed"], Json{true});
    EXPECT_EQ(to_text(factors).find("336"), std::string::npos);
}

TEST_F(FactorsTest, ACodeConfirmsTheNumberItWentToAndNoOther) {
    TwoFactorApp app{only_sms};
    auto const user = app.sign_up({{"email", ann}, {"mobile", number}});
    // The program mends a number that was mistyped.
    wait_for(app.employees().patch_attributes(user["id"], JsonObject{{"mobile", other_number}}));
    app.log_in(ann);
    EXPECT_EQ(app.sms->messages.back().to, other_number);
    EXPECT_EQ(app.number("SELECT target = '+33612345699' FROM sallyport_factors WHERE state = 'confirmed'"), 1);
}

TEST_F(FactorsTest, APendingNumberCountsAsTheFactor) {
    TwoFactorApp app{only_sms};
    auto const user = app.sign_up({{"email", ann}, {"mobile", number}});
    auto const reply = app.request_code(ann);
    EXPECT_TRUE(reply.body["enrol"].is_undefined());
    EXPECT_EQ(reply.body["channel"], Json{"sms"});
}

TEST_F(FactorsTest, ANumberAtCreationHasToBeOneWhereThePropertyIsNamed) {
    TwoFactorApp app{only_sms};
    for (auto const* phone : {"1", "0612345600", "+0612345600", "+33 6 12 34 56 00"}) {
        try {
            app.sign_up({{"email", ann}, {"mobile", phone}});
            ADD_FAILURE() << phone;
        } catch (Error const& error) {
            EXPECT_EQ(error.status, 422) << phone;
        }
    }
    TwoFactorApp free{R"({"channels": ["console"]})"};
    EXPECT_EQ(free.sign_up({{"email", ann}, {"mobile", "1"}})["mobile"], Json{"1"});
}

TEST_F(FactorsTest, TheNumberCannotBeChangedByAnyOtherRoute) {
    TwoFactorApp app{with_console};
    auto const user = app.sign_up({{"email", ann}, {"mobile", number}});
    auto const id = user["id"];
    EXPECT_EQ(patch_error(app, id, {{"mobile", other_number}}), "401 FACTOR_CHANGE_NOT_ALLOWED");
    EXPECT_EQ(patch_error(app, id, {{"mobile", nullptr}}), "401 FACTOR_CHANGE_NOT_ALLOWED");
    EXPECT_EQ(patch_error(app, id, {{"mobile", number}}), "none");
    EXPECT_EQ(patch_error(app, id, {{"nick", "a"}}), "none");
    OperationOptions const remote{.is_remote = true};
    EXPECT_THROW(wait_for(app.employees().update_all({}, JsonObject{{"mobile", other_number}}, remote)), Error);
    EXPECT_THROW(wait_for(app.employees().replace_by_id(
                     id, JsonObject{{"email", ann}, {"password", app.password}, {"mobile", other_number}}, remote)),
                 Error);
    EXPECT_EQ((*wait_for(app.employees().find_by_id(id)))["mobile"], Json{number});
    auto const none = app.sign_up({{"email", "bob@x.test"}});
    EXPECT_EQ(patch_error(app, none["id"], {{"mobile", number}}), "401 FACTOR_CHANGE_NOT_ALLOWED");
}

TEST_F(FactorsTest, WithoutThePhoneOptionNoPropertyIsGuarded) {
    TwoFactorApp app{R"({"channels": ["console"]})"};
    auto const user = app.sign_up({{"email", ann}, {"mobile", "1"}});
    EXPECT_EQ(patch(app, user["id"], {{"mobile", "2"}})["mobile"], Json{"2"});
}

TEST_F(FactorsTest, EmailAndUsernameStandFastOnceAFactorIsConfirmed) {
    TwoFactorApp app{only_sms};
    auto const user = app.sign_up({{"email", ann}, {"mobile", number}, {"username", "ann"}});
    app.log_in(ann);
    EXPECT_EQ(patch_error(app, user["id"], {{"email", "eve@x.test"}}), "401 FACTOR_CHANGE_NOT_ALLOWED");
    EXPECT_EQ(patch_error(app, user["id"], {{"username", "eve"}}), "401 FACTOR_CHANGE_NOT_ALLOWED");
    EXPECT_EQ(patch_error(app, user["id"], {{"email", ann}}), "none");
}

TEST_F(FactorsTest, BeforeThatTheirOwnerChangesThemSoonAfterALogin) {
    TwoFactorApp app{R"({"channels": ["console"]})"};
    auto const user = app.sign_up({{"email", ann}, {"username", "ann"}});
    auto const caller = app.caller(app.log_in(ann));
    auto const change = [&](JsonObject data) -> std::string {
        try {
            wait_for(
                app.employees().patch_attributes(user["id"], std::move(data), {.caller = &caller, .is_remote = true}));
        } catch (Error const& error) {
            return error.code;
        }
        return "none";
    };
    EXPECT_EQ(change({{"username", "anna"}}), "none");
    app.clock().advance(300'001);
    EXPECT_EQ(change({{"username", "eve"}}), "STEP_UP_REQUIRED");
    EXPECT_EQ(change({{"email", "eve@x.test"}}), "STEP_UP_REQUIRED");
    EXPECT_EQ(change({{"email", ann}, {"nick", "a"}}), "none");
}

void hand_over(TwoFactorApp& app, Json const& user, auth::Pending pending) {
    auto const account = auth::Account::of("Employee", user["id"]);
    wait_for(app.app.store->write(
        [&](store::Transaction& transaction) { return auth::hand_over(transaction, account, pending); }));
}

TEST_F(FactorsTest, WhatWasConfirmedBeforeTheOwnerOfTheAddressCameIsWorthNothingAfterwards) {
    TwoFactorApp app{only_sms};
    app.throttle.lift();
    auto const user = app.sign_up({{"email", ann}, {"mobile", number}});
    auto const caller = app.caller(app.log_in(ann));
    EXPECT_EQ(app.call("prototype.makeRecoveryCodes", {}, TwoFactorApp::from("198.41.0.4"), caller).status, 200);
    hand_over(app, user, auth::Pending::stay);
    auto const sent = app.sms->messages.size();
    auto const reply = app.request_code(ann);
    EXPECT_EQ(app.sms->messages.size(), sent);
    EXPECT_TRUE(reply.body["enrol"].is_object());
    EXPECT_EQ(app.number("SELECT count(*) FROM sallyport_recovery_codes"), 0);
    EXPECT_EQ(app.number("SELECT count(*) FROM sallyport_devices"), 0);
}

TEST_F(FactorsTest, ANumberThatWasNeverConfirmedGoesWithThemWhereItIsSaid) {
    TwoFactorApp app{only_sms};
    app.throttle.lift();
    auto const user = app.sign_up({{"email", ann}, {"mobile", number}});
    hand_over(app, user, auth::Pending::stay);
    EXPECT_EQ(app.request_code(ann).body["channel"], Json{"sms"});
    hand_over(app, user, auth::Pending::go);
    EXPECT_TRUE(app.request_code(ann).body["enrol"].is_object());
}

}  // namespace
}  // namespace sallyport::methods

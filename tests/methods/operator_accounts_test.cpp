#include "methods/operator_accounts.hpp"

#include "methods/account_app.hpp"
#include "methods/two_factor_app.hpp"
#include "sallyport/one_time_code.hpp"

#include <gtest/gtest.h>

namespace sallyport::methods {
namespace {

Json wanted(std::string who) { return JsonObject{{"who", std::move(who)}}; }

template <class Work>
std::string error_of(Work work) {
    try {
        wait_for(work());
    } catch (Error const& error) {
        return std::to_string(error.status) + " " + error.message;
    }
    return "none";
}

TEST(OperatorAccounts, ADisabledAccountAnswersAsAWrongPasswordAndItsSessionsAreOver) {
    TwoFactorApp app;
    app.sign_up({{"email", ann}});
    auto const token = app.log_in(ann);
    app.clock().advance(60'000);
    auto const first = app.request_code(ann);
    wait_for(disable_account(app.parts, wanted(ann), "tester"));

    EXPECT_FALSE(app.caller(token).is_known());
    auto const second = app.login_with_code(
        {{"email", ann}, {"twofactor", app.console->last_code()}, {"challenge", first.body["challenge"]}});
    EXPECT_EQ(second.status, 401);
    app.clock().advance(60'000);
    auto const refused = app.request_code(ann);
    auto const wrong = app.request_code({{"email", ann}, {"password", "wrong"}});
    EXPECT_EQ(refused.status, 401);
    EXPECT_EQ(refused.message, wrong.message);
    EXPECT_EQ(refused.code, wrong.code);
    EXPECT_EQ(app.console->messages.size(), 2U);

    wait_for(enable_account(app.parts, wanted(ann), "tester"));
    app.clock().advance(60'000);
    EXPECT_EQ(app.request_code(ann).status, 200);
}

TEST(OperatorAccounts, ADisabledAccountOfAPlainUserModelIsOutAsWell) {
    AccountApp app{AccountApp::Mode::strict};
    app.make("Person", ann, "a long enough password");
    auto const token = app.log_in("Person", ann, "a long enough password");
    JsonObject const who{{"model", "Person"}, {"who", ann}};
    wait_for(disable_account(*app.parts().account, Json{who}, "tester"));
    EXPECT_EQ(app.log_in("Person", ann, "a long enough password"), "");
    EXPECT_EQ(app.post("/Person/logout", {}, token).status, 401);
    auto const reset = app.post("/Person/reset", JsonObject{{"email", ann}});
    EXPECT_EQ(reset.status, 204);
    EXPECT_TRUE(app.mail->sent().empty());
}

TEST(OperatorAccounts, ANumberThatNothingSendsCodesToIsNoFactorOfAnAccount) {
    for (auto const& [options, count] : {std::pair{R"({"channels": ["console"], "phone": "mobile"})", 0U},
                                         std::pair{R"({"channels": ["console", "sms"], "phone": "mobile"})", 1U}}) {
        TwoFactorApp app{options};
        auto const id = app.sign_up({{"email", ann}, {"mobile", "+33612345600"}})["id"];
        Caller owner{.user_id = id, .user_model = "Employee"};
        EXPECT_EQ(wait_for(list_accounts(app.parts, Json::object())).as_array()[0]["factors"].as_array().size(), count);
        EXPECT_EQ(app.call("prototype.listFactors", {}, TwoFactorApp::from("198.41.0.4"), owner).body.as_array().size(),
                  count)
            << options;
    }
}

TEST(OperatorAccounts, NoProofMakesATokenForADisabledAccount) {
    TwoFactorApp app;
    auto const id = app.sign_up({{"email", ann}})["id"];
    wait_for(disable_account(app.parts, wanted(ann), "tester"));
    auth::Proof const proofs[] = {
        auth::ProofOf::password("Employee", id),      auth::ProofOf::password_and_code("Employee", id, "sms"),
        auth::ProofOf::enrolment("Employee", id),     auth::ProofOf::password_and_ticket("Employee", id),
        auth::ProofOf::mailed_link("Employee", id),   auth::ProofOf::password_and_enrolled("Employee", id, "sms"),
        auth::ProofOf::operators_link("Employee", id)};
    for (auto const& proof : proofs) {
        auto const mint = [&](store::Transaction& transaction) -> Task<> {
            return [](TwoFactorApp& used, store::Transaction& inside, auth::Proof const& shown) -> Task<> {
                Request const request;
                co_await used.tokens.mint(inside, shown, {}, request);
            }(app, transaction, proof);
        };
        EXPECT_EQ(error_of([&] { return app.app.store->write(mint); }), "401 login failed");
    }
}

TEST(OperatorAccounts, AModelWithoutRoutesGetsNoAccountWhoseLinkOpensNothing) {
    AccountApp app{AccountApp::Mode::strict};
    auto const refused = error_of([&] {
        return add_account_of(*app.parts().account, Json{JsonObject{{"model", "User"}, {"email", ann}}}, "tester");
    });
    EXPECT_TRUE(refused.starts_with("400 User has no routes, so nobody could choose a password by a link: "))
        << refused;
    EXPECT_EQ(app.stored("SELECT count(*) FROM user"), "0");
}

TEST(OperatorAccounts, AnAccountThatIsMadeHasNoPasswordUntilItsOwnerChoosesOne) {
    AccountApp app{AccountApp::Mode::strict};
    JsonObject const asked{{"model", "Guarded"}, {"email", ann}, {"role", "admin"}};
    auto const added = wait_for(add_account_of(*app.parts().account, Json{asked}, "tester"));
    EXPECT_EQ(added["ttl"], Json{900});
    auto const link = to_display(added["link"]);
    std::string const before = "https://company.test/reset-password#token=";
    ASSERT_TRUE(link.starts_with(before) && link.ends_with("&at=/api/Guarded&first=yes")) << link;
    auto const token = link.substr(before.size(), 64);
    auto const chosen =
        app.post("/Guarded/reset-password", JsonObject{{"newPassword", "a long enough password"}}, token);
    EXPECT_EQ(chosen.status, 204) << chosen.text;
    EXPECT_EQ(
        app.post("/Guarded/requestCode", JsonObject{{"email", ann}, {"password", "a long enough password"}}).status,
        200);
    EXPECT_EQ(app.stored("SELECT principaltype || ' ' || principalid FROM rolemapping"), "Guarded 1");
    EXPECT_EQ(app.stored("SELECT name FROM role"), "admin");
    EXPECT_EQ(app.stored("SELECT count(*) FROM sallyport_audit WHERE instr(about || actor || identifier, '" + token +
                         "') > 0"),
              "0");
}

TEST(OperatorAccounts, ATicketLetsTheOwnerOfALostFactorEnrolAnotherWithThePassword) {
    TwoFactorApp app{only_sms};
    app.sign_up({{"email", ann}, {"mobile", "+33612345678"}});
    auto const session = app.log_in(ann);
    auto const ticket = to_display(wait_for(reset_factors(app.parts, wanted(ann), "tester"))["ticket"]);
    JsonObject const with_ticket{{"email", ann}, {"password", app.password}, {"ticket", ticket}};

    EXPECT_TRUE(app.caller(session).is_known()) << "until it is used, nothing has changed";
    EXPECT_EQ(app.request_code({{"email", ann}, {"password", "wrong"}, {"ticket", ticket}}).status, 401);
    auto const first = app.request_code(with_ticket);
    ASSERT_EQ(first.status, 200) << first.message;
    EXPECT_EQ(app.request_code(with_ticket).status, 401) << "good once";
    auto const enrol = app.caller(first.body["enrol"]["id"].as_string());
    auto const added =
        app.call("prototype.addFactor", {{"type", "sms"}, {"phone", "+33612345699"}}, app.from("198.41.0.4"), enrol);
    ASSERT_EQ(added.status, 200) << added.message;
    EXPECT_TRUE(app.caller(session).is_known()) << "nothing is lost before the new number is proven";
    auto const in = app.call("prototype.confirmFactor", {{"fk", added.body["id"]}, {"twofactor", app.sms->last_code()}},
                             app.from("198.41.0.4"), enrol);
    ASSERT_EQ(in.status, 200) << in.message;
    EXPECT_TRUE(app.caller(in.body["id"].as_string()).is_known());
    EXPECT_FALSE(app.caller(session).is_known()) << "whoever has the old factor is out";
}

TEST(OperatorAccounts, WhatWasLostOpensNothingOnceTheTicketsFactorIsProven) {
    TwoFactorApp app{sms_and_totp};
    app.throttle.lift();
    auto const id = app.sign_up({{"email", ann}, {"mobile", "+33612345678"}})["id"];
    app.log_in(ann);
    app.app.store->prepare(
        {{"INSERT INTO sallyport_factors (user_model, user_id, type, target, state, created)"
          " VALUES ('Employee', '1', 'totp', '', 'confirmed', 1)",
          {}},
         {"INSERT INTO sallyport_recovery_codes (user_model, user_id, number, hash) VALUES ('Employee', '1', 0, 'x')",
          {}}});
    auto const ticket = wait_for(reset_factors(app.parts, wanted(ann), "tester"))["ticket"];
    auto const first = app.request_code({{"email", ann}, {"password", app.password}, {"ticket", ticket}});
    auto const enrol = app.caller(first.body["enrol"]["id"].as_string());
    auto const from = app.from("198.41.0.4");
    auto const added = app.call("prototype.addFactor", {{"type", "totp"}}, from, enrol);
    EXPECT_EQ(app.number("SELECT count(*) FROM sallyport_factors WHERE state = 'confirmed'"), 2);
    auto const code = totp(OneTimeSecret::from_base32(added.body["secret"].as_string()), app.clock().now() / 1000);
    auto const in = app.call("prototype.confirmFactor", {{"fk", added.body["id"]}, {"twofactor", code}}, from, enrol);
    ASSERT_EQ(in.status, 200) << in.message;

    EXPECT_EQ(app.number("SELECT count(*) FROM sallyport_factors WHERE state = 'confirmed'"), 1);
    EXPECT_EQ(app.number("SELECT count(*) FROM sallyport_recovery_codes"), 0);
    EXPECT_EQ(app.number("SELECT count(*) FROM employee WHERE mobile IS NOT NULL"), 0);
}

// As in an account that was brought over: the number stands in the record alone.
TEST(OperatorAccounts, ANumberOfTheRecordAloneIsLostToo) {
    TwoFactorApp app{sms_and_totp};
    app.sign_up({{"email", ann}, {"mobile", "+33612345678"}});
    app.app.store->prepare({{"DELETE FROM sallyport_factors", {}}});
    auto const ticket = wait_for(reset_factors(app.parts, wanted(ann), "tester"))["ticket"];
    auto const first = app.request_code({{"email", ann}, {"password", app.password}, {"ticket", ticket}});
    auto const enrol = app.caller(first.body["enrol"]["id"].as_string());
    auto const from = app.from("198.41.0.4");
    auto const added = app.call("prototype.addFactor", {{"type", "totp"}}, from, enrol);
    auto const code = totp(OneTimeSecret::from_base32(added.body["secret"].as_string()), app.clock().now() / 1000);
    ASSERT_EQ(app.call("prototype.confirmFactor", {{"fk", added.body["id"]}, {"twofactor", code}}, from, enrol).status,
              200);
    EXPECT_EQ(to_text(app.request_code(ann).body["channels"]), R"(["totp"])");
}

// Nobody has shown to read the mail.
TEST(OperatorAccounts, AnOperatorsLinkProvesNoAddress) {
    AccountApp app{AccountApp::Mode::strict};
    JsonObject const asked{{"model", "Guarded"}, {"email", ann}};
    auto const link = to_display(wait_for(add_account_of(*app.parts().account, Json{asked}, "tester"))["link"]);
    auto const token = link.substr(link.find("token=") + 6, 64);
    EXPECT_EQ(app.post("/Guarded/reset-password", JsonObject{{"newPassword", "a long enough password"}}, token).status,
              204);
    EXPECT_NE(app.stored("SELECT emailverified FROM guarded"), "1");
}

TEST(OperatorAccounts, AWrongTicketIsAWrongPassword) {
    TwoFactorApp app{only_sms};
    app.throttle.lift();
    app.sign_up({{"email", ann}, {"mobile", "+33612345678"}});
    wait_for(reset_factors(app.parts, wanted(ann), "tester"));
    for (Json const& ticket :
         {Json{""}, Json{"1234-5678-9012-3456-7890-1234"}, Json{1}, Json{JsonArray{}}, Json{true}}) {
        auto const reply = app.request_code({{"email", ann}, {"password", app.password}, {"ticket", ticket}});
        EXPECT_EQ(reply.status, 401) << to_text(ticket);
        EXPECT_EQ(reply.code, "LOGIN_FAILED");
    }
    EXPECT_TRUE(app.sms->messages.empty());
}

TEST(OperatorAccounts, WhereNobodyEnrolsThereIsNothingToReset) {
    TwoFactorApp app;
    app.sign_up({{"email", ann}});
    EXPECT_EQ(error_of([&] { return reset_factors(app.parts, wanted(ann), "tester"); }),
              "400 Employee has no channel whose factors people enrol: nothing to reset");
}

TEST(OperatorAccounts, AddingOneWithARoleIsDoneWholeOrNotAtAll) {
    TwoFactorApp app;
    JsonObject const asked{{"email", ann}, {"role", "admin"}};
    EXPECT_EQ(error_of([&] { return add_account_of(app.parts, Json{asked}, "tester"); }),
              "400 this app keeps no roles: Role and RoleMapping need a data source in server/model-config.json");
    EXPECT_EQ(app.number("SELECT count(*) FROM employee"), 0);

    AccountApp with_roles{AccountApp::Mode::strict};
    JsonObject const other{{"model", "Guarded"}, {"email", ann}, {"role", "admin"}};
    with_roles.change("CREATE TRIGGER t BEFORE INSERT ON rolemapping BEGIN SELECT RAISE(ABORT, 'full'); END");
    EXPECT_NE(error_of([&] { return add_account_of(*with_roles.parts().account, Json{other}, "tester"); }), "none");
    EXPECT_EQ(with_roles.stored("SELECT (SELECT count(*) FROM guarded) || (SELECT count(*) FROM role) ||"
                                " (SELECT count(*) FROM accesstoken)"),
              "000");
    with_roles.change("DROP TRIGGER t");
    wait_for(add_account_of(*with_roles.parts().account, Json{other}, "tester"));
    EXPECT_EQ(with_roles.stored("SELECT group_concat(event, ' ') FROM sallyport_audit"),
              "account.created password.link role.given");
}

TEST(OperatorAccounts, ARoleThatIsDecidedAnewEachTimeIsGivenToNobody) {
    AccountApp app{AccountApp::Mode::strict};
    app.make("Guarded", ann, "a long enough password");
    for (auto const* role : {"$owner", "$everyone", "$authenticated", "$"}) {
        JsonObject const added{{"model", "Guarded"}, {"email", "bob@x.test"}, {"role", role}};
        JsonObject const granted{{"model", "Guarded"}, {"who", ann}, {"role", role}};
        auto& parts = *app.parts().account;
        EXPECT_EQ(error_of([&] { return add_account_of(parts, Json{added}, "tester"); }),
                  "400 name a role, such as admin")
            << role;
        EXPECT_EQ(error_of([&] { return give_role_to(parts, Json{granted}, "tester"); }),
                  "400 name a role, such as admin")
            << role;
    }
    EXPECT_EQ(app.stored("SELECT count(*) FROM guarded"), "1");
}

TEST(OperatorAccounts, AListTellsStateFactorsAndSessionsAndNoSecret) {
    TwoFactorApp app{only_sms};
    app.sign_up({{"email", ann}, {"mobile", "+33612345678"}});
    app.sign_up({{"email", "bob@x.test"}});
    app.log_in(ann);
    wait_for(disable_account(app.parts, wanted("bob@x.test"), "tester"));
    auto const list = wait_for(list_accounts(app.parts, Json::object()));
    ASSERT_EQ(list.as_array().size(), 2U);
    auto const& first = list.as_array()[0];
    EXPECT_EQ(first["email"], Json{ann});
    EXPECT_EQ(first["state"], Json{"enabled"});
    EXPECT_EQ(first["sessions"], Json{1});
    EXPECT_EQ(first["factors"].as_array()[0]["hint"], Json{"+•• ••• ••78"});
    EXPECT_TRUE(first["factors"].as_array()[0]["label"].is_undefined());
    EXPECT_EQ(list.as_array()[1]["state"], Json{"disabled"});
    auto const text = to_text(list);
    for (auto const* secret : {"argon2", "password", "3361234"})
        EXPECT_EQ(text.find(secret), std::string::npos) << secret;
}

TEST(OperatorAccounts, WhatAnOperatorDoesIsInTheAuditTrailUnderItsName) {
    TwoFactorApp app;
    app.sign_up({{"email", ann}});
    wait_for(disable_account(app.parts, wanted(ann), "tester"));
    wait_for(disable_account(app.parts, wanted(ann), "tester"));
    wait_for(enable_account(app.parts, wanted(ann), "tester"));
    EXPECT_EQ(app.number("SELECT count(*) FROM sallyport_audit WHERE event = 'account.disabled' AND actor = 'tester'"),
              1);
    EXPECT_EQ(app.number("SELECT count(*) FROM sallyport_audit WHERE event = 'account.enabled' AND actor = 'tester'"),
              1);
}

}  // namespace
}  // namespace sallyport::methods

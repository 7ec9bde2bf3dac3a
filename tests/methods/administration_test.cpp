#include "methods/administration.hpp"

#include "auth/audit.hpp"
#include "methods/operator_accounts.hpp"
#include "methods/two_factor_app.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace sallyport::methods {
namespace {

auto constexpr boss = "boss@x.test";
auto constexpr with_administration = R"({"channels": ["console"]}, "Administration": {})";

std::vector<std::string> const changes{"administerDisable", "administerEnable", "administerSignOut", "administerTicket",
                                       "administerLift"};
std::vector<std::string> const looks{"administerAccounts", "administerLimits", "administerEvents"};

/// An administrator, who is account 1, and ann, who is account 2.
struct Office : TwoFactorApp {
    explicit Office(std::string const& options = with_administration) : TwoFactorApp{options} {
        sign_up({{"email", boss}, {"mobile", "+33612345601"}});
        sign_up({{"email", ann}});
        administrator = caller(log_in(boss));
    }

    Reply ask(std::string const& method, JsonObject arguments) {
        return call(method, std::move(arguments), from("198.41.0.4"), administrator);
    }

    Caller administrator;
};

std::vector<definition::Rule> rules_of(model::StoredModel const& model, std::string const& method) {
    std::vector<definition::Rule> found;
    for (auto const& rule : model.definition().rules) {
        if (rule.properties == std::vector<std::string>{method}) found.push_back(rule);
    }
    return found;
}

TEST(Administration, RulesLetTheRoleInBehindBothDoorsAndNobodyElse) {
    Office office{R"({"channels": ["console"]}, "Administration": {"role": "support"})"};
    for (auto const* list : {&looks, &changes}) {
        for (auto const& method : *list) {
            auto const rules = rules_of(office.employees(), method);
            ASSERT_EQ(rules.size(), 2U) << method;
            EXPECT_EQ(rules[0].permission + rules[0].principal_id, "DENY$everyone") << method;
            EXPECT_EQ(rules[1].permission + rules[1].principal_id, "ALLOWsupport") << method;
            EXPECT_TRUE(rules[1].second_factor) << method;
            EXPECT_EQ(rules[1].fresh_within_seconds, list == &changes ? 300 : 0) << method;
        }
    }
}

TEST(Administration, NoRuleOfTheAppLetsAPasswordAloneIn) {
    Office office;
    office.administrator.factors = {"password"};
    for (auto const* list : {&looks, &changes}) {
        for (auto const& method : *list) EXPECT_EQ(office.ask(method, {{"id", 2}}).code, "STEP_UP_REQUIRED") << method;
    }
}

TEST(Administration, ListsAccountsByTheBeginningOfWhatTheyAreCalled) {
    Office office;
    office.sign_up({{"email", "anna@x.test"}, {"username", "zoe"}});
    struct Case {
        char const* find;
        std::size_t found;
    };
    for (auto const& [find, found] :
         {Case{"ann", 2}, Case{"ann@", 1}, Case{"zo", 1}, Case{"nn", 0}, Case{"%", 0}, Case{"_nn", 0}}) {
        auto const reply = office.ask("administerAccounts", {{"find", find}});
        EXPECT_EQ(reply.body.as_array().size(), found) << find;
    }
    auto const second = office.ask("administerAccounts", {{"limit", 1}, {"skip", 1}});
    ASSERT_EQ(second.body.as_array().size(), 1U);
    EXPECT_EQ(second.body.as_array()[0]["email"], Json{ann});
}

TEST(Administration, SwitchesAnAccountOffAndOnUnderTheNameOfWhoDoesIt) {
    Office office;
    auto const token = office.log_in(ann);
    EXPECT_EQ(office.ask("administerDisable", {{"id", 2}}).status, 200);
    EXPECT_FALSE(office.caller(token).is_known());
    EXPECT_EQ(office.ask("administerEnable", {{"id", 2}}).body["changed"], Json{true});
    EXPECT_EQ(office.number("SELECT count(*) FROM sallyport_audit WHERE actor = 'Employee 1' AND user_id = '2'"), 2);
}

TEST(Administration, EndsEverySessionOfAnAccountAndItsChallenges) {
    Office office;
    auto const token = office.log_in(ann);
    office.clock().advance(60'000);
    auto const first = office.request_code(ann);
    EXPECT_EQ(office.ask("administerSignOut", {{"id", 2}}).status, 200);
    EXPECT_FALSE(office.caller(token).is_known());
    auto const late = office.login_with_code({{"email", ann}, {"twofactor", office.console->last_code()}});
    EXPECT_EQ(late.status, 401);
    EXPECT_EQ(office.number("SELECT count(*) FROM sallyport_audit WHERE event = 'session.ended' AND user_id = '2'"), 1);
}

auto constexpr with_sms = R"({"channels": ["sms"], "phone": "mobile"}, "Administration": {})";

TEST(Administration, OfATicketItShowsOneHalfAndTheOwnersMailboxHasTheOther) {
    Office office{with_sms};
    auto const reply = office.ask("administerTicket", {{"id", 2}});
    ASSERT_EQ(reply.status, 200) << reply.message;
    ASSERT_EQ(office.email->messages.size(), 1U);
    auto const& mail = office.email->messages[0];
    EXPECT_EQ(mail.to, ann);
    EXPECT_TRUE(mail.text.contains("An administrator made a ticket for this account"));
    auto const first = reply.body["ticket"].as_string();
    auto const second = mail.secret;
    EXPECT_EQ(first.size() + second.size(), 28U);
    EXPECT_TRUE(mail.text.contains(second));
    EXPECT_FALSE(mail.text.contains(first));
    auto const use = [&](std::string const& ticket) {
        return office.request_code({{"email", ann}, {"password", office.password}, {"ticket", ticket}});
    };
    for (auto const& half : {first, second, first + first, second + first}) EXPECT_EQ(use(half).status, 401) << half;
    EXPECT_TRUE(use(first + "-" + second).body["enrol"].is_object());
}

TEST(Administration, WithoutAMailboxThereIsNoTicket) {
    Office office{with_sms};
    office.app.store->prepare({{"UPDATE employee SET email = NULL WHERE id = 2", {}}});
    EXPECT_EQ(office.ask("administerTicket", {{"id", 2}}).code, "NO_MAILBOX");
    office.senders.erase("email");
    EXPECT_EQ(office.ask("administerTicket", {{"id", 2}}).code, "NO_MAIL");
    EXPECT_EQ(office.number("SELECT count(*) FROM sallyport_tickets"), 0);
}

TEST(Administration, NobodyDoesItToTheirOwnAccount) {
    Office office;
    for (auto const* method : {"administerDisable", "administerSignOut", "administerTicket"}) {
        EXPECT_EQ(office.ask(method, {{"id", 1}}).code, "OWN_ACCOUNT") << method;
        EXPECT_EQ(office.ask(method, {{"id", "1"}}).code, "OWN_ACCOUNT") << method;
    }
}

TEST(Administration, AnIdOfTheirOwnIsOneHoweverItIsSpelt) {
    Office office;
    for (auto const* id : {"01", " 1", "1.0", "1e0", "+1", "0x1", "0b1"}) {
        auto const reply = office.ask("administerTicket", {{"id", id}});
        EXPECT_TRUE(reply.code == "OWN_ACCOUNT" || reply.code == "MODEL_NOT_FOUND") << id << reply.code;
        EXPECT_NE(office.ask("administerDisable", {{"id", id}}).status, 200) << id;
    }
    EXPECT_EQ(office.ask("administerDisable", {{"id", "01"}}).code, "OWN_ACCOUNT");
    EXPECT_EQ(office.ask("administerLift", {{"who", boss}}).code, "OWN_ACCOUNT");
    EXPECT_EQ(office.ask("administerLift", {{"who", "1"}}).code, "OWN_ACCOUNT");
    EXPECT_EQ(office.ask("administerLift", {{"id", 1}}).code, "OWN_ACCOUNT");
    EXPECT_EQ(office.ask("administerLift", {{"who", boss}, {"id", 1}}).code, "OWN_ACCOUNT");
    EXPECT_EQ(office.ask("administerLift", {{"who", ann}}).status, 200);
    EXPECT_EQ(office.ask("administerLift", {{"who", "nobody@x.test"}}).status, 200);
}

TEST(Administration, IsForAccountsOfItsOwnModelOnly) {
    Office office;
    office.administrator.user_model = "Customer";
    for (auto const* list : {&looks, &changes}) {
        for (auto const& method : *list) EXPECT_EQ(office.ask(method, {{"id", 2}}).code, "ACCESS_DENIED") << method;
    }
}

TEST(Administration, WhatChangesSomethingNeedsARecentCodeWhateverTheRules) {
    Office office;
    office.clock().advance(300'001);
    JsonObject const whom{{"id", 2}, {"who", ann}};
    for (auto const& method : looks) EXPECT_EQ(office.ask(method, {}).status, 200) << method;
    for (auto const& method : changes) EXPECT_EQ(office.ask(method, whom).code, "STEP_UP_REQUIRED") << method;
}

// Their session was looked at before the other administrator's change was there.
TEST(Administration, WhoIsDisabledMeanwhileChangesNothing) {
    Office office{with_sms};
    wait_for(disable_account(office.parts, JsonObject{{"who", boss}}, "tester"));
    for (auto const* method : {"administerDisable", "administerEnable", "administerSignOut", "administerTicket"})
        EXPECT_EQ(office.ask(method, {{"id", 2}}).code, "AUTHORIZATION_REQUIRED") << method;
}

TEST(Administration, LimitsOfModelsThatItDoesNotAdministerAreNotShown) {
    Office office;
    auto const fill = [&](std::string const& key) {
        office.app.store->prepare(
            {{"INSERT INTO sallyport_failures (key, n, last_at) VALUES (?1, 9, ?2)", {key, office.clock().now()}}});
    };
    fill("password:Employee:aa");
    fill("password:User:bb");
    auto const shown = to_text(office.ask("administerLimits", {}).body);
    EXPECT_TRUE(shown.contains("password:Employee:aa")) << shown;
    EXPECT_FALSE(shown.contains("password:User:bb")) << shown;
}

TEST(Administration, AnIdNamesAnAccountWhateverOthersChoseAsUsername) {
    Office office;
    office.sign_up({{"email", "carl@x.test"}});
    office.app.store->prepare({{"UPDATE employee SET username = '2' WHERE email = 'carl@x.test'", {}}});
    EXPECT_EQ(office.ask("administerDisable", {{"id", 2}}).body["email"], Json{ann});
    EXPECT_EQ(office.ask("administerDisable", {{"id", "carl@x.test"}}).status, 404);
    EXPECT_EQ(office.ask("administerDisable", {{"id", JsonObject{}}}).status, 404);
}

TEST(Administration, LimitsAndEventsAreAskedByIdToo) {
    Office office;
    auto const by_id = office.ask("administerEvents", {{"id", "2"}, {"who", "whatever they are called"}}).body;
    EXPECT_EQ(by_id, office.ask("administerEvents", {{"who", ann}}).body);
    EXPECT_FALSE(by_id.as_array().empty());
    EXPECT_EQ(office.ask("administerEvents", {{"id", "999"}}).status, 404);
    for (int i = 0; i < 5; ++i) office.request_code({{"email", ann}, {"password", "wrong"}});
    EXPECT_EQ(office.ask("administerLimits", {{"id", "2"}}).body.as_array().size(), 1U);
    EXPECT_EQ(office.ask("administerLimits", {{"id", "999"}}).status, 404);
    EXPECT_EQ(office.ask("administerLift", {{"id", 2}}).body["lifted"], Json{1});
}

TEST(Administration, IsOverTheModelsNamedAndNoOther) {
    Office office;
    for (auto const* method : {"administerAccounts", "administerEvents", "administerDisable"}) {
        auto const reply = office.ask(method, {{"model", "User"}, {"id", 2}});
        EXPECT_EQ(reply.code, "UNKNOWN_MODEL") << method;
        EXPECT_EQ(reply.message, "`model` has to be one of: Employee.");
    }
}

TEST(Administration, EventsAreThoseOfTheAccountsAdministered) {
    Office office;
    wait_for(office.app.store->write([](store::Transaction& transaction) -> Task<> {
        auth::Account const other{"Customer", "7"};
        co_await auth::record(transaction, {.name = "account.created", .account = other}, 0);
    }));
    auto const events = office.ask("administerEvents", {}).body;
    EXPECT_GT(events.as_array().size(), 2U);
    EXPECT_TRUE(
        std::ranges::all_of(events.as_array(), [](Json const& event) { return event["model"] == Json{"Employee"}; }));
    EXPECT_EQ(office.ask("administerEvents", {{"who", ann}, {"event", "account."}}).body.as_array().size(), 1U);
}

TEST(Administration, LimitsOfSomebodyAreSeenAndLifted) {
    Office office;
    for (int i = 0; i < 5; ++i) office.request_code({{"email", ann}, {"password", "wrong"}});
    EXPECT_EQ(office.request_code(ann).status, 429);
    EXPECT_EQ(office.ask("administerLimits", {{"who", ann}}).body.as_array().size(), 1U);
    EXPECT_EQ(office.ask("administerLift", {{"who", ann}}).body["lifted"], Json{1});
    EXPECT_EQ(office.ask("administerLift", {}).status, 400);
    EXPECT_EQ(office.request_code(ann).status, 200);
}

}  // namespace
}  // namespace sallyport::methods

#include "methods/email_change.hpp"

#include "methods/operator_accounts.hpp"
#include "methods/two_factor_app.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <thread>

namespace sallyport::methods {
namespace {

auto constexpr ann_new = "ann@new.test";

class EmailChangeTest : public testing::Test {
protected:
    void SetUp() override {
        app.throttle.lift();
        id = app.sign_up({{"email", ann}})["id"];
        app.app.store->prepare({{"UPDATE employee SET emailverified = 1", {}}});
        token = app.log_in(ann);
        app.email->messages.clear();
    }

    Reply as_ann(std::string const& method, JsonObject arguments = {}) {
        return app.call(method, std::move(arguments), app.from("198.41.0.4"), app.caller(token));
    }
    Reply ask(std::string const& address = ann_new) { return as_ann("prototype.changeEmail", {{"email", address}}); }
    Reply open(std::string const& method, Json link) { return app.call(method, {{"token", std::move(link)}}); }
    Reply agree(Json link) { return open("agreeToEmailChange", std::move(link)); }
    Reply refuse(Json link) { return open("refuseEmailChange", std::move(link)); }

    /// The newest link that went there; "" for none.
    std::string link_to(std::string const& address) {
        for (auto i = app.email->messages.rbegin(); i != app.email->messages.rend(); ++i) {
            if (i->to == address && !i->secret.empty()) return i->secret;
        }
        return {};
    }
    std::string stored() {
        std::string text;
        app.app.store->inspect({"SELECT email || ' ' || emailverified FROM employee WHERE id = 1", {}},
                               [&](store::Row const& row) { text = row.text(0); });
        return text;
    }
    std::int64_t waiting() { return app.number("SELECT count(*) FROM sallyport_email_changes"); }
    std::int64_t events(std::string const& name) {
        return app.number("SELECT count(*) FROM sallyport_audit WHERE event = '" + name + "'");
    }

    TwoFactorApp app{R"({"channels": ["console", "totp"]})"};
    Json id;
    std::string token;
};

TEST_F(EmailChangeTest, OnlyBothMailboxesTogetherChangeIt) {
    auto const asked = ask();
    ASSERT_EQ(asked.status, 200) << asked.message;
    EXPECT_EQ(asked.body["email"], Json{ann});
    EXPECT_EQ(asked.body["pending"]["email"], Json{ann_new});
    EXPECT_EQ(asked.body["pending"]["newAgreed"], Json{false});
    EXPECT_EQ(asked.body["pending"]["oldAgreed"], Json{false});

    auto const first = agree(link_to(ann_new));
    EXPECT_EQ(first.body["changed"], Json{false});
    EXPECT_EQ(first.body["waitingFor"], Json{"old"});
    EXPECT_EQ(agree(link_to(ann_new)).body["changed"], Json{false}) << "one mailbox is not two";
    EXPECT_EQ(stored(), "ann@x.test 1");

    EXPECT_EQ(agree(link_to(ann)).body["changed"], Json{true});
    EXPECT_EQ(stored(), "ann@new.test 1");
    EXPECT_EQ(events("email.asked"), 1);
    EXPECT_EQ(events("email.changed"), 1);
    EXPECT_EQ(waiting(), 0);
}

TEST_F(EmailChangeTest, TheOrderDoesNotMatter) {
    ask();
    EXPECT_EQ(agree(link_to(ann)).body["waitingFor"], Json{"new"});
    EXPECT_EQ(agree(link_to(ann_new)).body["changed"], Json{true});
    EXPECT_EQ(stored(), "ann@new.test 1");
}

TEST_F(EmailChangeTest, TheLinksArePastAndBothAddressesAreTold) {
    ask();
    auto const to_old = link_to(ann);
    auto const to_new = link_to(ann_new);
    agree(to_old);
    agree(to_new);
    for (auto const& link : {to_old, to_new}) {
        EXPECT_EQ(agree(link).code, "INVALID_TOKEN");
        EXPECT_EQ(refuse(link).code, "INVALID_TOKEN");
    }
    auto const& sent = app.email->messages;
    ASSERT_EQ(sent.size(), 4U);
    EXPECT_EQ(std::ranges::count(sent, std::string{ann}, &Message::to), 2);
    EXPECT_EQ(std::ranges::count(sent, std::string{ann_new}, &Message::to), 2);
    EXPECT_EQ(std::ranges::count(sent, Message::Kind::notice, &Message::kind), 2);
}

// Whoever asked for it may be who the sessions are ended against.
TEST_F(EmailChangeTest, EndsWithTheSessionThatAskedWhoeverEndsIt) {
    auto const other = [&] {
        app.clock().advance(60'000);
        return app.caller(app.log_in(ann, app.from("198.41.0.9")));
    };
    auto const by_owner = [&](std::string const& method, JsonObject arguments = {}) {
        EXPECT_EQ(app.call(method, std::move(arguments), app.from("198.41.0.9"), other()).status, 200) << method;
    };
    std::vector<std::pair<char const*, std::function<void()>>> const ends{
        {"all others end", [&] { by_owner("prototype.endSessions"); }},
        {"that one ends", [&] { by_owner("prototype.endSession", {{"fk", auth::stored_id(token).substr(7, 8)}}); }},
        {"a ticket", [&] { wait_for(reset_factors(app.parts, JsonObject{{"who", ann}}, "tester")); }},
        {"an operator", [&] { wait_for(sign_out_account(app.parts, JsonObject{{"who", ann}}, "tester")); }}};
    for (auto const& [name, end] : ends) {
        app.clock().advance(60'000);
        token = app.log_in(ann);
        ASSERT_EQ(ask().status, 200) << name;
        end();
        EXPECT_EQ(waiting(), 0) << name;
        EXPECT_EQ(agree(link_to(ann_new)).code, "INVALID_TOKEN") << name;
    }
}

TEST_F(EmailChangeTest, EndsWhereTheSessionIsGivenUpForANewOne) {
    ask();
    app.clock().advance(60'000);
    auto const from = app.from("198.41.0.4");
    ASSERT_EQ(app.request_code(ann, from).status, 200);
    EXPECT_EQ(
        app.login_with_code({{"email", ann}, {"twofactor", app.console->last_code()}}, from, app.caller(token)).status,
        200);
    EXPECT_EQ(waiting(), 0);
}

TEST_F(EmailChangeTest, OutlivesTheEndOfOtherSessions) {
    ask();
    EXPECT_EQ(as_ann("prototype.endSessions").status, 200);
    EXPECT_EQ(waiting(), 1);
}

TEST_F(EmailChangeTest, TheChangeEndsEverySessionButTheOneThatAsked) {
    app.clock().advance(60'000);
    auto const other = app.log_in(ann, app.from("198.41.0.9"));
    ask();
    auto const pending_code = app.request_code(ann, app.from("198.41.0.9"));
    agree(link_to(ann));
    EXPECT_TRUE(app.caller(other).is_known()) << "nothing has changed yet";
    agree(link_to(ann_new));
    EXPECT_TRUE(app.caller(token).is_known());
    EXPECT_FALSE(app.caller(other).is_known());
    EXPECT_EQ(app.number("SELECT count(*) FROM sallyport_challenges WHERE consumed_at IS NULL"), 0);
    EXPECT_EQ(app.request_code(ann).status, 401);
    app.clock().advance(60'000);
    EXPECT_NE(app.log_in(ann_new), "");
}

TEST_F(EmailChangeTest, NoLinkStandsInTheDatabase) {
    ask();
    for (auto const& link : {link_to(ann), link_to(ann_new)}) {
        EXPECT_EQ(app.number("SELECT count(*) FROM sallyport_email_changes WHERE to_new LIKE '%" + link +
                             "%' OR to_old LIKE '%" + link + "%'"),
                  0);
    }
    EXPECT_EQ(app.number("SELECT count(*) FROM sallyport_email_changes WHERE to_new LIKE 'sha256:%'"), 1);
}

TEST_F(EmailChangeTest, NeedsASecondFactorOfTheLastFiveMinutes) {
    app.clock().advance(300'001);
    for (auto const* method : {"prototype.changeEmail", "prototype.changeUsername"}) {
        auto const refused = as_ann(method, {{"email", ann_new}, {"username", "ann"}});
        EXPECT_EQ(refused.status, 401);
        EXPECT_EQ(refused.code, "STEP_UP_REQUIRED");
    }
    EXPECT_EQ(waiting(), 0);
    EXPECT_TRUE(app.email->messages.empty());
}

TEST_F(EmailChangeTest, IsTheOwnersAlone) {
    app.sign_up({{"email", "bob@x.test"}});
    app.clock().advance(60'000);
    auto const bob = app.caller(app.log_in("bob@x.test"));
    for (auto const* method : {"prototype.showEmail", "prototype.changeEmail", "prototype.cancelEmailChange",
                               "prototype.changeUsername", "prototype.listEvents", "prototype.exportAccount"}) {
        EXPECT_EQ(
            app.call(method, {{"id", id}, {"email", ann_new}, {"username", "x"}}, app.from("198.41.0.4"), bob).status,
            401)
            << method;
    }
    EXPECT_EQ(waiting(), 0);
}

TEST_F(EmailChangeTest, AnAddressThatIsTakenIsAnsweredLikeAnyOtherAndItsOwnerIsTold) {
    app.sign_up({{"email", "bob@x.test"}});
    auto const free = ask();
    app.email->messages.clear();
    auto const taken = ask("bob@x.test");
    EXPECT_EQ(taken.status, free.status);
    auto same = taken.body;
    same["pending"].as_object().set("email", ann_new);
    EXPECT_EQ(to_text(same), to_text(free.body));
    EXPECT_EQ(link_to("bob@x.test"), "");
    EXPECT_EQ(std::ranges::count(app.email->messages, std::string{"bob@x.test"}, &Message::to), 1);
    EXPECT_NE(link_to(ann), "") << "nor does the asker's own mailbox tell";
    EXPECT_EQ(agree(link_to(ann)).body["waitingFor"], Json{"new"});
    EXPECT_EQ(stored(), "ann@x.test 1");
}

TEST_F(EmailChangeTest, AnAddressThatWasTakenInBetweenIsNotGiven) {
    ask();
    agree(link_to(ann));
    app.sign_up({{"email", ann_new}});
    EXPECT_EQ(agree(link_to(ann_new)).code, "EMAIL_TAKEN");
    EXPECT_EQ(stored(), "ann@x.test 1");
    EXPECT_EQ(waiting(), 0);
}

TEST_F(EmailChangeTest, WhereNobodyHasShownToReadTheOldAddressTheNewOneSuffices) {
    app.app.store->prepare({{"UPDATE employee SET emailverified = 0", {}}});
    EXPECT_EQ(ask().body["pending"]["oldAgreed"], Json{true});
    EXPECT_NE(link_to(ann), "") << "it is told, and may refuse";
    EXPECT_EQ(agree(link_to(ann)).body["changed"], Json{false});
    EXPECT_EQ(agree(link_to(ann_new)).body["changed"], Json{true});
    EXPECT_EQ(stored(), "ann@new.test 1");
}

TEST_F(EmailChangeTest, RefusedFromTheOldMailboxItIsOverAndSoIsEverySession) {
    ask();
    agree(link_to(ann_new));
    EXPECT_EQ(refuse(link_to(ann)).status, 200);
    EXPECT_EQ(agree(link_to(ann)).code, "INVALID_TOKEN");
    EXPECT_FALSE(app.caller(token).is_known());
    EXPECT_EQ(stored(), "ann@x.test 1");
    EXPECT_EQ(events("email.refused"), 1);
}

TEST_F(EmailChangeTest, RefusedFromTheNewMailboxItIsOverAndNothingElse) {
    ask();
    EXPECT_EQ(refuse(link_to(ann_new)).status, 200);
    EXPECT_EQ(agree(link_to(ann)).code, "INVALID_TOKEN");
    EXPECT_TRUE(app.caller(token).is_known());
}

TEST_F(EmailChangeTest, OnlyTheNewestChangeOfAnAccountCounts) {
    ask();
    auto const earlier = link_to(ann_new);
    ask("ann@third.test");
    EXPECT_EQ(agree(earlier).code, "INVALID_TOKEN");
    EXPECT_EQ(waiting(), 1);
    agree(link_to(ann));
    agree(link_to("ann@third.test"));
    EXPECT_EQ(stored(), "ann@third.test 1");
}

TEST_F(EmailChangeTest, ALinkDiesWithItsDay) {
    ask();
    app.clock().advance(86'400'000);
    EXPECT_EQ(agree(link_to(ann_new)).code, "INVALID_TOKEN");
    EXPECT_EQ(refuse(link_to(ann)).code, "INVALID_TOKEN");
}

TEST_F(EmailChangeTest, IsCancelledByItsOwnerAndShownUntilThen) {
    ask();
    EXPECT_EQ(as_ann("prototype.showEmail").body["pending"]["email"], Json{ann_new});
    as_ann("prototype.cancelEmailChange");
    EXPECT_TRUE(as_ann("prototype.showEmail").body["pending"].is_undefined());
    EXPECT_EQ(agree(link_to(ann_new)).code, "INVALID_TOKEN");
}

TEST_F(EmailChangeTest, IsOverWithANewPasswordADisabledAccountOrTheAccountsEnd) {
    ask();
    auto const caller = app.caller(token);
    wait_for(app.employees().patch_attributes(id, JsonObject{{"password", "another long password"}},
                                              {.caller = &caller, .set_password = true}));
    EXPECT_EQ(waiting(), 0);
    ask();
    wait_for(disable_account(app.parts, JsonObject{{"who", ann}}, "tester"));
    EXPECT_EQ(waiting(), 0);
    wait_for(enable_account(app.parts, JsonObject{{"who", ann}}, "tester"));
    app.app.store->prepare(
        {{"INSERT INTO sallyport_email_changes VALUES ('Employee', '1', 'a', '', 'b', 'c', 0, 0, 0, 9)", {}}});
    wait_for(app.employees().delete_by_id(id));
    EXPECT_EQ(waiting(), 0);
}

TEST_F(EmailChangeTest, WhatIsNoAddressOrNotAnotherIsRefused) {
    for (Json const& address : {Json{}, Json{1}, Json{"ann"}, Json{"ann@x.test\r\nBcc: eve@x.test"}}) {
        EXPECT_EQ(as_ann("prototype.changeEmail", {{"email", address}}).code, "INVALID_EMAIL") << to_text(address);
    }
    EXPECT_EQ(ask(ann).code, "SAME_EMAIL");
    EXPECT_EQ(waiting(), 0);
}

TEST_F(EmailChangeTest, WhatIsNoLinkIsOneThatDoesNotWork) {
    ask();
    for (Json const& link : {Json{}, Json{""}, Json{1}, Json{"x"}, Json{JsonArray{}}}) {
        EXPECT_EQ(agree(link).code, "INVALID_TOKEN") << to_text(link);
        EXPECT_EQ(refuse(link).code, "INVALID_TOKEN") << to_text(link);
    }
    EXPECT_EQ(waiting(), 1);
}

TEST_F(EmailChangeTest, OfLinksOpenedByManyAtOnceOneChangesIt) {
    ask();
    auto const to_old = link_to(ann);
    auto const to_new = link_to(ann_new);
    std::atomic<int> changed = 0;
    {
        std::vector<std::jthread> readers;
        for (int i = 0; i < 16; ++i) {
            readers.emplace_back([&, link = i % 2 == 0 ? to_old : to_new] {
                if (auto const reply = agree(link); reply.body["changed"] == Json{true}) ++changed;
            });
        }
    }
    EXPECT_EQ(changed, 1);
    EXPECT_EQ(events("email.changed"), 1);
    EXPECT_EQ(stored(), "ann@new.test 1");
}

TEST_F(EmailChangeTest, OneWhoAgreesAndOneWhoRefusesAtOnceDoNotBothWin) {
    for (int round = 0; round < 20; ++round) {
        app.app.store->prepare({{"UPDATE employee SET email = 'ann@x.test', emailverified = 1", {}}});
        wait_for(app.app.store->write([&](store::Transaction& transaction) -> Task<> {
            return [](store::Transaction& inside) -> Task<> {
                co_await inside.run({"DELETE FROM sallyport_email_changes", {}});
            }(transaction);
        }));
        app.clock().advance(60'000);
        token = app.log_in(ann);
        ask();
        agree(link_to(ann));
        auto const to_agree = link_to(ann_new);
        auto const to_refuse = link_to(ann);
        bool is_changed = false;
        bool is_refused = false;
        {
            std::jthread const one{[&] { is_changed = agree(to_agree).status == 200; }};
            std::jthread const other{[&] { is_refused = refuse(to_refuse).status == 200; }};
        }
        EXPECT_NE(is_changed, is_refused);
        EXPECT_EQ(stored(), is_changed ? "ann@new.test 1" : "ann@x.test 1");
    }
}

TEST_F(EmailChangeTest, AUsernameChangesAtOnceAndItsOwnerIsTold) {
    auto const changed = as_ann("prototype.changeUsername", {{"username", "ann"}});
    EXPECT_EQ(changed.status, 200) << changed.message;
    EXPECT_EQ(changed.body["username"], Json{"ann"});
    EXPECT_TRUE(changed.body["password"].is_undefined());
    EXPECT_EQ(events("username.changed"), 1);
    EXPECT_EQ(app.email->messages.size(), 1U);
    app.sign_up({{"email", "bob@x.test"}, {"username", "bob"}});
    EXPECT_EQ(as_ann("prototype.changeUsername", {{"username", "bob"}}).status, 422);
    EXPECT_EQ(as_ann("prototype.changeUsername", {{"username", ""}}).code, "INVALID_USERNAME");
    EXPECT_EQ(as_ann("prototype.changeUsername", {{"username", 5}}).code, "INVALID_USERNAME");
}

TEST(EmailChangeLimits, ThreeMailsInAQuarterOfAnHourAreEnough) {
    TwoFactorApp app;
    app.sign_up({{"email", ann}});
    auto const caller = app.caller(app.log_in(ann));
    auto const ask = [&](std::string address) {
        return app.call("prototype.changeEmail", {{"email", std::move(address)}}, app.from("198.41.0.4"), caller)
            .status;
    };
    for (auto const* address : {"a@new.test", "b@new.test", "c@new.test"}) EXPECT_EQ(ask(address), 200);
    EXPECT_EQ(ask("d@new.test"), 429);
}

TEST(EmailChangeLimits, ManyAccountsTogetherDoNotFloodAnAddress) {
    TwoFactorApp app;
    for (int i = 0; i < 5; ++i) {
        auto const email = "p" + std::to_string(i) + "@x.test";
        app.sign_up({{"email", email}});
        auto const peer = app.from("198.41.0." + std::to_string(i));
        auto const caller = app.caller(app.log_in(email, peer));
        EXPECT_EQ(app.call("prototype.changeEmail", {{"email", "victim@x.test"}}, peer, caller).status, 200);
    }
    EXPECT_EQ(std::ranges::count(app.email->messages, std::string{"victim@x.test"}, &Message::to), 3);
}

}  // namespace
}  // namespace sallyport::methods

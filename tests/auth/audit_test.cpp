#include "auth/audit.hpp"

#include "auth/auth_store.hpp"

#include <gtest/gtest.h>

namespace sallyport::auth {
namespace {

class AuditTest : public testing::Test {
protected:
    std::int64_t add(std::string name, std::string user = "1", std::string identifier = "") {
        return db.write([&](store::Transaction& transaction) {
            return record(transaction,
                          {.name = name,
                           .account = {"Employee", user},
                           .identifier = identifier,
                           .source = {"198.41.0.0/24", "test"}},
                          db.clock.now());
        });
    }
    std::vector<Json> events(EventFilter const& filter = {}) {
        std::vector<Json> found;
        db.store().inspect(select_events(filter), [&](store::Row const& row) { found.push_back(read_event(row)); });
        return found;
    }
    std::string names(EventFilter const& filter = {}) {
        std::string text;
        for (auto const& event : events(filter)) text += to_display(event["event"]) + " ";
        return text;
    }

    AuthStore db;
};

TEST_F(AuditTest, AnEventTellsWhatWhoWhenAndFromWhere) {
    add("code");
    EXPECT_EQ(to_text(events().front()),
              R"({"at":"2015-06-01T10:00:00.000Z","event":"code","outcome":"done","model":"Employee","userId":1,)"
              R"("network":"198.41.0.0/24","agent":"test"})");
}

TEST_F(AuditTest, TheNewestComeFirstAndFiltersJoin) {
    add("password");
    add("session.begun", "2");
    add("session.ended", "2");
    add("password", "", "tag");
    EXPECT_EQ(names(), "password session.ended session.begun password ");
    EXPECT_EQ(names({.account = Account{"Employee", "2"}}), "session.ended session.begun ");
    EXPECT_EQ(names({.account = Account{"Customer", "2"}}), "");
    EXPECT_EQ(names({.name = "session."}), "session.ended session.begun ");
    EXPECT_EQ(names({.account = Account{"Employee", "2"}, .name = "session.b"}), "session.begun ");
    EXPECT_EQ(names({.identifier = "tag"}), "password ");
    EXPECT_EQ(names({.limit = 1}), "password ");
    db.clock.advance(1000);
    add("code");
    EXPECT_EQ(names({.since = db.clock.now()}), "code ");
}

// However often somebody signs in and out, what was done to accounts stays to be read.
TEST_F(AuditTest, WhatLastsIsNotPushedOutByWhatPasses) {
    add("role.given");
    add("session.ended");
    db.write([&](store::Transaction& transaction) {
        return record(transaction, {.name = "session.ended", .account = {"Employee", "1"}, .actor = "Employee 2"},
                      db.clock.now());
    });
    db.store().prepare({{"UPDATE sqlite_sequence SET seq = 500003 WHERE name = 'sallyport_audit'", {}}});
    add("session.begun");
    add("account.disabled");
    EXPECT_EQ(names(), "account.disabled session.begun session.ended role.given ");
    db.clock.advance(audit_kept_ms + 1);
    add("role.taken");
    EXPECT_EQ(names(), "role.taken session.begun ");
}

TEST_F(AuditTest, WhatWasRefusedUntilItWasKnownCanBeSettled) {
    auto const id = db.write([&](store::Transaction& transaction) {
        return record(transaction, {.name = "password", .outcome = Event::Outcome::refused}, db.clock.now());
    });
    EXPECT_EQ(to_display(events().front()["outcome"]), "refused");
    db.write([&](store::Transaction& transaction) { return settle(transaction, id); });
    EXPECT_EQ(to_display(events().front()["outcome"]), "done");
}

TEST_F(AuditTest, WhatIsOlderThanAYearGoesEightAtATime) {
    for (int i = 0; i < 20; ++i) add("old");
    db.clock.advance(366LL * 86'400'000);
    add("new");
    EXPECT_EQ(db.number("SELECT count(*) FROM sallyport_audit WHERE event = 'old'"), 12);
    add("new");
    add("new");
    EXPECT_EQ(names(), "new new new ");
}

TEST_F(AuditTest, OnlyTheNewestHalfMillionAreKept) {
    add("first");
    db.store().prepare({{"UPDATE sqlite_sequence SET seq = 500001 WHERE name = 'sallyport_audit'", {}}});
    add("later");
    EXPECT_EQ(names(), "later ");
}

}  // namespace
}  // namespace sallyport::auth

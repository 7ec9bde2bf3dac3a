#include "auth/limit_report.hpp"

#include "auth/auth_store.hpp"
#include "auth/throttle.hpp"

#include <gtest/gtest.h>

namespace sallyport::auth {
namespace {

class LimitReportTest : public testing::Test {
protected:
    void take(std::string key, int times, std::int64_t most = 5) {
        for (int i = 0; i < times; ++i) {
            db.write([&](store::Transaction& transaction) {
                return throttle.take(transaction, {{.key = key, .window_seconds = 3600, .limit = most}});
            });
        }
    }
    void fail(std::string const& key, int times) {
        for (int i = 0; i < times; ++i) {
            db.write([&](store::Transaction& transaction) { return throttle.password_failed(transaction, key); });
        }
    }
    std::string shown(LimitSubject subject = {}) {
        std::string text;
        for (auto const& limit : wait_for(limits_of(db.store(), std::move(subject), db.clock.now())).as_array()) {
            text += to_display(limit["limit"]) + "=" + to_display(limit["count"]) + " ";
        }
        return text;
    }
    std::int64_t lift(LimitSubject subject) {
        return db.write([&](store::Transaction& transaction) { return lift_limits(transaction, subject); });
    }

    AuthStore db;
    Throttle throttle{db.keys, db.clock};
};

TEST_F(LimitReportTest, AgainstNobodyInParticularOnlyWhatIsFullIsShown) {
    take("send:account:Employee:1", 5);
    take("send:account:Employee:2", 4);
    fail("password:Employee:aa", 5);
    fail("password:Employee:bb", 4);
    EXPECT_EQ(shown(), "send:account:Employee:1=5 password:Employee:aa=5 ");
}

TEST_F(LimitReportTest, ASubjectSeesItsOwnAndNothingElse) {
    struct Row {
        LimitSubject subject;
        std::string_view seen;
    };
    take("send:account:Employee:1", 2);
    take("send:account:Employee:11", 1);
    take("send:account:Customer:1", 1);
    take("codes:device:abc:Employee:1", 1);
    take("mail:reset:Employee:account:1", 1);
    take("try:address:198.41.0.4/32", 1);
    take("try:network:198.41.0.0/24", 1);
    take("try:address:198.41.0.44/32", 1);
    take("send:number:nn", 1);
    take("send:prefix:+336123", 1);
    fail("password:Employee:aa", 1);
    Row const rows[] = {
        {{.account = Account{"Employee", "1"}},
         "send:account:Employee:1=2 codes:device:abc:Employee:1=1 mail:reset:Employee:account:1=1 "},
        {{.model = "Employee", .identifiers = {"aa"}}, "password:Employee:aa=1 "},
        {{.model = "Customer", .identifiers = {"aa"}}, ""},
        {{.address = "198.41.0.4"}, "try:address:198.41.0.4/32=1 try:network:198.41.0.0/24=1 "},
        {{.number = "nn"}, "send:number:nn=1 "},
        {{.range = "+336123"}, "send:prefix:+336123=1 "},
        {{.range = "+336"}, ""},
    };
    for (auto const& row : rows) EXPECT_EQ(shown(row.subject), row.seen);
}

TEST_F(LimitReportTest, WhatIsLiftedIsForgottenAndNothingElseIs) {
    take("send:account:Employee:1", 5);
    take("send:account:Employee:2", 5);
    fail("password:Employee:aa", 7);
    db.store().prepare({{"INSERT INTO sallyport_counters VALUES ('Employee', '1', 'sms', 50, 1)", {}},
                        {"INSERT INTO sallyport_prefixes VALUES ('+336123', 0, 0, 0, 99999999999999)", {}}});
    EXPECT_EQ(lift({.account = Account{"Employee", "1"}, .model = "Employee", .identifiers = {"aa"}}), 3);
    EXPECT_EQ(shown(), "send:account:Employee:2=5 stopped range:+336123=undefined ");
    EXPECT_EQ(lift({.range = "+336123"}), 1);
    EXPECT_EQ(shown(), "send:account:Employee:2=5 ");
}

TEST_F(LimitReportTest, AWindowThatIsOverCountsNoMore) {
    take("send:account:Employee:1", 5);
    db.clock.advance(3600'000);
    EXPECT_EQ(shown(), "");
    EXPECT_EQ(shown({.account = Account{"Employee", "1"}}), "");
}

}  // namespace
}  // namespace sallyport::auth

#include "auth/throttle.hpp"

#include "auth/attempt.hpp"
#include "auth/auth_store.hpp"

#include <gtest/gtest.h>

namespace sallyport::auth {
namespace {

class ThrottleTest : public testing::Test {
protected:
    std::int64_t take(std::vector<Limit> limits) {
        return db.write([&](store::Transaction& transaction) { return throttle.take(transaction, limits); });
    }
    std::int64_t wait_for_password() {
        return db.write([&](store::Transaction& transaction) { return throttle.password_wait(transaction, "k"); });
    }
    void fail() {
        db.write([&](store::Transaction& transaction) { return throttle.password_failed(transaction, "k"); });
    }

    AuthStore db;
    Throttle throttle{db.keys, db.clock};
};

TEST_F(ThrottleTest, ALimitHoldsForItsWindowAndTellsHowLongItLasts) {
    std::vector<Limit> const limits{{"send:a", 60, 2}};
    EXPECT_EQ(take(limits), 0);
    db.clock.advance(10'000);
    EXPECT_EQ(take(limits), 0);
    EXPECT_EQ(take(limits), 50);
    EXPECT_EQ(take({{"send:b", 60, 2}}), 0);
    db.clock.advance(50'000);
    EXPECT_EQ(take(limits), 0);
}

TEST_F(ThrottleTest, WhereOneLimitIsReachedNothingIsCounted) {
    EXPECT_EQ(take({{"b", 600, 1}}), 0);
    EXPECT_EQ(take({{"a", 60, 1}, {"b", 600, 1}, {"c", 60, 1}}), 600);
    EXPECT_EQ(take({{"a", 60, 1}}), 0);
    EXPECT_EQ(take({{"c", 60, 1}}), 0);
}

TEST_F(ThrottleTest, AShortAndALongWindowOfOneKeyAreCountedApart) {
    std::vector<Limit> const limits{{"k", 60, 1}, {"k", 600, 2}};
    EXPECT_EQ(take(limits), 0);
    EXPECT_EQ(take(limits), 60);
    db.clock.advance(60'000);
    EXPECT_EQ(take(limits), 0);
    db.clock.advance(60'000);
    EXPECT_EQ(take(limits), 480);
}

TEST_F(ThrottleTest, WhatIsGivenBackMayBeTakenAgain) {
    std::vector<Limit> const limits{{"k", 60, 1}};
    EXPECT_EQ(take(limits), 0);
    db.write([&](store::Transaction& transaction) { return throttle.give_back(transaction, limits); });
    EXPECT_EQ(take(limits), 0);
}

TEST_F(ThrottleTest, AClockThatWentBackNeverWaitsLessThanASecond) {
    EXPECT_EQ(take({{"k", 60, 1}}), 0);
    db.clock.advance(-3'600'000);
    EXPECT_GE(take({{"k", 60, 1}}), 1);
}

TEST_F(ThrottleTest, AllProcessesOnADatabaseCountTogetherAndARestartForgetsNothing) {
    std::vector<Limit> const limits{{"send:a", 60, 2}};
    Throttle other{db.keys, db.clock};
    auto const take_there = [&] {
        return db.write([&](store::Transaction& transaction) { return other.take(transaction, limits); });
    };
    EXPECT_EQ(take(limits), 0);
    EXPECT_EQ(take_there(), 0);
    EXPECT_EQ(take_there(), 60);
    EXPECT_EQ(take(limits), 60);

    fail();
    for (int i = 0; i < 4; ++i) {
        db.write([&](store::Transaction& transaction) { return other.password_failed(transaction, "k"); });
    }
    EXPECT_EQ(wait_for_password(), 30);
    Throttle restarted{db.keys, db.clock};
    EXPECT_EQ(db.write([&](store::Transaction& transaction) { return restarted.password_wait(transaction, "k"); }), 30);
}

TEST_F(ThrottleTest, OldBucketsAreForgotten) {
    for (int i = 0; i < 20; ++i) take({{"k" + std::to_string(i), 60, 1}});
    db.clock.advance(120'000);
    for (int i = 0; i < 5; ++i) take({{"new", 3600, 100}});
    EXPECT_EQ(db.number("SELECT count(*) FROM sallyport_buckets"), 1);
}

TEST_F(ThrottleTest, FivePasswordsAreFreeThenTheWaitDoublesUpToAnHour) {
    struct Row {
        int failures;
        std::int64_t wait;
    };
    Row const rows[] = {{0, 0}, {4, 0}, {5, 30}, {6, 60}, {7, 120}, {10, 960}, {12, 3600}, {40, 3600}};
    int failures = 0;
    for (auto const& row : rows) {
        for (; failures < row.failures; ++failures) fail();
        EXPECT_EQ(wait_for_password(), row.wait) << row.failures;
    }
}

TEST_F(ThrottleTest, ASuccessForgetsFailedPasswords) {
    for (int i = 0; i < 6; ++i) fail();
    db.write([&](store::Transaction& transaction) { return throttle.forget(transaction, "k"); });
    EXPECT_EQ(wait_for_password(), 0);
}

TEST_F(ThrottleTest, LiftedLimitsNeverWait) {
    throttle.lift();
    for (int i = 0; i < 20; ++i) fail();
    EXPECT_EQ(wait_for_password(), 0);
    EXPECT_EQ(take({{"k", 60, 0}}), 0);
}

TEST_F(ThrottleTest, ATagTellsNothingAndIsOfExactlyOneText) {
    EXPECT_EQ(throttle.tag("ann@x.test"), throttle.tag("ann@x.test"));
    EXPECT_NE(throttle.tag("Ann@X.test"), throttle.tag("ann@x.test"));
    EXPECT_NE(throttle.tag("ann@x.test"), throttle.tag("bob@x.test"));
    EXPECT_EQ(throttle.tag("ann@x.test").find("ann"), std::string::npos);
    auto const other_keys = crypto::Keys::make();
    Throttle const other{other_keys, db.clock};
    EXPECT_NE(throttle.tag("ann@x.test"), other.tag("ann@x.test"));
}

// --- tries of a password

class AttemptTest : public ThrottleTest {
protected:
    Attempt attempt(std::string identifier, std::string peer, std::optional<Account> account = {}) {
        Attempt made;
        made.model = "Employee";
        made.identifier = std::move(identifier);
        made.account = std::move(account);
        made.client = client_of(request_from(std::move(peer)), {});
        return made;
    }
    std::int64_t begin(Attempt& made) {
        return db.write(
            [&](store::Transaction& transaction) { return auth::begin(transaction, throttle, made, db.clock.now()); });
    }
    std::string know(std::string const& peer, Account const& account) {
        return db.write([&](store::Transaction& transaction) {
            return remember(transaction, account, client_of(request_from(peer), {}), db.clock.now());
        });
    }

    Account const ann{"Employee", "1"};
};

TEST_F(AttemptTest, TheSixthTryWaitsTheSameWhetherOrNotTheUserExists) {
    for (std::optional<Account> const& account : {std::optional{ann}, std::optional<Account>{}}) {
        auto const email = account ? "ann@x.test" : "nobody@x.test";
        for (int i = 0; i < 5; ++i) {
            auto made = attempt(email, "198.41.0." + std::to_string(i), account);
            EXPECT_EQ(begin(made), 0);
        }
        auto made = attempt(email, "198.41.1.1", account);
        EXPECT_EQ(begin(made), 30) << email;
    }
}

TEST_F(AttemptTest, OneAddressGetsTwentyFailuresInTenMinutes) {
    for (int i = 0; i < 20; ++i) {
        auto made = attempt("user" + std::to_string(i) + "@x.test", "198.41.0.4");
        EXPECT_EQ(begin(made), 0);
    }
    auto made = attempt("fresh@x.test", "198.41.0.4");
    EXPECT_EQ(begin(made), 600);
    auto elsewhere = attempt("fresh@x.test", "198.41.9.4");
    EXPECT_EQ(begin(elsewhere), 0);
}

TEST_F(AttemptTest, AnAddressThatIsOverItsLimitCostsTheIdentifierNothing) {
    for (int i = 0; i < 40; ++i) {
        auto made = attempt("ann@x.test", "198.41.0.4", ann);
        begin(made);
        if (i < 20) db.clock.advance(20'000);
    }
    // Twenty tries were counted against the address; how many reached the identifier shows in its wait.
    EXPECT_LE(db.number("SELECT n FROM sallyport_failures"), 20);
}

TEST_F(AttemptTest, ARightPasswordGivesItsCountBack) {
    for (int i = 0; i < 50; ++i) {
        auto made = attempt("ann@x.test", "198.41.0.4", ann);
        ASSERT_EQ(begin(made), 0) << i;
        db.write([&](store::Transaction& transaction) { return succeeded(transaction, throttle, made); });
    }
}

TEST_F(AttemptTest, StrangersCannotLockAKnownDeviceOut) {
    auto const device = know("198.41.5.1", ann);
    for (int i = 0; i < 30; ++i) {
        auto made = attempt("ann@x.test", "199.1.1." + std::to_string(i), ann);
        begin(made);
    }
    auto own = attempt("ann@x.test", "200.1.1.1", ann);
    own.client = client_of(request_from("200.1.1.1", {{"Cookie", "dev=" + device}}), {});
    EXPECT_EQ(begin(own), 0);
    EXPECT_EQ(own.acquaintance.kind, Acquaintance::Kind::device);
    EXPECT_EQ(own.priority(), Priority::reserved);
}

TEST_F(AttemptTest, AKnownDeviceHasTenTriesAnHour) {
    auto const device = know("198.41.5.1", ann);
    auto own = attempt("ann@x.test", "200.1.1.1", ann);
    own.client = client_of(request_from("200.1.1.1", {{"Cookie", "dev=" + device}}), {});
    for (int i = 0; i < 10; ++i) EXPECT_EQ(begin(own), 0);
    EXPECT_EQ(begin(own), 3600);
}

TEST_F(AttemptTest, ADeviceIsKnownToItsAccountAlone) {
    auto const device = know("198.41.5.1", ann);
    auto other = attempt("bob@x.test", "200.1.1.1", Account{"Employee", "2"});
    other.client = client_of(request_from("200.1.1.1", {{"Cookie", "dev=" + device}}), {});
    EXPECT_EQ(begin(other), 0);
    EXPECT_FALSE(other.acquaintance.is_known());
}

TEST_F(AttemptTest, ANetworkIsKnownForThirtyDaysAndADeviceForNinety) {
    auto const device = know("198.41.5.1", ann);
    auto from = [&](std::string const& peer, bool with_cookie) {
        auto made = attempt("ann@x.test", peer, ann);
        if (with_cookie) made.client = client_of(request_from(peer, {{"Cookie", "dev=" + device}}), {});
        begin(made);
        return made.acquaintance.kind;
    };
    EXPECT_EQ(from("198.41.5.77", false), Acquaintance::Kind::network);
    EXPECT_EQ(from("198.41.6.77", false), Acquaintance::Kind::unknown);
    db.clock.advance(31LL * 86'400'000);
    EXPECT_EQ(from("198.41.5.77", false), Acquaintance::Kind::unknown);
    EXPECT_EQ(from("198.41.6.77", true), Acquaintance::Kind::device);
    db.clock.advance(60LL * 86'400'000);
    EXPECT_EQ(from("198.41.6.77", true), Acquaintance::Kind::unknown);
}

TEST_F(AttemptTest, TheDeviceCookieChangesWithEachLoginAndTheOldOneIsWorthNothing) {
    auto const first = know("198.41.5.1", ann);
    auto const second = db.write([&](store::Transaction& transaction) {
        return remember(transaction, ann, client_of(request_from("198.41.5.1", {{"Cookie", "dev=" + first}}), {}),
                        db.clock.now());
    });
    EXPECT_NE(first, second);
    auto made = attempt("ann@x.test", "200.1.1.1", ann);
    made.client = client_of(request_from("200.1.1.1", {{"Cookie", "dev=" + first}}), {});
    begin(made);
    EXPECT_FALSE(made.acquaintance.is_known());
    EXPECT_EQ(db.number("SELECT count(*) FROM sallyport_devices"), 1);
}

TEST_F(AttemptTest, AnAccountKeepsTwentyDevices) {
    for (int i = 0; i < 25; ++i) {
        db.clock.advance(1);
        know("198.41." + std::to_string(i) + ".1", ann);
    }
    EXPECT_EQ(db.number("SELECT count(*) FROM sallyport_devices"), 20);
    EXPECT_EQ(db.number("SELECT count(*) FROM sallyport_devices WHERE network = '198.41.24.0/24'"), 1);
}

}  // namespace
}  // namespace sallyport::auth

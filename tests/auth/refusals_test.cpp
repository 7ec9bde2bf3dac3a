#include "auth/refusals.hpp"

#include "auth/auth_store.hpp"

#include <gtest/gtest.h>

namespace sallyport::auth {
namespace {

class RefusalsTest : public testing::Test {
protected:
    static Caller ann() { return {.user_id = 1, .user_model = "Employee", .token = "t"}; }
    void note(Caller caller, std::string method = "Order.find", std::string network = "198.41.0.0/24") {
        wait_for(refusals.note(std::move(caller), {std::move(network), "test"}, std::move(method), "ACCESS_DENIED"));
    }
    std::int64_t events() { return db.number("SELECT count(*) FROM sallyport_audit WHERE event = 'denied'"); }

    AuthStore db;
    Throttle throttle{db.keys, db.clock};
    Refusals refusals{db.store(), throttle, db.clock};
};

TEST_F(RefusalsTest, AnEventTellsWhomWhatAndWhy) {
    note(ann());
    Json event;
    db.store().inspect(select_events({}), [&](store::Row const& row) { event = read_event(row); });
    EXPECT_EQ(to_text(event), R"({"at":"2015-06-01T10:00:00.000Z","event":"denied","outcome":"refused",)"
                              R"("model":"Employee","userId":1,"about":"Order.find: ACCESS_DENIED",)"
                              R"("network":"198.41.0.0/24","agent":"test"})");
}

TEST_F(RefusalsTest, TheSameIsToldOnceAnHourHoweverOftenItIsRefused) {
    for (int i = 0; i < 5; ++i) note(ann());
    EXPECT_EQ(events(), 1);
    note(ann(), "Order.create");
    EXPECT_EQ(events(), 2);
    note({.user_id = 2, .user_model = "Employee", .token = "t"});
    EXPECT_EQ(events(), 3);
    db.clock.advance(3'600'000);
    note(ann());
    EXPECT_EQ(events(), 4);
}

TEST_F(RefusalsTest, AnotherProcessOnTheDatabaseTellsNoneOfItAgain) {
    note(ann());
    Refusals other{db.store(), throttle, db.clock};
    wait_for(other.note(ann(), {"198.41.0.0/24", "test"}, "Order.find", "ACCESS_DENIED"));
    EXPECT_EQ(events(), 1);
}

TEST_F(RefusalsTest, StrangersOfOneNetworkAreOne) {
    for (int i = 0; i < 5; ++i) note({});
    EXPECT_EQ(events(), 1);
    note({}, "Order.find", "203.0.113.0/24");
    EXPECT_EQ(events(), 2);
}

TEST_F(RefusalsTest, AFloodFromEverywhereHasAnEnd) {
    for (int i = 0; i < 1010; ++i) note({}, "Order.find", "network " + std::to_string(i));
    EXPECT_EQ(events(), Refusals::most_in_an_hour);
}

}  // namespace
}  // namespace sallyport::auth

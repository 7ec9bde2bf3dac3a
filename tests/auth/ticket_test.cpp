#include "auth/ticket.hpp"

#include "auth/auth_store.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <regex>

namespace sallyport::auth {
namespace {

class TicketTest : public testing::Test {
protected:
    std::string issue(std::string user = "1") {
        return db.write([&](store::Transaction& transaction) {
            return issue_ticket(transaction, {"Employee", user}, db.clock.now());
        });
    }
    bool use(std::string const& text, std::string user = "1", std::string model = "Employee") {
        return db.write([&](store::Transaction& transaction) {
            return use_ticket(transaction, {model, user}, text, db.clock.now());
        });
    }

    AuthStore db;
};

TEST_F(TicketTest, IsTwentyFourDigitsForOneAccountAndGoodOnce) {
    auto const ticket = issue();
    EXPECT_TRUE(std::regex_match(ticket, std::regex{R"(\d{4}(-\d{4}){5})"})) << ticket;
    EXPECT_FALSE(use(ticket, "2"));
    EXPECT_FALSE(use(ticket, "1", "Customer"));
    EXPECT_TRUE(use(ticket));
    EXPECT_FALSE(use(ticket));
}

TEST_F(TicketTest, MayBeTypedWithoutDashes) {
    auto ticket = issue();
    std::erase(ticket, '-');
    EXPECT_TRUE(use(ticket));
}

TEST_F(TicketTest, WhatIsNoTicketIsRefused) {
    EXPECT_FALSE(use(""));
    issue();
    for (auto const* text : {"", "-", "1234", "000000000000000000000000"}) EXPECT_FALSE(use(text)) << text;
}

TEST_F(TicketTest, LivesADayAndANewOneTakesItsPlace) {
    auto const first = issue();
    auto const second = issue();
    EXPECT_FALSE(use(first));
    db.clock.advance(ticket_seconds * 1000);
    EXPECT_FALSE(use(second));
}

TEST_F(TicketTest, IsNotKeptInClear) {
    auto ticket = issue();
    std::erase(ticket, '-');
    EXPECT_EQ(db.number("SELECT count(*) FROM sallyport_tickets WHERE instr(digest, ?1) > 0", {ticket}), 0);
    EXPECT_EQ(db.number("SELECT count(*) FROM sallyport_tickets WHERE length(digest) = 64"), 1);
}

TEST(TicketHalvesTest, AreTheFirstAndTheLastTwelveDigits) {
    auto const halves = halves_of("1234-5678-9012-3456-7890-1234");
    EXPECT_EQ(halves.first, "1234-5678-9012");
    EXPECT_EQ(halves.second, "3456-7890-1234");
}

}  // namespace
}  // namespace sallyport::auth

#include "auth/number_rules.hpp"

#include "auth/auth_store.hpp"
#include "auth/number_breaker.hpp"
#include "support.hpp"

#include <gtest/gtest.h>

namespace sallyport::auth {
namespace {

TEST(Numbers, OnlyMobilesOfTheCountriesServedGetMessages) {
    struct Case {
        std::string_view number;
        bool is_served;
    };
    Case const cases[] = {
        {"+33612345678", true},    // France
        {"+33712345678", false},   // A range not given out.
        {"+33142345678", false},   // A fixed line,
        {"+33899123456", false},   // a premium number,
        {"+33800123456", false},   // one free to call.
        {"+336123456789", false},  // Too long.
        {"+14155550123", true},    // The United States,
        {"+18765550123", false},   // Jamaica under the same code,
        {"+19005550123", false},   // premium.
        {"+447912345678", false},  // Not served.
        {"+881612345678", false},  // A satellite.
        {"+4915112345678", true},  // A range of its own, though Germany is not served.
        {"33612345678", false},   {"", false}, {"+", false},
    };
    Numbers const numbers{{.countries = {"FR", "US"}, .prefixes = {{"+4915112", 100}}}};
    for (auto const& row : cases) EXPECT_EQ(numbers.serves(row.number), row.is_served) << row.number;
    EXPECT_FALSE(Numbers{{}}.serves("+33612345678"));
}

TEST(Numbers, ARangeIsTheLongestOfItsOwnOrTheFirstSixDigits) {
    Numbers const numbers{{.countries = {"FR"}, .prefixes = {{"+336", 50}, {"+33612", 200}}}};
    EXPECT_EQ(numbers.range_of("+33612345678").prefix, "+33612");
    EXPECT_EQ(numbers.range_of("+33612345678").per_hour, 200);
    EXPECT_EQ(numbers.range_of("+33698345678").prefix, "+336");
    EXPECT_EQ(numbers.range_of("+33798345678").prefix, "+337983");
    EXPECT_EQ(numbers.range_of("+33798345678").per_hour, 20);
}

TEST(Numbers, CountriesAndRangesAreToldFromOtherTexts) {
    for (auto const* good : {"FR", "US", "JM", "IM"}) EXPECT_TRUE(is_country(good)) << good;
    for (auto const* bad : {"fr", "FRA", "", "XX", "001"}) EXPECT_FALSE(is_country(bad)) << bad;
    for (auto const* good : {"+3", "+33612345678901"}) EXPECT_TRUE(is_range(good)) << good;
    for (auto const* bad : {"", "+", "33", "+0", "+33612345678901234", "+33x"}) EXPECT_FALSE(is_range(bad)) << bad;
}

class Breaker : public ::testing::Test, protected AuthStore {
protected:
    std::int64_t stopped() {
        return write([&](store::Transaction& transaction) { return stopped_for(transaction, "+336123", clock.now()); });
    }

    void send(int count) {
        for (int i = 0; i < count; ++i)
            write([&](store::Transaction& transaction) { return count_sent(transaction, "+336123", clock.now()); });
    }

    void verify(int count) {
        for (int i = 0; i < count; ++i)
            write([&](store::Transaction& transaction) { return count_verified(transaction, "+336123"); });
    }
};

TEST_F(Breaker, ARangeWhoseCodesNobodyEntersIsStoppedForADay) {
    send(20);
    verify(3);
    EXPECT_EQ(stopped(), 0);  // The last codes are still on their way.
    clock.advance(300'000);
    EXPECT_EQ(stopped(), 86400);
    clock.advance(86'399'000);
    EXPECT_EQ(stopped(), 1);
    clock.advance(1000);
    EXPECT_EQ(stopped(), 0);
    send(20);
    clock.advance(300'000);
    EXPECT_EQ(stopped(), 86400);
}

TEST_F(Breaker, ARangeWithRightCodesOrFewMessagesGoesOn) {
    send(20);
    verify(4);
    clock.advance(300'000);
    EXPECT_EQ(stopped(), 0);
    send(10);  // 30 sent, 4 right.
    EXPECT_EQ(stopped(), 86400);
}

TEST_F(Breaker, WhatNoGatewayTookDoesNotCount) {
    send(20);
    write([&](store::Transaction& transaction) { return take_back_sent(transaction, "+336123"); });
    clock.advance(300'000);
    EXPECT_EQ(stopped(), 0);
}

TEST_F(Breaker, AnHourLaterItCountsAnew) {
    send(19);
    clock.advance(3'600'000);
    send(19);
    clock.advance(300'000);
    EXPECT_EQ(stopped(), 0);
}

}  // namespace
}  // namespace sallyport::auth

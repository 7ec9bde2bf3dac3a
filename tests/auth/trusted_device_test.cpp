#include "auth/trusted_device.hpp"

#include "auth/auth_store.hpp"

#include <gtest/gtest.h>

namespace sallyport::auth {
namespace {

using Kind = Trust::Kind;

Account const ann{"Employee", "1"};
Account const bob{"Employee", "2"};
auto constexpr days = 30;
std::int64_t constexpr day = 86'400'000;

class TrustedDeviceTest : public testing::Test {
protected:
    /// A request that shows `cookie` for the account.
    static Request with(Account const& account, std::string const& cookie) {
        return request_from("198.41.0.4", {{"Cookie", trust_cookie(account) + "=" + cookie}});
    }
    std::string trusted(Account const& account, Request const& request = request_from("198.41.0.4")) {
        return store.write(
            [&](store::Transaction& transaction) { return trust(transaction, account, request, store.clock.now()); });
    }
    Trust use(Account const& account, Request const& request, int for_days = days) {
        return store.write([&](store::Transaction& transaction) {
            return use_trust(transaction, account, request, for_days, store.clock.now());
        });
    }
    std::int64_t count() { return store.number("SELECT count(*) FROM sallyport_trusted_devices"); }

    AuthStore store;
};

TEST_F(TrustedDeviceTest, EachUseGivesANewSecretOfTheSameSeries) {
    auto const first = trusted(ann);
    auto const used = use(ann, with(ann, first));
    ASSERT_EQ(used.kind, Kind::good);
    EXPECT_NE(used.cookie, first);
    EXPECT_EQ(used.cookie.substr(0, 23), first.substr(0, 23));
    EXPECT_EQ(used.seconds_left, std::int64_t{days} * 86400);
    EXPECT_EQ(use(ann, with(ann, used.cookie)).kind, Kind::good);
    EXPECT_EQ(count(), 1);
}

TEST_F(TrustedDeviceTest, ASecretThatWasUsedEndsTheTrust) {
    auto const first = trusted(ann);
    auto const second = use(ann, with(ann, first)).cookie;
    EXPECT_EQ(use(ann, with(ann, first)).kind, Kind::copied);
    EXPECT_EQ(use(ann, with(ann, second)).kind, Kind::none) << "the newer one is worth nothing either";
    EXPECT_EQ(count(), 0);
}

TEST_F(TrustedDeviceTest, IsOfOneAccountOnly) {
    auto const cookie = trusted(bob);
    EXPECT_NE(trust_cookie(ann), trust_cookie(bob));
    EXPECT_EQ(use(ann, with(ann, cookie)).kind, Kind::none);
    EXPECT_EQ(use({"Clerk", "2"}, with({"Clerk", "2"}, cookie)).kind, Kind::none);
    EXPECT_EQ(use(bob, with(bob, cookie)).kind, Kind::good) << "and was not ended by that";
}

TEST_F(TrustedDeviceTest, EndsAfterItsDaysHoweverOftenItWasUsed) {
    auto cookie = trusted(ann);
    store.clock.advance(29 * day);
    auto const used = use(ann, with(ann, cookie));
    ASSERT_EQ(used.kind, Kind::good);
    EXPECT_EQ(used.seconds_left, 86400);
    store.clock.advance(day);
    EXPECT_EQ(use(ann, with(ann, used.cookie)).kind, Kind::none) << "it is no copy, only too old";
    EXPECT_EQ(count(), 0);

    cookie = trusted(ann);
    store.clock.advance(8 * day);
    EXPECT_EQ(use(ann, with(ann, cookie), 7).kind, Kind::none) << "a setting made shorter holds at once";
}

TEST_F(TrustedDeviceTest, WhatIsNoCookieOfOursIsNone) {
    auto const cookie = trusted(ann);
    for (auto const& text : {std::string{}, std::string{"."}, cookie.substr(0, 22), cookie + "a", cookie.substr(23),
                             "." + cookie.substr(23), cookie.substr(0, 22) + "."}) {
        EXPECT_EQ(use(ann, with(ann, text)).kind, Kind::none) << text;
    }
    auto over_tls = with(ann, cookie);
    over_tls.is_secure = true;
    EXPECT_EQ(use(ann, over_tls).kind, Kind::none) << "over TLS only the __Host- one counts";
    EXPECT_EQ(use(ann, with(ann, cookie)).kind, Kind::good);
}

TEST_F(TrustedDeviceTest, NothingUsableStandsInTheDatabase) {
    auto const cookie = trusted(ann);
    EXPECT_EQ(store.number("SELECT count(*) FROM sallyport_trusted_devices WHERE series = ?1 OR secret = ?2",
                           {cookie.substr(0, 22), cookie.substr(23)}),
              0);
}

TEST_F(TrustedDeviceTest, AnAccountHasTenAndADeviceIsThereOnce) {
    auto const oldest = trusted(ann);
    for (int i = 0; i < 10; ++i) {
        store.clock.advance(1000);
        trusted(ann);
    }
    EXPECT_EQ(count(), 10);
    EXPECT_EQ(use(ann, with(ann, oldest)).kind, Kind::none);
    auto const mine = trusted(bob);
    trusted(bob, with(bob, mine));
    EXPECT_EQ(store.number("SELECT count(*) FROM sallyport_trusted_devices WHERE user_id = '2'"), 1);
}

}  // namespace
}  // namespace sallyport::auth

#include "auth/challenge.hpp"

#include "auth/auth_store.hpp"
#include "auth/factor.hpp"

#include <gtest/gtest.h>

#include <set>
#include <thread>

namespace sallyport::auth {
namespace {

using Verdict = Challenges::Verdict;
using Kind = Verdict::Kind;

auto constexpr home = "198.41.0.4";  // public
auto constexpr same_network = "198.41.0.9";
auto constexpr elsewhere = "199.1.1.1";

class ChallengeTest : public testing::Test {
protected:
    Client client(std::string peer, Headers headers = {}, Json challenge = {}) {
        return client_of(request_from(std::move(peer), std::move(headers)), challenge);
    }
    Client with_cookie(std::string const& peer, std::string const& cookie) {
        return client(peer, {{"Cookie", "tfa=" + cookie}});
    }

    Challenges::Opened open(Account const& account, Client const& from, Acquaintance const& acquaintance = {}) {
        db.clock.advance(1);
        Challenges::Wanted const wanted{.purpose = Purpose::login, .channel = "sms", .factor = 0, .rules = rules};
        return db.write([&](store::Transaction& transaction) {
            return challenges.open(transaction, account, wanted, from, acquaintance);
        });
    }
    Verdict check(Account const& account, std::string const& code, Client const& from,
                  Acquaintance const& acquaintance = {}) {
        return db.write([&](store::Transaction& transaction) {
            return challenges.check(transaction, throttle, account, {.code = code}, from, acquaintance, rules);
        });
    }
    std::string other_than(std::string const& code) { return code == "111111" ? "222222" : "111111"; }
    std::int64_t count() { return db.number("SELECT count(*) FROM sallyport_challenges"); }

    AuthStore db;
    Throttle throttle{db.keys, db.clock};
    Challenges challenges{db.keys, db.clock};
    CodeRules rules;
    Account const ann{"Employee", "1"};
    Account const bob{"Employee", "2"};
};

TEST_F(ChallengeTest, ACodeIsGoodOnce) {
    auto const opened = open(ann, client(home));
    EXPECT_EQ(check(ann, opened.code, client(home)).kind, Kind::right);
    EXPECT_EQ(check(ann, opened.code, client(home)).kind, Kind::none);
}

TEST_F(ChallengeTest, OfTwoHundredRightCodesAtOnceOneWins) {
    auto const opened = open(ann, client(home));
    auto const from = client(home);
    std::atomic<int> won = 0;
    auto const race = [&] {
        for (int i = 0; i < 50; ++i) {
            if (check(ann, opened.code, from).kind == Kind::right) ++won;
        }
    };
    {
        std::vector<std::jthread> threads;
        for (int i = 0; i < 4; ++i) threads.emplace_back(race);
    }
    EXPECT_EQ(won, 1);
}

TEST_F(ChallengeTest, FiveTriesAndThenEvenTheRightCodeIsRefused) {
    auto const opened = open(ann, client(home));
    for (int i = 0; i < 5; ++i) EXPECT_EQ(check(ann, other_than(opened.code), client(home)).kind, Kind::wrong);
    EXPECT_EQ(check(ann, opened.code, client(home)).kind, Kind::none);
    EXPECT_EQ(db.number("SELECT attempts FROM sallyport_challenges"), 5);
}

TEST_F(ChallengeTest, WrongCodesAtOnceGetNoMoreTries) {
    auto const opened = open(ann, client(home));
    auto const from = client(home);
    std::atomic<int> compared = 0;
    {
        std::vector<std::jthread> threads;
        for (int i = 0; i < 4; ++i) {
            threads.emplace_back([&] {
                for (int k = 0; k < 25; ++k) {
                    if (check(ann, other_than(opened.code), from).kind == Kind::wrong) ++compared;
                }
            });
        }
    }
    EXPECT_EQ(compared, 5);
}

TEST_F(ChallengeTest, ACodeLivesForItsTime) {
    auto const opened = open(ann, client(home));
    db.clock.advance(299'999);
    EXPECT_EQ(check(ann, other_than(opened.code), client(home)).kind, Kind::wrong);
    db.clock.advance(1);
    EXPECT_EQ(check(ann, opened.code, client(home)).kind, Kind::none);
}

TEST_F(ChallengeTest, ACodeBelongsToItsAccountAndUserModel) {
    auto const opened = open(ann, client(home));
    EXPECT_EQ(check(bob, opened.code, client(home)).kind, Kind::none);
    EXPECT_EQ(check(Account{"Customer", "1"}, opened.code, client(home)).kind, Kind::none);
    EXPECT_EQ(check(Account{"Employee", "\"1\""}, opened.code, client(home)).kind, Kind::none);
    auto named = client(home, {}, Json{opened.id});
    EXPECT_EQ(check(bob, opened.code, named).kind, Kind::none);
    EXPECT_EQ(check(ann, opened.code, client(home)).kind, Kind::right);
}

TEST_F(ChallengeTest, NoCodeStandsInTheDatabase) {
    auto const opened = open(ann, client(home));
    EXPECT_EQ(opened.code.size(), 6U);
    EXPECT_EQ(db.number("SELECT count(*) FROM sallyport_challenges WHERE instr(id || cookie || code_mac, ?1) > 0"
                        " OR id = ?2 OR cookie = ?3",
                        {opened.code, opened.id, opened.cookie}),
              0);
}

TEST_F(ChallengeTest, WhatIsNoCodeIsNeitherComparedNorCounted) {
    auto const opened = open(ann, client(home));
    for (std::string const code : {"", "12345", "1234567", "12345a", " 12345", "+12345", "-12345", "１２３４５６"}) {
        EXPECT_EQ(check(ann, code, client(home)).kind, Kind::none) << code;
    }
    EXPECT_EQ(db.number("SELECT attempts FROM sallyport_challenges"), 0);
}

// --- binding

TEST_F(ChallengeTest, WithoutCookieTheSameNetworkMayAnswer) {
    auto const opened = open(ann, client(home));
    EXPECT_EQ(check(ann, opened.code, client(same_network)).kind, Kind::right);
}

TEST_F(ChallengeTest, AStrangerElsewhereNeitherGuessesNorBurns) {
    auto const opened = open(ann, client(home));
    for (int i = 0; i < 20; ++i) EXPECT_EQ(check(ann, other_than(opened.code), client(elsewhere)).kind, Kind::none);
    EXPECT_EQ(check(ann, opened.code, client(elsewhere)).kind, Kind::none);
    EXPECT_EQ(db.number("SELECT attempts FROM sallyport_challenges"), 0);
    EXPECT_EQ(check(ann, opened.code, client(home)).kind, Kind::right);
}

TEST_F(ChallengeTest, TheCookieOrTheNamedChallengeTiesAcrossNetworks) {
    auto const by_cookie = open(ann, client(home));
    EXPECT_EQ(check(ann, by_cookie.code, with_cookie(elsewhere, by_cookie.cookie)).kind, Kind::right);
    auto const by_name = open(ann, client(home));
    EXPECT_EQ(check(ann, by_name.code, client(elsewhere, {}, Json{by_name.id})).kind, Kind::right);
}

TEST_F(ChallengeTest, AWrongCookieOrChallengeIsNotHealedByTheNetwork) {
    auto const opened = open(ann, client(home));
    EXPECT_EQ(check(ann, opened.code, with_cookie(home, client_secret())).kind, Kind::none);
    for (Json const& named : {Json{client_secret()}, Json{""}, Json{"x"}, Json{1}, Json{JsonArray{Json{opened.id}}}}) {
        EXPECT_EQ(check(ann, opened.code, client(home, {}, named)).kind, Kind::none);
    }
}

TEST_F(ChallengeTest, AClientThatShowedACookieIsNotReachedByItsNetwork) {
    auto const first = open(ann, client(home));
    auto const second = open(ann, with_cookie(home, first.cookie));
    EXPECT_EQ(check(ann, second.code, client(same_network)).kind, Kind::none);
    EXPECT_EQ(check(ann, second.code, with_cookie(home, second.cookie)).kind, Kind::right);
}

TEST_F(ChallengeTest, PrivateAddressesTieNothingAndLoopbackDoes) {
    struct Row {
        char const* peer;
        Kind kind;
    };
    Row const rows[] = {{"10.0.0.1", Kind::none},   {"192.168.1.7", Kind::none}, {"fd00::1", Kind::none},
                        {"127.0.0.1", Kind::right}, {"::1", Kind::right},        {"2606:4700::1", Kind::right}};
    for (auto const& row : rows) {
        auto const opened = open(ann, client(row.peer));
        EXPECT_EQ(check(ann, opened.code, client(row.peer)).kind, row.kind) << row.peer;
    }
}

TEST_F(ChallengeTest, AForwardedHeaderFromAStrangerMakesBindingStrict) {
    auto forwarded = request_from("127.0.0.1");
    forwarded.is_forwarded_by_stranger = true;
    auto const from = client_of(forwarded, {});
    auto const opened = open(ann, from);
    EXPECT_EQ(check(ann, opened.code, from).kind, Kind::none);
    EXPECT_EQ(check(ann, opened.code, client("127.0.0.1")).kind, Kind::none);
    EXPECT_EQ(check(ann, opened.code, with_cookie("127.0.0.1", opened.cookie)).kind, Kind::right);
}

TEST_F(ChallengeTest, StrictBindingWantsCookieOrChallenge) {
    rules.binding = Binding::strict;
    auto const opened = open(ann, client(home));
    EXPECT_EQ(check(ann, opened.code, client(home)).kind, Kind::none);
    EXPECT_EQ(check(ann, opened.code, with_cookie(home, opened.cookie)).kind, Kind::right);
}

TEST_F(ChallengeTest, AccountBindingLetsAnybodyAnswerWithTheCode) {
    rules.binding = Binding::account;
    auto const opened = open(ann, client(home));
    EXPECT_EQ(check(ann, opened.code, client(elsewhere)).kind, Kind::right);
}

// --- more than one challenge

TEST_F(ChallengeTest, ANewRequestOfTheSameClientReplacesTheOldCode) {
    auto const first = open(ann, client(home));
    auto const second = open(ann, client(same_network));
    EXPECT_EQ(count(), 1);
    EXPECT_EQ(check(ann, first.code, client(home, {}, Json{first.id})).kind, Kind::none);
    auto const third = open(ann, with_cookie(elsewhere, second.cookie));
    EXPECT_EQ(count(), 1);
    EXPECT_EQ(check(ann, third.code, with_cookie(elsewhere, third.cookie)).kind, Kind::right);
}

TEST_F(ChallengeTest, ThreeUnknownClientsMayWaitAtOnceAndTheOldestGivesWay) {
    std::vector<Challenges::Opened> opened;
    for (auto const* peer : {"198.41.1.1", "198.41.2.1", "198.41.3.1", "198.41.4.1"}) {
        opened.push_back(open(ann, client(peer)));
    }
    EXPECT_EQ(count(), 3);
    EXPECT_EQ(check(ann, opened[0].code, client("198.41.1.1")).kind, Kind::none);
    EXPECT_EQ(check(ann, opened[1].code, client("198.41.2.1")).kind, Kind::right);
    EXPECT_EQ(check(ann, opened[3].code, client("198.41.4.1")).kind, Kind::right);
}

TEST_F(ChallengeTest, StrangersCannotPushOutAKnownDevicesChallenge) {
    auto const device = client("198.41.9.1", {{"Cookie", "dev=" + client_secret()}});
    auto const own = open(ann, device, {Acquaintance::Kind::device, "device:x"});
    for (auto const* peer : {"198.41.1.1", "198.41.2.1", "198.41.3.1", "198.41.4.1"}) open(ann, client(peer));
    EXPECT_EQ(count(), 4);
    EXPECT_EQ(check(ann, own.code, device, {Acquaintance::Kind::device, "device:x"}).kind, Kind::right);
}

TEST_F(ChallengeTest, WrongCodesOverManyChallengesShareOneBudget) {
    std::vector<Client> clients;
    std::vector<Challenges::Opened> opened;
    for (auto const* peer : {"198.41.1.1", "198.41.2.1", "198.41.3.1"}) {
        clients.push_back(client(peer));
        opened.push_back(open(ann, clients.back()));
    }
    std::atomic<int> compared = 0;
    {
        std::vector<std::jthread> threads;
        for (std::size_t i = 0; i < 3; ++i) {
            threads.emplace_back([&, i] {
                for (int k = 0; k < 5; ++k) {
                    if (check(ann, other_than(opened[i].code), clients[i]).kind == Kind::wrong) ++compared;
                }
            });
        }
    }
    EXPECT_EQ(compared, 10);
    auto const fresh = open(ann, client("198.41.5.1"));
    EXPECT_EQ(check(ann, fresh.code, client("198.41.5.1")).kind, Kind::none);
    db.clock.advance(86'400'000);
    auto const next_day = open(ann, client("198.41.5.1"));
    EXPECT_EQ(check(ann, next_day.code, client("198.41.5.1")).kind, Kind::right);
}

TEST_F(ChallengeTest, RightCodesCostTheBudgetNothing) {
    for (int i = 0; i < 15; ++i) {
        auto const opened = open(ann, client(home));
        EXPECT_EQ(check(ann, opened.code, client(home)).kind, Kind::right) << i;
    }
}

// Wrong codes, five a day.
class WrongInARow : public ChallengeTest {
protected:
    SwitchedOff miss(int times, Acquaintance const& acquaintance = {}) {
        auto last = SwitchedOff::no;
        for (int i = 0; i < times; ++i) {
            EXPECT_EQ(last, SwitchedOff::no) << i;
            if (i % 5 == 0) db.clock.advance(86'400'000);
            auto const opened = open(ann, client(home), acquaintance);
            auto const verdict = check(ann, other_than(opened.code), client(home), acquaintance);
            EXPECT_EQ(verdict.kind, Kind::wrong) << i;
            last = verdict.switched_off;
        }
        db.clock.advance(86'400'000);
        return last;
    }
    Kind right(Acquaintance const& acquaintance = {}) {
        auto const opened = open(ann, client(home), acquaintance);
        return check(ann, opened.code, client(home), acquaintance).kind;
    }
    bool is_off(Acquaintance const& acquaintance = {}) {
        return db.write(
            [&](store::Transaction& transaction) { return is_switched_off(transaction, ann, "sms", acquaintance); });
    }

    Acquaintance const known{Acquaintance::Kind::device, "device:x"};
};

TEST_F(WrongInARow, FiftySwitchAFactorOffForUnknownDevicesOnly) {
    EXPECT_EQ(miss(49), SwitchedOff::no);
    EXPECT_FALSE(is_off());
    EXPECT_EQ(miss(1), SwitchedOff::for_unknown);
    EXPECT_TRUE(is_off());
    EXPECT_FALSE(is_off(known));
    EXPECT_EQ(right(), Kind::none);
    EXPECT_EQ(right(known), Kind::right);
    EXPECT_TRUE(is_off());
}

// NIST SP 800-63B-4 section 3.2.2: no more than 100 in a row, whoever tries.
TEST_F(WrongInARow, AHundredSwitchItOffForAll) {
    EXPECT_EQ(miss(50), SwitchedOff::for_unknown);
    EXPECT_EQ(miss(50, known), SwitchedOff::for_all);
    EXPECT_TRUE(is_off(known));
    EXPECT_EQ(right(known), Kind::none);
}

TEST_F(WrongInARow, ARightCodeOfAKnownDeviceGivesItAHundredMore) {
    EXPECT_EQ(miss(50), SwitchedOff::for_unknown);
    EXPECT_EQ(miss(49, known), SwitchedOff::no);
    EXPECT_EQ(right(known), Kind::right);
    EXPECT_EQ(miss(49, known), SwitchedOff::no);
    EXPECT_FALSE(is_off(known));
}

TEST_F(ChallengeTest, ARightCodeStartsTheRowAnew) {
    for (int i = 0; i < 3; ++i) {
        auto const opened = open(ann, client(home));
        EXPECT_EQ(check(ann, other_than(opened.code), client(home)).kind, Kind::wrong);
    }
    auto const opened = open(ann, client(home));
    EXPECT_EQ(check(ann, opened.code, client(home)).kind, Kind::right);
    EXPECT_EQ(db.number("SELECT consecutive FROM sallyport_counters"), 0);
}

TEST_F(ChallengeTest, EndingThemLeavesNoCodeGood) {
    auto const opened = open(ann, client(home));
    auto const others = open(bob, client(home));
    db.write([&](store::Transaction& transaction) { return end_challenges(transaction, "Employee", Json{1}); });
    EXPECT_EQ(check(ann, opened.code, client(home)).kind, Kind::none);
    EXPECT_EQ(check(bob, others.code, client(home)).kind, Kind::right);
}

TEST_F(ChallengeTest, OldOnesAreSweptWhenNewOnesAreOpened) {
    for (int i = 0; i < 3; ++i) open(ann, client("198.41." + std::to_string(i) + ".1"));
    db.clock.advance(301'000);
    open(bob, client(home));
    EXPECT_EQ(count(), 1);
}

TEST_F(ChallengeTest, ForgettingAnAccountLeavesNothingOfIt) {
    open(ann, client(home));
    db.write([&](store::Transaction& transaction) {
        return add_factor(transaction, ann, {.id = 0, .type = "sms", .target = "+15550100", .created = 0});
    });
    db.write([&](store::Transaction& transaction) { return remember(transaction, ann, client(home), 1); });
    db.write([&](store::Transaction& transaction) { return forget_account(transaction, "Employee", Json{1}); });
    for (auto const* table : {"sallyport_challenges", "sallyport_factors", "sallyport_counters", "sallyport_devices"}) {
        EXPECT_EQ(db.number(std::string{"SELECT count(*) FROM "} + table), 0) << table;
    }
}

// --- cookies

TEST(ClientCookie, IsHostPrefixedAndSecureOverTlsAndPlainOtherwise) {
    EXPECT_EQ(set_cookie(challenge_cookie, "v", 300, true),
              "__Host-tfa=v; Max-Age=300; Path=/; HttpOnly; SameSite=Strict; Secure");
    EXPECT_EQ(set_cookie(device_cookie, "v", 1, false), "dev=v; Max-Age=1; Path=/; HttpOnly; SameSite=Strict");
}

TEST(ClientCookie, OverTlsOnlyThePrefixedOneCounts) {
    auto const secret = client_secret();
    auto request = request_from("198.41.0.4", {{"Cookie", "tfa=" + secret}});
    EXPECT_EQ(client_of(request, {}).cookie, secret_digest(secret));
    request.is_secure = true;
    EXPECT_EQ(client_of(request, {}).cookie, "");
    request.headers = {{"Cookie", "__Host-tfa=" + secret}};
    EXPECT_EQ(client_of(request, {}).cookie, secret_digest(secret));
}

TEST(ClientSecret, Has128BitsAndNeverRepeats) {
    std::set<std::string> seen;
    for (int i = 0; i < 1000; ++i) seen.insert(client_secret());
    EXPECT_EQ(seen.size(), 1000U);
    EXPECT_EQ(seen.begin()->size(), 22U);
}

// --- numbers

TEST(PhoneNumber, IsE164) {
    for (auto const* good : {"+15550100", "+33612345678", "+123456789012345"})
        EXPECT_TRUE(is_phone_number(good)) << good;
    for (auto const* bad : {"", "+", "15550100", "+05550100", "+1555010", "+1234567890123456", "+1555010a",
                            "+1 555 0100", "+15550100\n", "٠١٢٣"}) {
        EXPECT_FALSE(is_phone_number(bad)) << bad;
    }
}

TEST(PhoneNumber, ShowsItsLastTwoDigitsOnly) { EXPECT_EQ(phone_hint("+33612345600"), "+•• ••• ••00"); }

}  // namespace
}  // namespace sallyport::auth

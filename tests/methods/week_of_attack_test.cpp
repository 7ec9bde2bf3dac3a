// A week in which ten thousand addresses go for a thousand accounts while their owners log in, told in small: every
// request runs through the methods, time is a clock that is moved, and a password's hash is cheap.
//
// Attackers are given no luck: what they guess is never the code. How often they were let guess says how much luck they
// would have had.

#include "methods/two_factor_app.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <functional>
#include <iostream>
#include <map>
#include <random>

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SALLYPORT_IS_SLOW
#endif
#endif

namespace sallyport::methods {
namespace {

#ifdef SALLYPORT_IS_SLOW
constexpr std::size_t accounts = 50;  // A twentieth: the sanitizers look at every load and store.
constexpr std::size_t addresses = 500;
#else
constexpr std::size_t accounts = 1000;
constexpr std::size_t addresses = 10'000;
#endif

constexpr std::size_t days = 7;
constexpr std::int64_t day_ms = 86'400'000;
constexpr std::int64_t week_ms = static_cast<std::int64_t>(days) * day_ms;
constexpr std::size_t windows = days + 1;  // of 24 hours that a week can touch

struct Owner {
    std::string email;
    std::string number;
    std::string home;        // Their address.
    std::string cookies;     // Of the browser they use.
    bool roams = false;      // Their browser goes with them, else it stays at home.
    bool is_leaked = false;  // Their password is for sale.
};

struct Tally {
    std::size_t asked = 0;
    std::size_t refused = 0;

    void count(bool is_in) {
        ++asked;
        if (!is_in) ++refused;
    }
    double share() const { return asked == 0 ? 0 : static_cast<double>(refused) / static_cast<double>(asked); }
};

class Week {
public:
    Week() {
        for (std::size_t i = 0; i < accounts; ++i) add_owner(i);
        for (auto& owner : owners_) enter(owner, owner.home, owner.cookies);
        begin_ = app.clock().now() + 60 * 60'000;
    }

    void run() {
        plan_owners();
        plan_stuffing();
        plan_spraying();
        plan_one_account_from_everywhere();
        plan_guessing();
        plan_bombing();
        for (auto const& [at, happens] : events_) {
            app.clock().advance(begin_ + at - app.clock().now());
            happens();
        }
    }

    std::string report() const {
        auto text = fmt::format("a week of {} accounts and {} addresses:\n", accounts, addresses);
        for (auto const& [what, tally] : attacks) {
            text += fmt::format("  {:<28} {:>6} requests, {:>6} refused unheard\n", what, tally.asked, tally.refused);
        }
        text += fmt::format("  codes compared {}, so blind luck would open {:.4f} accounts; opened {}\n", guesses,
                            static_cast<double>(guesses) / 1e6, opened);
        for (auto const& [who, tally] : {std::pair{"known devices and networks", known}, {"new places", strange}}) {
            text += fmt::format("  owners at {:<27} {:>5} logins, {:>4} refused ({:.2f} %)\n", who, tally.asked,
                                tally.refused, 100 * tally.share());
        }
        return text + fmt::format("  owners in all {:.2f} % refused\n", 100 * all().share());
    }

    Tally all() const { return {known.asked + strange.asked, known.refused + strange.refused}; }

    TwoFactorApp app{R"({"channels": ["console", "sms"], "phone": "mobile"})"};
    std::map<std::string, Tally> attacks;
    Tally known;
    Tally strange;
    std::size_t opened = 0;
    std::size_t guesses = 0;

private:
    std::size_t any(std::size_t below) { return std::uniform_int_distribution<std::size_t>{0, below - 1}(random_); }
    void at_any_time(std::function<void()> happens) {
        events_.emplace(static_cast<std::int64_t>(any(static_cast<std::size_t>(week_ms))), std::move(happens));
    }
    static std::string address_in(int first, std::size_t number) {
        return fmt::format("{}.{}.{}.7", first + static_cast<int>(number >> 16), (number >> 8) & 255, number & 255);
    }
    std::string bot() { return address_in(45, any(addresses)); }
    Owner& any_owner() { return owners_[any(owners_.size())]; }

    void add_owner(std::size_t i) {
        Owner owner{.email = fmt::format("owner{}@x.test", i),
                    .number = fmt::format("+1555{:07}", i),
                    .home = address_in(81, i),
                    .cookies = {},
                    .roams = i % 3 == 0,
                    .is_leaked = i % 50 == 7};
        app.sign_up({{"email", owner.email}, {"mobile", owner.number}});
        owners_.push_back(std::move(owner));
    }

    // Both steps as an owner does them; whether it led to a session. The browser keeps what it is given.
    bool enter(Owner const& owner, std::string const& peer, std::string& cookies) {
        auto const first = app.request_code(owner.email, TwoFactorApp::from(peer, cookies));
        if (first.status != 200) return false;
        auto const device = cookies.substr(0, cookies.find(';'));
        auto const tfa = first.cookie("tfa");
        auto const with_code = device.empty() ? tfa : device + "; " + tfa;
        auto const second = app.login_with_code({{"email", owner.email}, {"twofactor", app.console->last_code()}},
                                                TwoFactorApp::from(peer, with_code));
        if (second.status != 200) return false;
        cookies = second.cookie("dev") + "; " + tfa;
        return true;
    }

    void log_in_at_a_known_place(Owner& owner) {
        auto const is_without_cookies = !owner.roams && any(3) == 0;
        std::string none;
        auto& cookies = is_without_cookies ? none : owner.cookies;
        known.count(enter(owner, owner.roams ? address_in(100, any(60'000)) : owner.home, cookies));
    }
    void log_in_at_a_new_place(Owner const& owner) {
        std::string none;
        strange.count(enter(owner, address_in(110, any(60'000)), none));
    }

    // A login a day, one of thirty in a place where the owner never was.
    void plan_owners() {
        for (auto& owner : owners_) {
            for (std::size_t day = 0; day < days; ++day) {
                if (any(30) == 0) {
                    at_any_time([this, &owner] { log_in_at_a_new_place(owner); });
                } else {
                    at_any_time([this, &owner] { log_in_at_a_known_place(owner); });
                }
            }
        }
    }

    Reply try_password(std::string const& attack, std::string const& email, std::string const& password,
                       std::string const& peer, std::string const& channel = "console") {
        auto reply = app.request_code({{"email", email}, {"password", password}, {"channel", channel}},
                                      TwoFactorApp::from(peer));
        attacks[attack].count(reply.status != 429);
        return reply;
    }

    // Pairs of a leaked list: most name nobody here, and a few are right.
    void plan_stuffing() {
        for (std::size_t i = 0; i < 10 * accounts; ++i) {
            at_any_time([this] {
                auto const& owner = any_owner();
                bool const is_here = any(3) == 0;
                bool const is_right = is_here && owner.is_leaked;
                try_password("stuffing", is_here ? owner.email : fmt::format("gone{}@x.test", any(1'000'000)),
                             is_right ? app.password : "another password", bot());
            });
        }
    }

    // The password of the day on every account, twice a day.
    void plan_spraying() {
        for (std::size_t round = 0; round < 2 * days; ++round) {
            for (auto const& owner : owners_) {
                at_any_time([this, &owner] { try_password("spraying", owner.email, "Summer2015!", bot()); });
            }
        }
    }

    void plan_one_account_from_everywhere() {
        for (std::size_t i = 0; i < addresses; ++i) {
            at_any_time([this, i] {
                auto const& target = owners_[(i % 5) * 11];
                try_password("one from everywhere", target.email, fmt::format("guess {}", i), address_in(45, i));
            });
        }
    }

    void guess(Owner const& owner, std::string const& peer) {
        auto const right = app.console->messages.empty() ? std::string{"000000"} : app.console->last_code();
        auto const wrong = fmt::format("{:06}", (std::stoi(right) + 1 + static_cast<int>(any(9999))) % 1'000'000);
        auto const reply =
            app.login_with_code({{"email", owner.email}, {"twofactor", wrong}}, TwoFactorApp::from(peer));
        attacks["guessing codes"].count(reply.status != 429);
        if (reply.status == 200) ++opened;
    }

    // With the right password: a code asked for, and as many guesses as one can send. Without it: guesses alone.
    void plan_guessing() {
        for (auto const& owner : owners_) {
            for (std::size_t i = 0; owner.is_leaked && i < 10 * days; ++i) {
                at_any_time([this, &owner] {
                    auto const peer = bot();
                    try_password("guessing codes", owner.email, app.password, peer);
                    for (int times = 0; times < 6; ++times) guess(owner, peer);
                });
            }
            for (std::size_t i = 0; i < 5; ++i) at_any_time([this, &owner] { guess(owner, bot()); });
        }
    }

    // Text messages to who has a number and a leaked password.
    void plan_bombing() {
        for (auto const& owner : owners_) {
            for (std::size_t i = 0; owner.is_leaked && i < 20 * days; ++i) {
                at_any_time([this, &owner] { try_password("text messages", owner.email, app.password, bot(), "sms"); });
            }
        }
    }

    std::mt19937_64 random_{20150601};
    std::vector<Owner> owners_;
    std::multimap<std::int64_t, std::function<void()>> events_;  // By when they happen.
    std::int64_t begin_ = 0;
};

// The most that one group of the audit trail's rows has.
std::int64_t most_of(TwoFactorApp& app, std::string const& condition) {
    return app.number("SELECT coalesce(max(n), 0) FROM (SELECT count(*) AS n FROM sallyport_audit WHERE " + condition +
                      " GROUP BY user_id)");
}

TEST(WeekOfAttack, OpensNoAccountAndKeepsOwnersIn) {
    Week week;
    week.run();
    auto const compared = std::string{"event = 'code' AND outcome = 'refused' AND about = ''"};
    week.guesses = static_cast<std::size_t>(week.app.number("SELECT count(*) FROM sallyport_audit WHERE " + compared));
    std::cout << week.report();

    EXPECT_EQ(week.opened, 0U);
    auto const begun = accounts + week.all().asked - week.all().refused;
    EXPECT_EQ(week.app.number("SELECT count(*) FROM sallyport_audit WHERE event = 'session.begun'"),
              static_cast<std::int64_t>(begun));
    EXPECT_GT(week.guesses, 0U);
    EXPECT_LE(most_of(week.app, compared), static_cast<std::int64_t>(10 * windows));
    EXPECT_LE(most_of(week.app, "event = 'code.sent' AND factor = 'sms'"), static_cast<std::int64_t>(10 * windows));

    EXPECT_EQ(week.known.refused, 0U);
    EXPECT_LT(week.all().share(), 0.01);
    for (auto const& [what, tally] : week.attacks) EXPECT_GT(tally.asked, 0U) << what;
}

}  // namespace
}  // namespace sallyport::methods

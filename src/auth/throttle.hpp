// How many tries are left: buckets counted in the database, the same for accounts that exist and those that do not.
//
// Every count is one conditional statement, so that it holds however many requests come at once. Buckets are fixed
// windows; who wants no double rate over a boundary names a short and a long window.

#pragma once

#include "crypto/keys.hpp"
#include "sallyport/clock.hpp"
#include "store/store.hpp"

#include <atomic>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sallyport::auth {

/// At most `limit` in any window of that length.
struct Limit {
    std::string key;  ///< What is counted: "send:account:...".
    std::int64_t window_seconds = 60;
    std::int64_t limit = 1;
};

/// Failures of a password that cost nothing but the try, and how long everybody waits after so many, in milliseconds.
inline constexpr std::int64_t free_password_failures = 5;
/// A day without failures is forgotten: nobody gains by waiting for it, as the longest wait allows 24 tries a day.
inline constexpr std::int64_t failures_kept_ms = 86'400'000;
std::int64_t password_wait_ms(std::int64_t failures);

/// Whole seconds for Retry-After, from 1.
std::int64_t retry_after(std::int64_t milliseconds);

class Throttle {
public:
    Throttle(crypto::Keys const& keys, Clock const& clock);

    /// Counts one against every limit. 0 if all hold; else the seconds until it may be tried again, and nothing
    /// counted.
    Task<std::int64_t> take(store::Transaction& transaction, std::vector<Limit> limits);

    /// Takes one count back from each: what was counted before a comparison that then came out right.
    Task<> give_back(store::Transaction& transaction, std::vector<Limit> limits);

    /// The same by names, which can be kept until it is known how something ended.
    static std::vector<std::string> names_of(std::vector<Limit> const& limits);
    Task<> give_back_named(store::Transaction& transaction, std::vector<std::string> names);

    /// What is counted under a limit now.
    Task<std::int64_t> count_of(store::Transaction& transaction, Limit limit);

    /// Seconds until `limit` holds again, 0 if it does now; counts nothing.
    Task<std::int64_t> wait_of(store::Transaction& transaction, Limit limit);

    /// Seconds to wait before another password for this identifier may be tried (5 free failures, then 30 s doubling to
    /// an hour); 0 if now.
    Task<std::int64_t> password_wait(store::Transaction& transaction, std::string key);
    Task<> password_failed(store::Transaction& transaction, std::string key);
    Task<> forget(store::Transaction& transaction, std::string key);

    /// A name for an email (or number) that does not tell it: HMAC with the identifiers key, of exactly that text. Two
    /// accounts never share one, or the success of one would forgive the failures of the other.
    std::string tag(std::string_view identifier) const;

    void lift();  ///< For tests: every limit holds from now on.
    bool lifted() const { return lifted_; }

private:
    crypto::Keys const& keys_;
    Clock const& clock_;
    std::atomic<bool> lifted_ = false;
};

}  // namespace sallyport::auth

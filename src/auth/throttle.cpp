#include "auth/throttle.hpp"

#include "crypto/digest.hpp"

#include <algorithm>

namespace sallyport::auth {
namespace {

// The waiting time after too many failures of a password.
std::int64_t constexpr first_wait_ms = 30'000;
std::int64_t constexpr longest_wait_ms = 3'600'000;

// What it knows of a key it may forget: so many old rows go with each count, that the table cannot grow for ever.
auto constexpr forget_old_buckets =
    "DELETE FROM sallyport_buckets WHERE key IN (SELECT key FROM sallyport_buckets WHERE expires_at < ?1 LIMIT 8)";
auto constexpr forget_old_failures =
    "DELETE FROM sallyport_failures WHERE key IN (SELECT key FROM sallyport_failures WHERE last_at < ?1 LIMIT 8)";

// Counts one unless the window is full; a row comes back only if it was counted.
auto constexpr count_one = R"(
INSERT INTO sallyport_buckets (key, window_start, n, expires_at, most) VALUES (?1, ?2, 1, ?2 + ?3, ?4)
ON CONFLICT (key) DO UPDATE SET most = ?4,
  n = CASE WHEN sallyport_buckets.window_start <= ?2 - ?3 THEN 1 ELSE sallyport_buckets.n + 1 END,
  window_start = CASE WHEN sallyport_buckets.window_start <= ?2 - ?3 THEN ?2 ELSE sallyport_buckets.window_start END,
  expires_at = CASE WHEN sallyport_buckets.window_start <= ?2 - ?3 THEN ?2 + ?3 ELSE sallyport_buckets.expires_at END
WHERE sallyport_buckets.n < ?4 OR sallyport_buckets.window_start <= ?2 - ?3
RETURNING n)";

std::string bucket_key(Limit const& limit) { return limit.key + "/" + std::to_string(limit.window_seconds); }

}  // namespace

std::int64_t password_wait_ms(std::int64_t failures) {
    if (failures < free_password_failures) return 0;
    auto const doublings = std::min<std::int64_t>(failures - free_password_failures, 20);
    return std::min(longest_wait_ms, first_wait_ms << doublings);
}

std::int64_t retry_after(std::int64_t milliseconds) { return std::max<std::int64_t>(1, (milliseconds + 999) / 1000); }

Throttle::Throttle(crypto::Keys const& keys, Clock const& clock) : keys_{keys}, clock_{clock} {}

Task<std::int64_t> Throttle::take(store::Transaction& transaction, std::vector<Limit> limits) {
    if (lifted_) co_return 0;
    auto const now = clock_.now();
    // One order for all keys, so that two transactions never wait for each other.
    std::ranges::sort(limits, {}, bucket_key);
    co_await transaction.run({forget_old_buckets, {now}});
    for (std::size_t i = 0; i < limits.size(); ++i) {
        bool counted = false;
        store::Statement statement{count_one,
                                   {bucket_key(limits[i]), now, limits[i].window_seconds * 1000, limits[i].limit}};
        co_await transaction.read(std::move(statement), [&](store::Row const&) { counted = true; });
        if (counted) continue;
        auto const full = limits[i];
        limits.resize(i);
        co_await give_back(transaction, std::move(limits));
        co_return std::max<std::int64_t>(1, co_await wait_of(transaction, full));
    }
    co_return 0;
}

Task<> Throttle::give_back(store::Transaction& transaction, std::vector<Limit> limits) {
    co_await give_back_named(transaction, names_of(limits));
}

std::vector<std::string> Throttle::names_of(std::vector<Limit> const& limits) {
    std::vector<std::string> names;
    for (auto const& limit : limits) names.push_back(bucket_key(limit));
    return names;
}

Task<> Throttle::give_back_named(store::Transaction& transaction, std::vector<std::string> names) {
    if (lifted_) co_return;
    for (auto& name : names) {
        co_await transaction.run(
            {"UPDATE sallyport_buckets SET n = n - 1 WHERE key = ?1 AND n > 0", {std::move(name)}});
    }
}

Task<std::int64_t> Throttle::count_of(store::Transaction& transaction, Limit limit) {
    std::int64_t count = 0;
    co_await transaction.read(
        {"SELECT n FROM sallyport_buckets WHERE key = ?1 AND expires_at > ?2", {bucket_key(limit), clock_.now()}},
        [&](store::Row const& row) { count = row.integer(0); });
    co_return count;
}

Task<std::int64_t> Throttle::wait_of(store::Transaction& transaction, Limit limit) {
    if (lifted_) co_return 0;
    auto const now = clock_.now();
    std::int64_t ends = 0;
    co_await transaction.read(
        {"SELECT expires_at FROM sallyport_buckets WHERE key = ?1 AND n >= ?2 AND expires_at > ?3",
         {bucket_key(limit), limit.limit, now}},
        [&](store::Row const& row) { ends = row.integer(0); });
    co_return ends == 0 ? 0 : retry_after(ends - now);
}

Task<std::int64_t> Throttle::password_wait(store::Transaction& transaction, std::string key) {
    if (lifted_) co_return 0;
    auto const now = clock_.now();
    std::int64_t until = 0;
    co_await transaction.read(
        {"SELECT n, last_at FROM sallyport_failures WHERE key = ?1 AND last_at > ?2",
         {std::move(key), now - failures_kept_ms}},
        [&](store::Row const& row) { until = row.integer(1) + password_wait_ms(row.integer(0)); });
    co_return until <= now ? 0 : retry_after(until - now);
}

Task<> Throttle::password_failed(store::Transaction& transaction, std::string key) {
    if (lifted_) co_return;
    auto const now = clock_.now();
    co_await transaction.run({forget_old_failures, {now - failures_kept_ms}});
    co_await transaction.run({R"(
INSERT INTO sallyport_failures (key, n, last_at) VALUES (?1, 1, ?2)
ON CONFLICT (key) DO UPDATE SET
  n = CASE WHEN sallyport_failures.last_at <= ?3 THEN 1 ELSE sallyport_failures.n + 1 END, last_at = ?2)",
                              {std::move(key), now, now - failures_kept_ms}});
}

Task<> Throttle::forget(store::Transaction& transaction, std::string key) {
    if (lifted_) co_return;
    co_await transaction.run({"DELETE FROM sallyport_failures WHERE key = ?1", {std::move(key)}});
}

std::string Throttle::tag(std::string_view identifier) const {
    auto const& key = keys_.current(crypto::Purpose::identifiers).bytes;
    return crypto::to_hex(crypto::hmac_sha256(key, identifier).substr(0, 16));
}

void Throttle::lift() { lifted_ = true; }

}  // namespace sallyport::auth

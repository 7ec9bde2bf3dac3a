#include "auth/expired_rows.hpp"

#include "auth/audit.hpp"
#include "auth/device.hpp"
#include "auth/number_breaker.hpp"
#include "auth/throttle.hpp"
#include "auth/trusted_device.hpp"

#include <fmt/format.h>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <exception>
#include <utility>

namespace sallyport::auth {
namespace {

// A day in which a token still says that it expired instead of being unknown.
std::int64_t constexpr session_grace_ms = 86'400'000;

/// Rows that end at a time: those whose end lies `kept_ms` or more behind go. ?1 is that time, ?2 how many go at once.
struct Ending {
    char const* sql;
    std::int64_t kept_ms;
};

// Messages that wait to be sent are not here: delivery gives each up by itself, and gives back what it was charged.
Ending constexpr endings[] = {
    {"DELETE FROM sallyport_challenges WHERE id IN"
     " (SELECT id FROM sallyport_challenges WHERE expires_at <= ?1 LIMIT ?2)",
     0},
    {"DELETE FROM sallyport_buckets WHERE key IN (SELECT key FROM sallyport_buckets WHERE expires_at <= ?1 LIMIT ?2)",
     0},
    {"DELETE FROM sallyport_failures WHERE key IN (SELECT key FROM sallyport_failures WHERE last_at <= ?1 LIMIT ?2)",
     failures_kept_ms},
    {"DELETE FROM sallyport_devices WHERE rowid IN"
     " (SELECT rowid FROM sallyport_devices WHERE last_login <= ?1 LIMIT ?2)",
     device_kept_seconds * 1000},
    {"DELETE FROM sallyport_tickets WHERE rowid IN"
     " (SELECT rowid FROM sallyport_tickets WHERE expires_at <= ?1 LIMIT ?2)",
     0},
    {"DELETE FROM sallyport_trusted_devices WHERE id IN"
     " (SELECT id FROM sallyport_trusted_devices WHERE created <= ?1 LIMIT ?2)",
     most_trust_days* std::int64_t{86'400'000}},
    {"DELETE FROM sallyport_email_changes WHERE rowid IN"
     " (SELECT rowid FROM sallyport_email_changes WHERE expires_at <= ?1 LIMIT ?2)",
     0},
    {"DELETE FROM sallyport_prefixes WHERE prefix IN"
     " (SELECT prefix FROM sallyport_prefixes WHERE max(window_start, stopped_until) <= ?1 LIMIT ?2)",
     BreakerRules{}.window_ms},
    {"DELETE FROM sallyport_audit WHERE at <= ?1 AND id IN (SELECT id FROM sallyport_audit ORDER BY id LIMIT ?2)",
     audit_kept_ms},
};

Task<> run(store::Transaction& transaction, store::Statement statement, std::int64_t& dropped) {
    dropped = co_await transaction.run(std::move(statement));
}

}  // namespace

ExpiredRows::ExpiredRows(store::Store& store, Clock const& clock, std::string token_table, ExpiryRules rules)
    : store_{store}, clock_{clock}, token_table_{std::move(token_table)}, rules_{rules} {}

Task<bool> ExpiredRows::drop_some() {
    auto const now = clock_.now();
    std::int64_t dropped = 0;
    bool is_more = false;
    for (auto const& [sql, kept_ms] : endings) {
        store::Statement const statement{sql, {now - kept_ms, rules_.batch}};
        co_await store_.write([&](store::Transaction& transaction) { return run(transaction, statement, dropped); });
        is_more |= dropped == rules_.batch;
    }
    co_await store_.write([&](store::Transaction& transaction) { return drop_sessions(transaction, dropped); });
    co_return is_more || dropped == rules_.batch;
}

// A token and its session go together: the same rows are found twice.
Task<> ExpiredRows::drop_sessions(store::Transaction& transaction, std::int64_t& dropped) const {
    auto constexpr over = "SELECT id FROM sallyport_sessions WHERE expires_at <= ?1 ORDER BY expires_at, id LIMIT ?2";
    std::vector<store::Value> const values{clock_.now() - session_grace_ms, rules_.batch};
    co_await transaction.run(
        {fmt::format("DELETE FROM {} WHERE id IN ({})", query::quote(token_table_), over), values});
    dropped = co_await transaction.run({fmt::format("DELETE FROM sallyport_sessions WHERE id IN ({})", over), values});
}

Task<> ExpiredRows::keep_dropping() {
    boost::asio::steady_timer timer{co_await boost::asio::this_coro::executor};
    for (;;) {
        try {
            while (co_await drop_some()) {
            }
        } catch (std::exception const&) {
            // The database does not answer: what is over stays over.
        }
        timer.expires_after(rules_.every);
        co_await timer.async_wait(boost::asio::use_awaitable);
    }
}

}  // namespace sallyport::auth

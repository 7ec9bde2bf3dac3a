#include "auth/expired_rows.hpp"

#include "auth/audit.hpp"
#include "auth/auth_store.hpp"
#include "auth/device.hpp"
#include "auth/throttle.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <boost/asio/experimental/awaitable_operators.hpp>

namespace sallyport::auth {
namespace {

constexpr std::int64_t day_ms = 86'400'000;

/// A table whose rows end, and how to write one that ended, or ends, at ?2; ?1 makes it differ from others.
struct EndingTable {
    char const* name;
    std::int64_t kept_ms;  ///< After that time.
    char const* insert;
};

void PrintTo(EndingTable const& table, std::ostream* out) { *out << table.name; }

EndingTable const tables[] = {
    {"sallyport_challenges", 0,
     "INSERT INTO sallyport_challenges VALUES ('id' || ?1, 'E', '1', 'login', 'sms', 0, '', 0, '', '', '', '', 1, ?2, "
     "0,"
     " 5, NULL)"},
    {"sallyport_buckets", 0,
     "INSERT INTO sallyport_buckets (key, window_start, n, expires_at, most) VALUES ('k' || ?1, 1, 1, ?2, 1)"},
    {"sallyport_failures", failures_kept_ms,
     "INSERT INTO sallyport_failures (key, n, last_at) VALUES ('k' || ?1, 1, ?2)"},
    {"sallyport_devices", device_kept_seconds * 1000,
     "INSERT INTO sallyport_devices (id, user_model, user_id, network, last_login) VALUES ('d' || ?1, 'E', '1', '',"
     " ?2)"},
    {"sallyport_tickets", 0,
     "INSERT INTO sallyport_tickets (user_model, user_id, digest, expires_at) VALUES ('E', ?1, 'd', ?2)"},
    {"sallyport_trusted_devices", 30 * day_ms,
     "INSERT INTO sallyport_trusted_devices (user_model, user_id, series, secret, created, last_used, network, agent)"
     " VALUES ('E', '1', ?1, '', ?2, ?2, '', '')"},
    {"sallyport_email_changes", 0,
     "INSERT INTO sallyport_email_changes VALUES ('E', ?1, 'a@x.test', '', '', '', 0, 0, 1, ?2)"},
    {"sallyport_prefixes", 3'600'000,
     "INSERT INTO sallyport_prefixes (prefix, window_start, sent, verified, stopped_until) VALUES ('p' || ?1, 1, 1, 0,"
     " ?2)"},
    {"sallyport_audit", audit_kept_ms,
     "INSERT INTO sallyport_audit (at, event, outcome, user_model, user_id, identifier, factor, about, actor, network,"
     " agent) SELECT ?2, 'code', 'done', 'E', '1', ?1, '', '', '', '', ''"},
    {"sallyport_sessions", day_ms,
     "INSERT INTO sallyport_sessions (id, user_model, user_id, purpose, created, last_used, auth_time, expires_at,"
     " factors, network, agent) VALUES ('s' || ?1, 'E', '1', 'session', 1, 1, 1, ?2, '[]', '', '')"},
};

class ExpiredRowsOf : public testing::TestWithParam<EndingTable> {
protected:
    void add(int rows, std::int64_t at) {
        std::vector<store::Statement> statements;
        for (int i = 0; i < rows; ++i) {
            auto const number = std::to_string(next_++);
            statements.push_back({GetParam().insert, {number, at}});
            if (std::string_view{GetParam().name} == "sallyport_sessions")
                statements.push_back(
                    {"INSERT INTO accesstoken (id, ttl, created, userid) VALUES ('s' || ?1, 1, 1, 1)", {number}});
        }
        db.store().prepare(statements);
    }
    std::int64_t rows(std::string const& table = GetParam().name) { return db.number("SELECT count(*) FROM " + table); }

    AuthStore db;
    ExpiredRows expired{db.store(), db.clock, "accesstoken", {.batch = 10, .every = std::chrono::milliseconds{1}}};

private:
    int next_ = 0;
};

TEST_P(ExpiredRowsOf, GoInBatchesAndThoseThatMayBeNeededStay) {
    auto const last = db.clock.now() - GetParam().kept_ms;
    add(25, last);
    add(3, last + 1);
    EXPECT_TRUE(wait_for(expired.drop_some()));
    EXPECT_EQ(rows(), 18);
    EXPECT_TRUE(wait_for(expired.drop_some()));
    EXPECT_EQ(rows(), 8);
    EXPECT_FALSE(wait_for(expired.drop_some()));
    EXPECT_EQ(rows(), 3);
    EXPECT_FALSE(wait_for(expired.drop_some()));
    EXPECT_EQ(rows(), 3);
}

INSTANTIATE_TEST_SUITE_P(EveryTable, ExpiredRowsOf, testing::ValuesIn(tables),
                         [](auto const& info) { return std::string{info.param.name}; });

class ExpiredRowsTest : public testing::Test {
protected:
    static Task<> until_none(AuthStore& db, std::string sql, std::int64_t& found) {
        do {
            co_await db.store().read({sql, {}}, [&found](store::Row const& row) { found = row.integer(0); });
        } while (found > 0);
    }

    AuthStore db;
    ExpiredRows expired{db.store(), db.clock, "accesstoken", {.batch = 10, .every = std::chrono::milliseconds{1}}};
};

TEST_F(ExpiredRowsTest, EveryTableThatHasAnEndIsAmongThem) {
    std::vector<std::string> found;
    db.store().inspect({"SELECT m.name FROM sqlite_schema AS m, pragma_table_info(m.name) AS c WHERE m.type = 'table'"
                        " AND m.name LIKE 'sallyport%' AND c.name IN"
                        " ('expires_at', 'last_at', 'at', 'last_login', 'stopped_until') ORDER BY 1",
                        {}},
                       [&](store::Row const& row) { found.emplace_back(row.text(0)); });
    found.emplace_back("sallyport_trusted_devices");       // They end so many days after they were made.
    std::vector<std::string> covered{"sallyport_outbox"};  // Delivery gives its messages up by itself.
    for (auto const& table : tables) covered.emplace_back(table.name);
    for (auto* names : {&found, &covered}) std::ranges::sort(*names);
    EXPECT_EQ(found, covered);
}

TEST_F(ExpiredRowsTest, ASessionGoesWithItsToken) {
    db.store().prepare(
        {{"INSERT INTO accesstoken (id, ttl, created, userid) VALUES ('a', 1, 1, 1), ('b', 1, 1, 1)", {}},
         {"INSERT INTO sallyport_sessions (id, user_model, user_id, purpose, created, last_used,"
          " auth_time, expires_at, factors, network, agent) VALUES"
          " ('a', 'E', '1', 'session', 1, 1, 1, 1, '[]', '', ''),"
          " ('b', 'E', '1', 'session', 1, 1, 1, ?1, '[]', '', '')",
          {db.clock.now()}}});
    wait_for(expired.drop_some());
    EXPECT_EQ(db.number("SELECT count(*) FROM accesstoken WHERE id = 'b'"), 1);
    EXPECT_EQ(db.number("SELECT count(*) FROM accesstoken"), 1);
    EXPECT_EQ(db.number("SELECT count(*) FROM sallyport_sessions"), 1);
}

TEST_F(ExpiredRowsTest, GoAgainAndAgain) {
    using namespace boost::asio::experimental::awaitable_operators;
    auto const insert = [&](int first) {
        std::vector<store::Statement> statements;
        for (int i = first; i < first + 35; ++i) statements.push_back({tables[1].insert, {std::to_string(i), 1}});
        db.store().prepare(statements);
    };
    std::int64_t left = -1;
    auto const both = [&]() -> Task<> {
        insert(0);
        co_await until_none(db, "SELECT count(*) FROM sallyport_buckets", left);
        insert(100);
        co_await until_none(db, "SELECT count(*) FROM sallyport_buckets", left);
    };
    auto const test = [&]() -> Task<> { co_await (expired.keep_dropping() || both()); };
    wait_for(test());
    EXPECT_EQ(left, 0);
}

}  // namespace
}  // namespace sallyport::auth

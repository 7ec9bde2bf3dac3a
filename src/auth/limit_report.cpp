#include "auth/limit_report.hpp"

#include "auth/throttle.hpp"
#include "http/network.hpp"

#include <cassert>
#include <utility>

namespace sallyport::auth {
namespace {

/// A condition and the values it binds, from ?1 on.
struct Condition {
    std::string sql;
    std::vector<store::Value> values;

    std::string bind(store::Value value) {
        values.push_back(std::move(value));
        return "?" + std::to_string(values.size());
    }
    void or_else(std::string const& other) { sql += (sql.empty() ? "" : " OR ") + other; }
};

// Pieces that the key of a bucket has if, and only if, it counts against the subject: keys end in "/" and the window.
std::vector<std::string> pieces_of(LimitSubject const& subject) {
    std::vector<std::string> pieces;
    if (auto const& account = subject.account) {
        pieces.push_back(":" + account->model + ":" + account->id + "/");
        pieces.push_back(":" + account->model + ":account:" + to_display(account->user_id()) + "/");
    }
    for (auto const& tag : subject.identifiers) pieces.push_back(":" + tag + "/");
    if (!subject.address.empty()) {
        pieces.push_back("address:" + http::network_of(subject.address, 32, 64) + "/");
        pieces.push_back("network:" + http::network_of(subject.address, 24, 48) + "/");
        pieces.push_back("told:" + http::network_of(subject.address, 32, 64) + "/");
    }
    if (!subject.number.empty()) pieces.push_back("send:number:" + subject.number + "/");
    if (!subject.range.empty()) pieces.push_back("send:prefix:" + subject.range + "/");
    return pieces;
}

Condition of_buckets(LimitSubject const& subject) {
    Condition condition;
    for (auto& piece : pieces_of(subject))
        condition.or_else("instr(key, " + condition.bind(std::move(piece)) + ") > 0");
    return condition;
}

// Failed passwords are counted by model and tag; those of another model are another's.
Condition of_failures(LimitSubject const& subject) {
    Condition condition;
    for (auto const& tag : subject.identifiers)
        condition.or_else("key = " + condition.bind("password:" + subject.model + ":" + tag));
    return condition;
}

Condition of_counters(LimitSubject const& subject) {
    Condition condition;
    if (!subject.account) return condition;
    auto const model = condition.bind(subject.account->model);
    condition.sql = "user_model = " + model + " AND user_id = " + condition.bind(subject.account->id);
    return condition;
}

Condition of_ranges(LimitSubject const& subject) {
    Condition condition;
    if (!subject.range.empty()) condition.sql = "prefix = " + condition.bind(subject.range);
    return condition;
}

/// A way to find limits of one kind: whose, and when one is shown though nobody was named.
struct Kind {
    Condition (*of)(LimitSubject const&);
    std::string_view table;
    std::string_view columns;
    std::string_view is_live;  ///< :now stands for the time.
    std::string_view is_full;
    Json (*show)(store::Row const&);
};

Json show_bucket(store::Row const& row) {
    auto const key = row.text(0);
    auto const seconds = (row.integer(3) - row.integer(4)) / 1000;
    return JsonObject{{"limit", std::string{key.substr(0, key.rfind('/'))}},
                      {"count", row.integer(1)},
                      {"most", row.integer(2)},
                      {"seconds", seconds},
                      {"until", Json::date(static_cast<double>(row.integer(3)))}};
}

Json show_failures(store::Row const& row) {
    auto const until = row.integer(2) + password_wait_ms(row.integer(1));
    return JsonObject{{"limit", std::string{row.text(0)}},
                      {"count", row.integer(1)},
                      {"most", free_password_failures},
                      {"until", Json::date(static_cast<double>(until))}};
}

Json show_counter(store::Row const& row) {
    return JsonObject{{"limit", "wrong codes in a row:" + std::string{row.text(0)} + ":" + std::string{row.text(1)} +
                                    ":" + std::string{row.text(2)}},
                      {"count", row.integer(3)}};
}

Json show_range(store::Row const& row) {
    return JsonObject{{"limit", "stopped range:" + std::string{row.text(0)}},
                      {"until", Json::date(static_cast<double>(row.integer(1)))}};
}

std::vector<Kind> const& kinds() {
    static std::vector<Kind> const all{
        {of_buckets, "sallyport_buckets", "key, n, most, expires_at, window_start",
         "expires_at > :now AND n > 0 AND key NOT LIKE 'told:%'", "n >= most", show_bucket},
        {of_failures, "sallyport_failures", "key, n, last_at", "last_at > :now - 86400000", "n >= 5", show_failures},
        {of_counters, "sallyport_counters", "user_model, user_id, factor, consecutive, disabled_at", "consecutive > 0",
         "disabled_at IS NOT NULL", show_counter},
        {of_ranges, "sallyport_prefixes", "prefix, stopped_until", "stopped_until > :now", "1", show_range}};
    return all;
}

store::Statement select(Kind const& kind, LimitSubject const& subject, std::int64_t now, std::int64_t rows) {
    auto condition = kind.of(subject);
    auto const which = condition.sql.empty() ? std::string{kind.is_full} : "(" + condition.sql + ")";
    std::string live{kind.is_live};
    if (auto const at = live.find(":now"); at != std::string::npos) live.replace(at, 4, condition.bind(now));
    auto sql = "SELECT " + std::string{kind.columns} + " FROM " + std::string{kind.table} + " WHERE " + live + " AND " +
               which + " ORDER BY 2 DESC, 1 LIMIT " + condition.bind(rows);
    return {std::move(sql), std::move(condition.values)};
}

}  // namespace

bool LimitSubject::is_everybody() const { return pieces_of(*this).empty(); }

Task<Json> limits_of(store::Store& store, LimitSubject subject, std::int64_t now, std::int64_t rows) {
    JsonArray found;
    for (auto const& kind : kinds()) {
        if (!subject.is_everybody() && kind.of(subject).sql.empty()) continue;
        co_await store.read(select(kind, subject, now, rows),
                            [&](store::Row const& row) { found.push_back(kind.show(row)); });
    }
    co_return Json{std::move(found)};
}

Task<std::int64_t> lift_limits(store::Transaction& transaction, LimitSubject subject) {
    assert(!subject.is_everybody());
    std::int64_t lifted = 0;
    for (auto const& kind : kinds()) {
        auto condition = kind.of(subject);
        if (condition.sql.empty()) continue;
        lifted += co_await transaction.run(
            {"DELETE FROM " + std::string{kind.table} + " WHERE " + condition.sql, std::move(condition.values)});
    }
    co_return lifted;
}

}  // namespace sallyport::auth

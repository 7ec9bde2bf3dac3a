#include "auth/audit.hpp"

#include "http/network.hpp"

#include <algorithm>
#include <utility>

namespace sallyport::auth {
namespace {

std::int64_t constexpr most_kept = 500'000;
std::int64_t constexpr most_lasting = 10'000'000;

// Of the eight oldest of its sort: each event written pays for the end of as many, and no more rows are looked at.
auto constexpr drop_old = R"(
DELETE FROM sallyport_audit WHERE id IN
  (SELECT id FROM (SELECT id, at FROM sallyport_audit WHERE lasting = ?3 ORDER BY id LIMIT 8)
   WHERE id <= ?1 OR at < ?2))";

std::string_view name_of(Event::Outcome outcome) { return outcome == Event::Outcome::done ? "done" : "refused"; }

void set_unless_empty(JsonObject& object, std::string const& name, std::string_view text) {
    if (!text.empty()) object.set(name, std::string{text});
}

// The end of a range of texts that begin with `beginning`.
std::string after_all(std::string beginning) {
    beginning.push_back('\x7f');
    return beginning;
}

}  // namespace

Source Source::of(Request const& request) { return {http::network_of(request.peer), agent_of(request)}; }

bool is_lasting(Event const& event) {
    constexpr std::string_view kinds[] = {"account", "device.trusted",   "device.revoked", "email.", "factor",
                                          "limits.", "password.changed", "recovery.",      "role.",  "username."};
    return !event.actor.empty() ||
           std::ranges::any_of(kinds, [&](std::string_view kind) { return event.name.starts_with(kind); });
}

Task<std::int64_t> record(store::Transaction& transaction, Event event, std::int64_t now) {
    std::int64_t id = 0;
    std::int64_t const lasting = is_lasting(event) ? 1 : 0;
    co_await transaction.read(
        {R"(
INSERT INTO sallyport_audit
  (at, event, outcome, user_model, user_id, identifier, factor, about, actor, network, agent, lasting)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12) RETURNING id)",
         {now, std::move(event.name), std::string{name_of(event.outcome)}, std::move(event.account.model),
          std::move(event.account.id), std::move(event.identifier), std::move(event.factor), std::move(event.about),
          std::move(event.actor), std::move(event.source.network), std::move(event.source.agent), lasting}},
        [&](store::Row const& row) { id = row.integer(0); });
    auto const last_to_go = id - (lasting == 0 ? most_kept : most_lasting);
    co_await transaction.run({drop_old, {last_to_go, now - audit_kept_ms, lasting}});
    co_return id;
}

Task<> settle(store::Transaction& transaction, std::int64_t id) {
    co_await transaction.run({"UPDATE sallyport_audit SET outcome = 'done' WHERE id = ?1", {id}});
}

Task<> forget_person(store::Transaction& transaction, Account account) {
    co_await transaction.run(
        {"UPDATE sallyport_audit SET identifier = '', about = '', network = '', agent = ''"
         " WHERE user_model = ?1 AND user_id = ?2",
         {account.model, account.id}});
}

store::Statement select_events(EventFilter const& filter) {
    store::Statement statement{R"(
SELECT at, event, outcome, user_model, user_id, identifier, factor, about, actor, network, agent, id
FROM sallyport_audit WHERE at >= ?1)",
                               {filter.since}};
    auto const bind = [&statement](store::Value value) {
        statement.values.push_back(std::move(value));
        return "?" + std::to_string(statement.values.size());
    };
    if (filter.account) {
        statement.sql += " AND user_model = " + bind(filter.account->model);
        statement.sql += " AND user_id = " + bind(filter.account->id);
    }
    if (!filter.model.empty()) statement.sql += " AND user_model = " + bind(filter.model);
    if (!filter.identifier.empty()) statement.sql += " AND identifier = " + bind(filter.identifier);
    if (!filter.name.empty()) {
        statement.sql += " AND event >= " + bind(filter.name);
        statement.sql += " AND event < " + bind(after_all(filter.name));
    }
    if (filter.before > 0) statement.sql += " AND id < " + bind(filter.before);
    statement.sql += " ORDER BY id DESC LIMIT " + bind(filter.limit);
    return statement;
}

Json read_event(store::Row const& row) {
    JsonObject event{{"at", Json::date(static_cast<double>(row.integer(0)))},
                     {"event", std::string{row.text(1)}},
                     {"outcome", std::string{row.text(2)}}};
    set_unless_empty(event, "model", row.text(3));
    if (!row.text(4).empty()) event.set("userId", parse_json(row.text(4)));
    char const* const names[] = {"identifier", "factor", "about", "actor", "network", "agent"};
    for (int i = 0; i < 6; ++i) set_unless_empty(event, names[i], row.text(5 + i));
    return event;
}

}  // namespace sallyport::auth

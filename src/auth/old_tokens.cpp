// All in SQL, so that a million tokens are two statements: sallyport_token(text) is stored_id() there.

#include "auth/old_tokens.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <string_view>

namespace sallyport::auth {
namespace {

using query::quote;
using store::Statement;

constexpr std::string_view in_clear = "NOT LIKE 'sha256:%'";

// LoopBack's SQL connectors write a list as JSON inside a JSON text. What is no JSON gives nobody a right.
constexpr std::string_view scopes_once = R"(
CASE WHEN NOT json_valid(scopes) THEN NULL
     WHEN json_type(scopes) = 'text' THEN json_extract(scopes, '$') ELSE scopes END)";

bool answers(store::Store& store, Statement const& statement) {
    auto found = false;
    store.inspect(statement, [&](store::Row const&) { found = true; });
    return found;
}

bool has_column(store::Store& store, std::string const& table, std::string const& column) {
    return answers(store, {"SELECT 1 FROM pragma_table_info(?1) WHERE name = ?2 COLLATE NOCASE", {table, column}});
}

bool is_in_clear(store::Store& store, std::string const& table, std::string const& column) {
    if (!has_column(store, table, column)) return false;
    return answers(store,
                   {fmt::format("SELECT 1 FROM {} WHERE {} {} LIMIT 1", quote(table), quote(column), in_clear), {}});
}

// Every user of every user model: (model, raw id, id as sessions hold it).
Statement owners(std::vector<query::Table> const& users) {
    Statement all;
    for (auto const& table : users) {
        all.values.emplace_back(table.model->name);
        auto const id = quote(table.columns[table.id].name);
        all.sql += fmt::format("{}SELECT ?{} AS model, {} AS raw, json_quote({}) AS id FROM {}",
                               all.sql.empty() ? "" : " UNION ALL ", all.values.size(), id, id, quote(table.name));
    }
    return all;
}

Statement make_sessions(store::Store& store, OldTokens const& tokens, std::int64_t now) {
    auto statement = owners(tokens.users);
    auto const by_type = has_column(store, tokens.table, "principaltype")
                             ? " AND (t.principaltype IS NULL OR t.principaltype = o.model)"
                             : "";
    statement.values.emplace_back(now);
    statement.sql = fmt::format(R"(
INSERT OR IGNORE INTO sallyport_sessions
  (id, user_model, user_id, purpose, created, last_used, auth_time, expires_at, factors, network, agent)
SELECT sallyport_token(t.id), min(o.model), min(o.id),
  CASE WHEN t.scopes LIKE '%reset-password%' THEN 'reset' ELSE 'session' END,
  coalesce(t.created, 0), ?{now}, coalesce(t.created, 0),
  CAST(coalesce(t.created, 0) + CASE t.ttl WHEN -1 THEN 1e11 ELSE min(coalesce(t.ttl, 1209600), 1e11) END * 1000 AS INTEGER), '["password"]', '', ''
FROM {table} t JOIN ({owners}) o ON (o.raw = t.userid OR CAST(o.raw AS TEXT) = t.userid){by_type}
WHERE t.id {in_clear} AND (t.scopes IS NULL OR json_valid(t.scopes)) GROUP BY t.id HAVING count(*) = 1)",
                                fmt::arg("now", statement.values.size()), fmt::arg("owners", statement.sql),
                                fmt::arg("by_type", by_type), fmt::arg("in_clear", in_clear),
                                fmt::arg("table", quote(tokens.table)));
    return statement;
}

Statement hash(std::string const& table, std::string const& column, std::string const& also = {}) {
    return {fmt::format("UPDATE {0} SET {1} = sallyport_token({1}){2} WHERE {1} {3}", quote(table), quote(column), also,
                        in_clear),
            {}};
}

}  // namespace

std::vector<Statement> plan_old_tokens(store::Store& store, OldTokens const& tokens, std::int64_t now) {
    std::vector<Statement> plan;
    if (tokens.are_coming || is_in_clear(store, tokens.table, "id")) {
        if (tokens.knows_all_users && !tokens.users.empty()) plan.push_back(make_sessions(store, tokens, now));
        plan.push_back(hash(tokens.table, "id", fmt::format(", scopes = {}", scopes_once)));
    }
    for (auto const& table : tokens.users) {
        auto const* column = table.column("verificationToken");
        if (column == nullptr) continue;
        if (tokens.are_coming || is_in_clear(store, table.name, column->name))
            plan.push_back(hash(table.name, column->name));
    }
    return plan;
}

}  // namespace sallyport::auth

#include "methods/beside_accounts.hpp"

#include <fmt/format.h>

#include <utility>

namespace sallyport::methods {
namespace {

// "... WHERE user_model = ?1 AND user_id IN (?2, ?3)", the ids bound.
store::Statement of_accounts(std::string select, std::string const& model, std::vector<std::string> const& ids,
                             std::string_view rest = "") {
    store::Statement statement{std::move(select) + " WHERE user_model = ?1 AND user_id IN (", {model}};
    for (auto const& id : ids) {
        statement.values.emplace_back(id);
        statement.sql += (statement.values.size() > 2 ? ", ?" : "?") + std::to_string(statement.values.size());
    }
    statement.sql += std::string{")"} + std::string{rest};
    return statement;
}

}  // namespace

Task<BesideAccounts> beside_accounts(model::StoredModel& model, std::vector<std::string> ids, std::int64_t now) {
    BesideAccounts found;
    auto& store = *model.store();
    auto const& name = model.name();
    auto const into = [](auto& map) {
        return [&map](store::Row const& row) { map[std::string{row.text(0)}] = row.integer(1); };
    };
    auto live = of_accounts("SELECT user_id, count(*) FROM sallyport_sessions", name, ids,
                            " AND purpose = 'session' AND expires_at > ");
    live.values.emplace_back(now);
    live.sql += "?" + std::to_string(live.values.size()) + " GROUP BY user_id";
    co_await store.read(std::move(live), into(found.sessions));
    co_await store.read(
        of_accounts("SELECT user_id, max(last_login) FROM sallyport_devices", name, ids, " GROUP BY user_id"),
        into(found.last_logins));
    co_await store.read(of_accounts("SELECT user_id, since FROM sallyport_disabled", name, ids), into(found.disabled));
    co_await store.read(
        of_accounts(fmt::format("SELECT {}, user_id FROM sallyport_factors", auth::factor_columns), name, ids,
                    " ORDER BY id"),
        [&](store::Row const& row) {
            found.factors[std::string{row.text(auth::after_factor_columns)}].push_back(auth::read_factor(row));
        });
    co_return found;
}

}  // namespace sallyport::methods

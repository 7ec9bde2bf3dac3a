#include "auth/sessions.hpp"

#include "query/table.hpp"

#include <fmt/format.h>

#include <utility>

namespace sallyport::auth {
namespace {

constexpr std::size_t most_kept = 4096;

auto constexpr find_session = R"(
SELECT a.ttl, a.created, a.scopes, s.user_model, s.user_id, s.last_used, s.auth_time, s.factors, s.rowid
FROM {} a JOIN sallyport_sessions s ON s.id = a.id WHERE a.id = ?1)";

std::vector<std::string> to_texts(std::string_view json) {
    std::vector<std::string> texts;
    if (json.empty()) return texts;
    auto const array = parse_json(json);
    if (!array.is_array()) return texts;
    for (auto const& item : array.as_array()) {
        if (item.is_string()) texts.push_back(item.as_string());
    }
    return texts;
}

Session to_session(store::Row const& row) {
    Session session{.ttl = row.real(0),
                    .created = row.integer(1),
                    .scopes = to_texts(row.text(2)),
                    .user_model = std::string{row.text(3)},
                    .user_id = parse_json(row.text(4)),
                    .last_used = row.integer(5),
                    .authenticated_at = row.integer(6),
                    .factors = to_texts(row.text(7))};
    if (session.scopes.empty()) session.scopes.emplace_back("DEFAULT");
    return session;
}

}  // namespace

bool Session::is_over(std::int64_t now, double idle_seconds) const {
    auto const age = static_cast<double>(now - created);
    auto const idle = static_cast<double>(now - last_used);
    return !(age < ttl * 1000) || (idle_seconds > 0 && idle > idle_seconds * 1000);
}

Sessions::Sessions(store::Store& store, std::string const& table)
    : store_{store},
      find_session_{fmt::format(find_session, query::quote(table))},
      tokens_{store.watch(table)},
      sessions_{store.watch("sallyport_sessions")} {}

Task<std::shared_ptr<Session const>> Sessions::find(std::string id) {
    if (auto kept = find_kept(id)) co_return kept;
    auto const is_watched = tokens_ != nullptr && sessions_ != nullptr;
    Kept found;
    if (is_watched) found.token_changes = tokens_->of_any();
    auto const before = is_watched ? sessions_->of_any() : 0;
    auto const reader = [&found](store::Row const& row) {
        found.session = std::make_shared<Session const>(to_session(row));
        found.row = row.integer(8);
    };
    co_await store_.read({find_session_, {id}}, reader, store::Plan::point);
    if (!found.session || !is_watched) co_return found.session;
    found.row_changes = sessions_->of(found.row);
    auto session = found.session;
    if (sessions_->of_any() == before) keep(std::move(id), std::move(found));
    co_return session;
}

std::shared_ptr<Session const> Sessions::find_kept(std::string const& id) {
    std::lock_guard const lock{mutex_};
    auto const found = kept_.find(id);
    if (found == kept_.end()) return nullptr;
    auto const& kept = found->second;
    if (kept.token_changes == tokens_->of_any() && kept.row_changes == sessions_->of(kept.row)) return kept.session;
    kept_.erase(found);
    return nullptr;
}

void Sessions::keep(std::string id, Kept kept) {
    std::lock_guard const lock{mutex_};
    if (kept_.size() >= most_kept) kept_.clear();  // Rare, and each is one read away.
    kept_.insert_or_assign(std::move(id), std::move(kept));
}

}  // namespace sallyport::auth

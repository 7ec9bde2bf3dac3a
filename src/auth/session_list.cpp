#include "auth/session_list.hpp"

namespace sallyport::auth {
namespace {

Json date(std::int64_t time) { return Json::date(static_cast<double>(time)); }

}  // namespace

std::string ListedSession::handle() const {
    constexpr std::size_t digits = 8;
    return id.substr(id.find(':') + 1, digits);
}

Json ListedSession::to_json(bool is_current) const {
    return JsonObject{{"id", handle()},
                      {"created", date(created)},
                      {"lastUsed", date(last_used)},
                      {"expires", date(expires_at)},
                      {"factors", JsonArray(factors.begin(), factors.end())},
                      {"network", network},
                      {"client", agent},
                      {"current", is_current}};
}

store::Statement select_sessions(Account const& account, std::int64_t now) {
    return {
        "SELECT id, created, last_used, expires_at, factors, network, agent FROM sallyport_sessions"
        " WHERE user_model = ?1 AND user_id = ?2 AND purpose = 'session' AND expires_at > ?3"
        " ORDER BY created DESC, id",
        {account.model, account.id, now}};
}

ListedSession read_session(store::Row const& row) {
    ListedSession session{.id = std::string{row.text(0)},
                          .created = row.integer(1),
                          .last_used = row.integer(2),
                          .expires_at = row.integer(3),
                          .factors = {},
                          .network = std::string{row.text(5)},
                          .agent = std::string{row.text(6)}};
    for (auto const& factor : parse_json(row.text(4)).as_array()) session.factors.push_back(factor.as_string());
    return session;
}

}  // namespace sallyport::auth

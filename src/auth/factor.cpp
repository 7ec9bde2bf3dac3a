#include "auth/factor.hpp"

#include <algorithm>
#include <utility>

namespace sallyport::auth {
namespace {

using State = Factor::State;

std::pair<State, std::string_view> constexpr names[] = {{State::adding, "adding"},
                                                        {State::pending, "pending"},
                                                        {State::confirmed, "confirmed"},
                                                        {State::removed, "removed"},
                                                        {State::dropped, "dropped"}};

std::string name_of(State state) {
    return std::string{std::ranges::find(names, state, &std::pair<State, std::string_view>::first)->second};
}

State state_named(std::string_view name) {
    auto const* found = std::ranges::find(names, name, &std::pair<State, std::string_view>::second);
    return found == std::end(names) ? State::removed : found->first;
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

Json Factor::to_json() const {
    return JsonObject{{"id", id},
                      {"type", type},
                      {"hint", phone_hint(target)},
                      {"confirmed", state == State::confirmed},
                      {"created", Json::date(static_cast<double>(created))}};
}

bool is_phone_number(std::string_view text) {
    return text.size() >= 9 && text.size() <= 16 && text[0] == '+' && text[1] != '0' &&
           std::ranges::all_of(text.substr(1), is_digit);
}

std::string phone_hint(std::string_view number) {
    auto const last = number.size() > 2 ? number.substr(number.size() - 2) : std::string_view{};
    return "+•• ••• ••" + std::string{last};
}

bool counts(Factor const& factor) { return factor.state == State::pending || factor.state == State::confirmed; }

store::Statement select_factors(Account const& account) {
    return {
        "SELECT id, type, target, state, created FROM sallyport_factors"
        " WHERE user_model = ?1 AND user_id = ?2 ORDER BY id",
        {account.model, account.id}};
}

Factor read_factor(store::Row const& row) {
    return {row.integer(0), std::string{row.text(1)}, std::string{row.text(2)}, state_named(row.text(3)),
            row.integer(4)};
}

Task<std::vector<Factor>> factors_of(store::Transaction& transaction, Account account) {
    std::vector<Factor> factors;
    co_await transaction.read(select_factors(account),
                              [&](store::Row const& row) { factors.push_back(read_factor(row)); });
    co_return factors;
}

Task<std::int64_t> add_factor(store::Transaction& transaction, Account account, Factor factor) {
    std::int64_t id = 0;
    co_await transaction.read(
        {"INSERT INTO sallyport_factors (user_model, user_id, type, target, state, created)"
         " VALUES (?1, ?2, ?3, ?4, ?5, ?6) RETURNING id",
         {account.model, account.id, factor.type, factor.target, name_of(factor.state), factor.created}},
        [&](store::Row const& row) { id = row.integer(0); });
    co_return id;
}

Task<> confirm_factor(store::Transaction& transaction, Account account, Factor factor) {
    co_await transaction.run(
        {"UPDATE sallyport_factors SET state = 'removed'"
         " WHERE user_model = ?1 AND user_id = ?2 AND type = ?3 AND id <> ?4",
         {account.model, account.id, factor.type, factor.id}});
    co_await transaction.run({"UPDATE sallyport_factors SET state = 'confirmed' WHERE id = ?1", {factor.id}});
    co_await transaction.run({"DELETE FROM sallyport_counters WHERE user_model = ?1 AND user_id = ?2 AND factor = ?3",
                              {account.model, account.id, factor.type}});
}

Task<> drop_unconfirmed(store::Transaction& transaction, Account account) {
    co_await transaction.run(
        {"DELETE FROM sallyport_factors WHERE user_model = ?1 AND user_id = ?2 AND state = 'adding'",
         {account.model, account.id}});
}

Task<> drop_factors(store::Transaction& transaction, Account account) {
    co_await transaction.run(
        {"UPDATE sallyport_factors SET state = 'dropped'"
         " WHERE user_model = ?1 AND user_id = ?2 AND state IN ('confirmed', 'removed')",
         {account.model, account.id}});
}

}  // namespace sallyport::auth

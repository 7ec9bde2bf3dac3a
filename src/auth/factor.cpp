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

// Those removed before: one that was is enough to tell that the account had a factor. Codes by mail are no such.
Task<> forget_removed(store::Transaction& transaction, Account account) {
    co_await transaction.run(
        {"DELETE FROM sallyport_factors"
         " WHERE user_model = ?1 AND user_id = ?2 AND type <> 'email' AND state = 'removed'",
         {account.model, account.id}});
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

std::string Factor::hint() const {
    if (type == "sms") return phone_hint(target);
    if (type == "email") return "your email address";
    return type == "totp" ? "authenticator app" : "recovery code";
}

Json Factor::to_json() const {
    JsonObject shown{{"id", id}, {"type", type}};
    if (!label.empty()) shown.append("label", label);
    shown.append("hint", hint());
    shown.append("confirmed", state == State::confirmed);
    if (is_preferred) shown.append("preferred", true);
    shown.append("created", Json::date(static_cast<double>(created)));
    if (last_used) shown.append("lastUsed", Json::date(static_cast<double>(*last_used)));
    return shown;
}

int strength_of(std::string_view type) {
    if (type == "totp" || type == "recovery") return 3;
    if (type == "sms") return 2;
    return type == "email" || type == "console" ? 1 : 0;
}

int strength_of(std::vector<std::string> const& types) {
    int most = 0;
    for (auto const& type : types) most = std::max(most, strength_of(type));
    return most;
}

bool has_second(std::vector<std::string> const& types) {
    return std::ranges::any_of(types, [](std::string const& type) { return type != "email" && strength_of(type) > 0; });
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
    return {"SELECT " + std::string{factor_columns} +
                " FROM sallyport_factors WHERE user_model = ?1 AND user_id = ?2 ORDER BY id",
            {account.model, account.id}};
}

Factor read_factor(store::Row const& row) {
    return {.id = row.integer(0),
            .type = std::string{row.text(1)},
            .target = std::string{row.text(2)},
            .state = state_named(row.text(3)),
            .created = row.integer(4),
            .label = std::string{row.text(5)},
            .secret = std::string{row.text(6)},
            .last_used = row.is_null(7) ? std::nullopt : std::optional{row.integer(7)},
            .is_preferred = row.integer(8) != 0};
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
        {"INSERT INTO sallyport_factors (user_model, user_id, type, target, state, created, label, secret)"
         " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) RETURNING id",
         {account.model, account.id, factor.type, factor.target, name_of(factor.state), factor.created, factor.label,
          factor.secret}},
        [&](store::Row const& row) { id = row.integer(0); });
    co_return id;
}

Task<> confirm_factor(store::Transaction& transaction, Account account, Factor factor) {
    if (factor.type == "sms") {
        co_await forget_removed(transaction, account);
        co_await transaction.run(
            {"UPDATE sallyport_factors SET state = 'removed'"
             " WHERE user_model = ?1 AND user_id = ?2 AND type = 'sms' AND id <> ?3",
             {account.model, account.id, factor.id}});
    }
    co_await transaction.run({"UPDATE sallyport_factors SET state = 'confirmed' WHERE id = ?1", {factor.id}});
    co_await forget_counter(transaction, std::move(account), factor.type);
}

Task<> forget_counter(store::Transaction& transaction, Account account, std::string factor) {
    co_await transaction.run({"DELETE FROM sallyport_counters WHERE user_model = ?1 AND user_id = ?2 AND factor = ?3",
                              {account.model, account.id, std::move(factor)}});
}

Task<> note_use(store::Transaction& transaction, std::int64_t id, std::int64_t now) {
    co_await transaction.run({"UPDATE sallyport_factors SET last_used = ?2 WHERE id = ?1", {id, now}});
}

Task<> remove_factor(store::Transaction& transaction, Account account, std::int64_t id) {
    co_await forget_removed(transaction, account);
    co_await transaction.run(
        {"UPDATE sallyport_factors SET state = 'removed', secret = '', preferred = 0 WHERE id = ?1", {id}});
}

Task<> describe_factor(store::Transaction& transaction, Account account, Factor factor) {
    if (factor.is_preferred) {
        co_await transaction.run(
            {"UPDATE sallyport_factors SET preferred = 0 WHERE user_model = ?1 AND user_id = ?2 AND preferred = 1",
             {account.model, account.id}});
    }
    co_await transaction.run({"UPDATE sallyport_factors SET label = ?2, preferred = ?3 WHERE id = ?1",
                              {factor.id, factor.label, std::int64_t{factor.is_preferred ? 1 : 0}}});
}

Task<> drop_unconfirmed(store::Transaction& transaction, Account account) {
    co_await transaction.run(
        {"DELETE FROM sallyport_factors WHERE user_model = ?1 AND user_id = ?2 AND state = 'adding'",
         {account.model, account.id}});
}

Task<> drop_factors(store::Transaction& transaction, Account account, Pending pending) {
    co_await transaction.run(
        {"UPDATE sallyport_factors SET state = 'dropped'"
         " WHERE user_model = ?1 AND user_id = ?2 AND type <> 'email'"
         " AND (state IN ('confirmed', 'removed') OR (state = 'pending' AND ?3 = 1))",
         {account.model, account.id, std::int64_t{pending == Pending::go ? 1 : 0}}});
}

}  // namespace sallyport::auth

#include "auth/access_token.hpp"

#include "auth/address_change.hpp"
#include "auth/audit.hpp"
#include "auth/disabled_account.hpp"
#include "auth/trusted_device.hpp"
#include "crypto/digest.hpp"
#include "crypto/random.hpp"
#include "http/network.hpp"
#include "query/table.hpp"
#include "sallyport/error.hpp"

#include <fmt/format.h>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/this_coro.hpp>

#include <algorithm>
#include <utility>

namespace sallyport::auth {
namespace {

std::size_t constexpr token_length = 64;
std::int64_t constexpr touch_every_ms = 60'000;  // how exactly last use is known
double constexpr longest_ttl = 1e11;
std::size_t constexpr most_mailed = 3;  // reset links, and enrolments, alive at once

std::string_view name_of(Proof::Purpose purpose) {
    switch (purpose) {
        case Proof::Purpose::session:
            return "session";
        case Proof::Purpose::enrol:
            return "enrol";
        case Proof::Purpose::reset:
            return "reset";
    }
    return "session";
}

std::string_view event_of(Proof::Purpose purpose) {
    switch (purpose) {
        case Proof::Purpose::session:
            return "session.begun";
        case Proof::Purpose::enrol:
            return "enrolment.begun";
        case Proof::Purpose::reset:
            return "password.link";
    }
    return "session.begun";
}

Json to_array(std::vector<std::string> const& texts) { return Json{JsonArray(texts.begin(), texts.end())}; }

// The column takes the id as LoopBack's connector would write it.
store::Value to_value(Json const& id, bool as_text) {
    if (as_text) return to_display(id);
    if (id.is_number()) return id.as_number();
    return id.is_string() ? id.as_string() : to_text(id);
}

store::Statement delete_token(std::string const& table, std::string id) {
    return {fmt::format("DELETE FROM {} WHERE id = ?1", query::quote(table)), {std::move(id)}};
}

Task<> delete_both(store::Transaction& transaction, std::string const& table, std::string id) {
    co_await transaction.run({"DELETE FROM sallyport_sessions WHERE id = ?1", {id}});
    co_await transaction.run(delete_token(table, std::move(id)));
}

Task<> remove(store::Store& store, std::string const& table, std::string id) {
    co_await store.write([&](store::Transaction& transaction) { return delete_both(transaction, table, id); });
}

store::Statement insert_token(AccessTokens::Rules const& rules, std::vector<store::Value> values,
                              std::string const& user_model) {
    if (rules.names_user_model) values.emplace_back(user_model);
    return {fmt::format("INSERT INTO {} (id, ttl, scopes, created, userid{}) VALUES (?1, ?2, ?3, ?4, ?5{})",
                        query::quote(rules.table), rules.names_user_model ? ", principaltype" : "",
                        rules.names_user_model ? ", ?6" : ""),
            std::move(values)};
}

Task<> touch_row(store::Transaction& transaction, std::string id, std::int64_t now) {
    // Only a row that is there and old: a session that ended meanwhile stays ended.
    co_await transaction.run({"UPDATE sallyport_sessions SET last_used = ?2 WHERE id = ?1 AND last_used <= ?3",
                              {std::move(id), now, now - touch_every_ms}});
}

// Runs beside the reply. If it fails, the next use tries again.
Task<> touch(store::Store& store, std::string id, std::int64_t now) {
    co_await store.write([&id, now](store::Transaction& transaction) { return touch_row(transaction, id, now); });
}

Error ended() { return {401, "Authorization Required", "AUTHORIZATION_REQUIRED"}; }

}  // namespace

Proof ProofOf::password(std::string user_model, Json user_id) {
    return {std::move(user_model), std::move(user_id), {"password"}};
}

Proof ProofOf::password_and_code(std::string user_model, Json user_id, std::string factor) {
    return {std::move(user_model), std::move(user_id), {"password", std::move(factor)}};
}

Proof ProofOf::password_on_trusted_device(std::string user_model, Json user_id) {
    Proof proof{std::move(user_model), std::move(user_id), {"password"}};
    proof.is_full_ = false;
    return proof;
}

Proof ProofOf::enrolment(std::string user_model, Json user_id) {
    return {std::move(user_model), std::move(user_id), {"password"}, Proof::Purpose::enrol};
}

Proof ProofOf::password_and_ticket(std::string user_model, Json user_id) {
    return {std::move(user_model), std::move(user_id), {"password", "ticket"}, Proof::Purpose::enrol};
}

Proof ProofOf::mailed_link(std::string user_model, Json user_id) {
    return {std::move(user_model), std::move(user_id), {"link"}, Proof::Purpose::reset};
}

Proof ProofOf::operators_link(std::string user_model, Json user_id) {
    return {std::move(user_model), std::move(user_id), {"operator"}, Proof::Purpose::reset};
}

Proof ProofOf::password_and_enrolled(std::string user_model, Json user_id, std::string factor) {
    return {std::move(user_model), std::move(user_id), {"password", std::move(factor)}};
}

Json Token::to_json() const {
    auto row = Caller{.user_id = user_id, .token = id, .token_ttl = ttl, .token_created = created}.token_row();
    if (!user_model.empty()) row.as_object().set("principalType", user_model);
    return row;
}

definition::Model const* token_model(definition::Registry const& models, std::string_view data_source) {
    definition::Model const* found = nullptr;
    for (auto const& [name, model] : models.all()) {
        if (!model.is("AccessToken") || model.data_source != data_source) continue;
        if (found == nullptr || found->name == "AccessToken") found = &model;
    }
    return found;
}

std::string stored_id(std::string_view clear_token) { return "sha256:" + crypto::to_hex(crypto::sha256(clear_token)); }

AccessTokens::AccessTokens(store::Store& store, Clock const& clock, Rules rules, std::vector<std::string> user_models)
    : store_{store},
      clock_{clock},
      rules_{std::move(rules)},
      user_models_{std::move(user_models)},
      sessions_{store, rules_.table} {}

Task<Token> AccessTokens::mint(store::Transaction& transaction, Proof const& proof, TokenRules const& rules,
                               Request const& request) {
    auto const now = clock_.now();
    Token token{crypto::random_token(token_length), rules.ttl_seconds, now, proof.user_id()};
    if (rules_.names_user_model) token.user_model = proof.user_model();
    auto const id = stored_id(token.id);
    auto const account = Account::of(proof.user_model(), proof.user_id());
    if (co_await is_disabled(transaction, account)) throw Error{401, "login failed", "LOGIN_FAILED"};
    auto const scopes = proof.purpose() == Proof::Purpose::enrol ? std::vector<std::string>{"enrol"} : rules.scopes;
    store::Value scopes_column;
    if (!scopes.empty()) scopes_column = to_text(to_array(scopes));

    co_await transaction.run(
        insert_token(rules_, {id, token.ttl, scopes_column, now, to_value(proof.user_id(), rules_.user_ids_are_texts)},
                     account.model));
    auto const is_eternal = token.ttl == eternal_ttl && may_be_eternal(proof.user_model());
    auto const seconds = is_eternal ? longest_ttl : std::clamp(token.ttl, -longest_ttl, longest_ttl);
    auto const ends = now + static_cast<std::int64_t>(seconds * 1000);
    co_await transaction.run({R"(
INSERT INTO sallyport_sessions
  (id, user_model, user_id, purpose, created, last_used, auth_time, expires_at, factors, network, agent)
VALUES (?1, ?2, ?3, ?4, ?5, ?5, ?10, ?6, ?7, ?8, ?9))",
                              {id, account.model, account.id, std::string{name_of(proof.purpose())}, now, ends,
                               to_text(to_array(proof.factors())), http::network_of(request.peer), agent_of(request),
                               proof.is_full() ? now : std::int64_t{0}}});
    // A link for nobody, which its caller ends at once.
    bool const is_for_nobody = proof.user_id().is_null();
    co_await record(transaction,
                    {.name = std::string{event_of(proof.purpose())},
                     .outcome = is_for_nobody ? Event::Outcome::refused : Event::Outcome::done,
                     .account = is_for_nobody ? Account{account.model, ""} : account,
                     .factor = fmt::format("{}", fmt::join(proof.factors(), "+")),
                     .source = Source::of(request)},
                    now);
    auto const kept = proof.purpose() == Proof::Purpose::session ? rules.max_sessions : most_mailed;
    if (kept > 0) co_await make_room(transaction, proof, account.id, id, kept);
    co_return token;
}

// The oldest of an account's tokens of one purpose give way to the newest, and a few dead ones of anybody go with them.
Task<> AccessTokens::make_room(store::Transaction& transaction, Proof const& proof, std::string account_id,
                               std::string newest, std::size_t kept) {
    std::vector<std::string> leaving;
    auto const note = [&leaving](store::Row const& row) { leaving.emplace_back(row.text(0)); };
    co_await transaction.read({R"(
SELECT id FROM sallyport_sessions WHERE user_model = ?1 AND user_id = ?2 AND purpose = ?3 AND id <> ?4
ORDER BY created DESC, id DESC LIMIT 1000000 OFFSET ?5)",
                               {proof.user_model(), std::move(account_id), std::string{name_of(proof.purpose())},
                                std::move(newest), static_cast<std::int64_t>(kept) - 1}},
                              note);
    // A day of grace, in which the token still says that it expired instead of being unknown.
    co_await transaction.read(
        {"SELECT id FROM sallyport_sessions WHERE expires_at < ?1 LIMIT 4", {clock_.now() - 86'400'000}}, note);
    for (auto const& id : leaving) co_await delete_both(transaction, rules_.table, id);
}

Task<Caller> AccessTokens::identify(Request const& request) {
    auto token = presented_token(request, rules_.places);
    if (!token) co_return Caller{};
    auto id = stored_id(*token);
    auto const session = co_await sessions_.find(id);
    if (!session || std::ranges::find(user_models_, session->user_model) == user_models_.end()) co_return Caller{};

    auto const now = clock_.now();
    if (is_over(*session)) {
        co_await remove(store_, rules_.table, std::move(id));
        throw Error{401, "Invalid Access Token", "INVALID_TOKEN"};
    }
    if (now - session->last_used >= touch_every_ms) {
        boost::asio::co_spawn(co_await boost::asio::this_coro::executor, touch(store_, id, now), boost::asio::detached);
    }
    co_return Caller{.user_id = session->user_id,
                     .user_model = session->user_model,
                     .token = std::move(*token),
                     .token_id = std::move(id),
                     .token_ttl = session->ttl,
                     .token_created = session->created,
                     .scopes = session->scopes,
                     .factors = session->factors,
                     .authenticated_at = session->authenticated_at};
}

Task<bool> AccessTokens::lives(Caller const& caller) {
    if (!caller.is_known()) co_return true;
    auto const session = co_await sessions_.find(caller.token_id);
    co_return session != nullptr && !is_over(*session);
}

Task<> AccessTokens::require(store::Transaction& transaction, std::string token_id) {
    if (token_id.empty()) co_return;
    bool is_there = false;
    co_await transaction.read({"SELECT 1 FROM sallyport_sessions WHERE id = ?1", {std::move(token_id)}},
                              [&](store::Row const&) { is_there = true; });
    if (!is_there) throw ended();
}

bool AccessTokens::may_be_eternal(std::string_view user_model) const {
    return std::ranges::find(rules_.eternal, user_model) != rules_.eternal.end();
}

bool AccessTokens::is_over(Session const& session) const {
    auto const is_eternal = session.ttl == eternal_ttl && may_be_eternal(session.user_model);
    return !is_eternal && session.is_over(clock_.now(), rules_.idle_seconds);
}

Task<> AccessTokens::renew(store::Transaction& transaction, std::string token_id, std::vector<std::string> factors) {
    auto const renewed =
        co_await transaction.run({"UPDATE sallyport_sessions SET auth_time = ?2, factors = ?3 WHERE id = ?1",
                                  {std::move(token_id), clock_.now(), to_text(to_array(factors))}});
    if (renewed == 0) throw ended();
}

Task<bool> AccessTokens::end(store::Transaction& transaction, std::string token_id) {
    co_await transaction.run({"DELETE FROM sallyport_sessions WHERE id = ?1", {token_id}});
    co_return co_await transaction.run(delete_token(rules_.table, std::move(token_id))) > 0;
}

Task<bool> AccessTokens::end_with_email_change(store::Transaction& transaction, std::string token_id) {
    co_await drop_email_change_of(transaction, token_id);
    co_return co_await end(transaction, std::move(token_id));
}

Task<std::int64_t> AccessTokens::end_all(store::Transaction& transaction, std::string user_model, Json user_id,
                                         std::string keep) {
    auto const account = Account::of(std::move(user_model), user_id);
    co_await drop_other_email_changes(transaction, account, keep);
    auto const ended = co_await end_where(transaction, "id <> ?3", {account.model, account.id, std::move(keep)});
    auto const trusted = co_await distrust_all(transaction, account);
    if (trusted == 0) co_return ended;
    co_await record(transaction,
                    {.name = "device.revoked", .account = account, .about = fmt::format("all, {} of them", trusted)},
                    clock_.now());
    co_return ended;
}

Task<> AccessTokens::end_unproven(store::Transaction& transaction, Account account) {
    co_await end_where(transaction, "purpose = 'session' AND auth_time = 0", {account.model, account.id});
}

Task<std::int64_t> AccessTokens::end_where(store::Transaction& transaction, std::string condition,
                                           std::vector<store::Value> values) {
    auto const these = "FROM sallyport_sessions WHERE user_model = ?1 AND user_id = ?2 AND " + condition;
    co_await transaction.run(
        {fmt::format("DELETE FROM {} WHERE id IN (SELECT id {})", query::quote(rules_.table), these), values});
    co_return co_await transaction.run({"DELETE " + these, std::move(values)});
}

}  // namespace sallyport::auth

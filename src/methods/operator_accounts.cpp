#include "methods/operator_accounts.hpp"

#include "auth/audit.hpp"
#include "auth/disabled_account.hpp"
#include "auth/role.hpp"
#include "auth/ticket.hpp"
#include "auth/trusted_device.hpp"
#include "auth/two_factor_options.hpp"
#include "crypto/random.hpp"
#include "methods/account_mail.hpp"
#include "methods/credentials.hpp"
#include "methods/password_change.hpp"
#include "sallyport/error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

namespace sallyport::methods {
namespace {

std::int64_t constexpr usual_limit = 100;
double constexpr usual_link_seconds = 900;  // As a mailed link lives.

std::string id_name(model::StoredModel const& model) { return model.definition().id()->name; }

Where by_name(model::StoredModel const& model, std::string const& who) {
    Where any{.kind = Where::Kind::any};
    any.parts = {equals("email", stored_email(model.definition(), who)), equals("username", who)};
    if (auto id = model.to_id(Json{who}); !id.is_undefined())
        any.parts.push_back(equals(id_name(model), std::move(id)));
    return any;
}

/// What stands beside a page of accounts, by account id.
struct Beside {
    std::map<std::string, std::int64_t, std::less<>> sessions;
    std::map<std::string, std::int64_t, std::less<>> last_logins;
    std::map<std::string, std::vector<auth::Factor>, std::less<>> factors;
    std::map<std::string, std::int64_t, std::less<>> disabled;
};

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

Task<Beside> read_beside(model::StoredModel& model, std::vector<std::string> ids, std::int64_t now) {
    Beside found;
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
        of_accounts("SELECT id, type, target, state, created, user_id FROM sallyport_factors", name, ids,
                    " ORDER BY id"),
        [&](store::Row const& row) { found.factors[std::string{row.text(5)}].push_back(auth::read_factor(row)); });
    co_return found;
}

Json shown_factors(std::vector<auth::Factor> const& factors) {
    JsonArray shown;
    for (auto const& factor : factors) {
        if (auth::counts(factor)) shown.push_back(factor.to_json());
    }
    return Json{std::move(shown)};
}

Json shown_account(Json const& id, Json const& record, Beside const& beside) {
    auto const key = to_text(id);
    auto const count = beside.sessions.find(key);
    auto const login = beside.last_logins.find(key);
    auto const factors = beside.factors.find(key);
    JsonObject shown{{"id", id}, {"email", record["email"]}};
    if (record["username"].is_string()) shown.set("username", record["username"]);
    shown.set("state", beside.disabled.contains(key) ? "disabled" : "enabled");
    shown.set("verified", record["emailVerified"] == Json{true});
    shown.set("factors", factors == beside.factors.end() ? Json::array() : shown_factors(factors->second));
    shown.set("sessions", count == beside.sessions.end() ? 0 : count->second);
    if (login != beside.last_logins.end()) shown.set("lastLogin", Json::date(static_cast<double>(login->second)));
    return Json{std::move(shown)};
}

/// A change an operator makes to one account, in its transaction.
struct Change {
    AccountParts& parts;
    NamedAccount const& found;
    std::string actor;
    bool changed = false;
    std::string ticket{};
};

Task<> note(store::Transaction& transaction, Change const& change, std::string event) {
    co_await auth::record(transaction,
                          {.name = std::move(event), .account = change.found.account(), .actor = change.actor},
                          change.parts.clock.now());
}

Task<> disable(store::Transaction& transaction, Change& change) {
    auto const account = change.found.account();
    change.changed = co_await auth::disable(transaction, account, change.parts.clock.now());
    co_await change.parts.tokens.end_all(transaction, account.model, account.user_id(), "");
    co_await auth::end_challenges(transaction, account.model, account.user_id());
    if (change.changed) co_await note(transaction, change, "account.disabled");
}

Task<> enable(store::Transaction& transaction, Change& change) {
    change.changed = co_await auth::enable(transaction, change.found.account());
    if (change.changed) co_await note(transaction, change, "account.enabled");
}

Task<> issue(store::Transaction& transaction, Change& change) {
    change.ticket = co_await auth::issue_ticket(transaction, change.found.account(), change.parts.clock.now());
    // Whoever has the lost factor may have the device that it opened.
    if (co_await auth::distrust_all(transaction, change.found.account()) > 0)
        co_await note(transaction, change, "device.revoked");
    co_await note(transaction, change, "factors.ticket");
}

JsonObject named(NamedAccount const& found) {
    return {{"id", found.record[id_name(found.model)]}, {"email", found.record["email"]}};
}

Task<Json> change_account(AccountParts& parts, Json wanted, std::string actor,
                          Task<> (*work)(store::Transaction&, Change&)) {
    auto const found = co_await find_account(parts, text_of(wanted["model"]), text_of(wanted["who"]));
    Change change{.parts = parts, .found = found, .actor = std::move(actor)};
    co_await found.model.store()->write([&](store::Transaction& transaction) { return work(transaction, change); });
    auto answer = named(found);
    answer.set("changed", change.changed);
    co_return Json{std::move(answer)};
}

// A record as the operator described it, and a password that is nobody's.
JsonObject new_record(model::StoredModel const& model, Json const& wanted) {
    JsonObject record;
    if (wanted["set"].is_object()) record = wanted["set"].as_object();
    record.set("email", wanted["email"]);
    if (wanted["username"].is_string()) record.set("username", wanted["username"]);
    if (wanted["phone"].is_string()) {
        auto const options = auth::two_factor_options(model.definition());
        if (!options || options->phone.empty())
            throw Error{400, fmt::format("{} has no property for a phone number", model.name())};
        record.set(options->phone, wanted["phone"]);
    }
    record.set("password", crypto::random_token(64));
    return record;
}

Task<> mint_link(store::Transaction& transaction, AccountParts& parts, model::StoredModel& model, Json user_id,
                 auth::Token& token) {
    auto const& definition = model.definition();
    auth::TokenRules rules;
    rules.ttl_seconds = definition.number("resetPasswordTokenTTL", usual_link_seconds);
    rules.scopes = {reset_scope};
    Request const nowhere;
    token =
        co_await parts.tokens.mint(transaction, auth::ProofOf::mailed_link(definition.name, user_id), rules, nowhere);
}

// The type by which a role finds the members of a model: "USER" means one model only.
std::string principal_type(AccountParts const& parts, model::StoredModel const& model) {
    return auth::user_principal(parts.models.registry()) == model.name() ? "USER" : model.name();
}

Task<> give_role(AccountParts& parts, model::StoredModel& model, Json user_id, std::string name) {
    auto* roles = auth::attached(parts.models, "Role");
    auto* mappings = auth::attached(parts.models, "RoleMapping");
    if (roles == nullptr || mappings == nullptr || !roles->keeps_records() || !mappings->keeps_records())
        throw Error{400,
                    "this app keeps no roles: Role and RoleMapping need a data source in server/model-config.json"};
    Filter filter;
    filter.where = equals("name", Json{name});
    auto role = co_await roles->find_one(std::move(filter));
    if (!role) role = co_await roles->create(JsonObject{{"name", name}});
    co_await mappings->create(JsonObject{{"principalType", principal_type(parts, model)},
                                         {"principalId", to_display(user_id)},
                                         {"roleId", roles->id_of(*role)}});
}

}  // namespace

auth::Account NamedAccount::account() const { return auth::Account::of(model.name(), record[id_name(model)]); }

model::StoredModel& user_model(AccountParts const& parts, std::string_view name) {
    std::vector<std::string> names;
    for (auto const* definition : parts.models.registry().user_models()) {
        auto& model = parts.models.get(definition->name);
        if (!model.keeps_records()) continue;
        if (model.name() == name) return model;
        if (model.name() != "User") names.push_back(model.name());
    }
    if (names.empty() && name.empty()) names.emplace_back("User");
    if (name.empty() && names.size() == 1) return parts.models.get(names.front());
    throw Error{400, fmt::format("{}; the user models are {}",
                                 name.empty() ? std::string{"name the user model (--model)"}
                                              : fmt::format("{} is no user model", name),
                                 fmt::join(names, ", "))};
}

Task<NamedAccount> find_account(AccountParts const& parts, std::string name, std::string who) {
    auto& model = user_model(parts, name);
    if (who.empty()) throw Error{400, "say whose account: an email, a username or an id"};
    Filter filter;
    filter.where = by_name(model, who);
    filter.limit = 2;
    auto found = co_await model.find(std::move(filter));
    if (found.empty()) throw Error{404, fmt::format("no {} has the email, username or id \"{}\"", model.name(), who)};
    if (found.size() > 1) {
        throw Error{400, fmt::format("several accounts are called \"{}\": name the one you mean by its id", who)};
    }
    co_return NamedAccount{model, std::move(found.front())};
}

Task<Json> list_accounts(AccountParts& parts, Json wanted) {
    auto& model = user_model(parts, text_of(wanted["model"]));
    auto const id = id_name(model);
    Filter filter;
    if (auto const who = text_of(wanted["who"]); !who.empty()) filter.where = by_name(model, who);
    filter.limit = wanted["limit"].is_number() ? static_cast<std::int64_t>(wanted["limit"].as_number()) : usual_limit;
    filter.order = {{.property = id}};
    auto const records = co_await model.find(std::move(filter));
    std::vector<std::string> ids;
    for (auto const& record : records) ids.push_back(to_text(record[id]));
    auto const beside = co_await read_beside(model, std::move(ids), parts.clock.now());
    JsonArray shown;
    for (auto const& record : records) shown.push_back(shown_account(record[id], record, beside));
    co_return Json{std::move(shown)};
}

Task<Json> add_account_of(AccountParts& parts, Json wanted, std::string actor) {
    auto& model = user_model(parts, text_of(wanted["model"]));
    auto const record = co_await model.create(new_record(model, wanted));
    auto const user_id = record[id_name(model)];
    auth::Token token;
    co_await model.store()->write(
        [&](store::Transaction& transaction) { return mint_link(transaction, parts, model, user_id, token); });
    JsonObject answer{{"id", user_id},
                      {"email", record["email"]},
                      {"link", reset_link(parts.rules, model.definition(), token.id)},
                      {"ttl", token.ttl}};
    if (auto const role = text_of(wanted["role"]); !role.empty()) {
        co_await give_role(parts, model, user_id, role);
        answer.set("role", role);
    }
    co_return Json{std::move(answer)};
}

Task<Json> disable_account(AccountParts& parts, Json wanted, std::string actor) {
    co_return co_await change_account(parts, std::move(wanted), std::move(actor), &disable);
}

Task<Json> enable_account(AccountParts& parts, Json wanted, std::string actor) {
    co_return co_await change_account(parts, std::move(wanted), std::move(actor), &enable);
}

Task<Json> reset_factors(AccountParts& parts, Json wanted, std::string actor) {
    auto const found = co_await find_account(parts, text_of(wanted["model"]), text_of(wanted["who"]));
    auto const options = auth::two_factor_options(found.model.definition());
    if (!options || !options->lets_enrol()) {
        throw Error{400,
                    fmt::format("{} has no channel whose factors people enrol: nothing to reset", found.model.name())};
    }
    Change change{.parts = parts, .found = found, .actor = std::move(actor)};
    co_await found.model.store()->write([&](store::Transaction& transaction) { return issue(transaction, change); });
    auto answer = named(found);
    answer.set("ticket", change.ticket);
    answer.set("ttl", auth::ticket_seconds);
    co_return Json{std::move(answer)};
}

}  // namespace sallyport::methods

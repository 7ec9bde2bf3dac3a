#include "methods/operator_accounts.hpp"

#include "auth/address_change.hpp"
#include "auth/audit.hpp"
#include "auth/disabled_account.hpp"
#include "auth/ticket.hpp"
#include "auth/trusted_device.hpp"
#include "auth/two_factor_options.hpp"
#include "crypto/random.hpp"
#include "methods/account_mail.hpp"
#include "methods/beside_accounts.hpp"
#include "methods/credentials.hpp"
#include "methods/given_roles.hpp"
#include "methods/password_change.hpp"
#include "sallyport/error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

namespace sallyport::methods {
namespace {

std::int64_t constexpr usual_limit = 100;
std::int64_t constexpr most_accounts = 1000;
double constexpr usual_link_seconds = 900;  // As a mailed link lives.

std::string id_name(model::StoredModel const& model) { return model.definition().id()->name; }

Where begins_with(std::string const& property, std::string const& text) {
    auto const after_all = text + "\xF4\x8F\xBF\xBF";  // U+10FFFF: nothing comes after it.
    return all_of({compare(property, Operator::gte, text), compare(property, Operator::lt, after_all)});
}

Filter page_of(model::StoredModel const& model, Json const& wanted) {
    Filter page;
    if (auto const who = text_of(wanted["who"]); !who.empty()) page.where = could_be(model, who);
    if (auto const start = text_of(wanted["find"]); !start.empty()) {
        page.where =
            any_of({begins_with("email", stored_email(model.definition(), start)), begins_with("username", start)});
    }
    page.limit = whole_number(wanted["limit"], usual_limit, 1, most_accounts);
    page.skip = whole_number(wanted["skip"], 0, 0, std::int64_t{1} << 40);
    page.order = {{.property = id_name(model)}};
    return page;
}

Json shown_factors(std::vector<auth::Factor> const& factors, definition::Model const& model) {
    JsonArray shown;
    auto const options = auth::two_factor_options(model);
    for (auto const& factor : factors) {
        if (auth::counts(factor) && options && options->lists(factor.type)) shown.push_back(factor.to_json());
    }
    return Json{std::move(shown)};
}

Json shown_account(definition::Model const& model, Json const& id, Json const& record, BesideAccounts const& beside) {
    auto const key = to_text(id);
    auto const count = beside.sessions.find(key);
    auto const login = beside.last_logins.find(key);
    auto const factors = beside.factors.find(key);
    JsonObject shown{{"id", id}, {"email", record["email"]}};
    if (record["username"].is_string()) shown.set("username", record["username"]);
    shown.set("state", beside.disabled.contains(key) ? "disabled" : "enabled");
    shown.set("verified", record["emailVerified"] == Json{true});
    shown.set("factors", factors == beside.factors.end() ? Json::array() : shown_factors(factors->second, model));
    shown.set("sessions", count == beside.sessions.end() ? 0 : count->second);
    if (login != beside.last_logins.end()) shown.set("lastLogin", Json::date(static_cast<double>(login->second)));
    return Json{std::move(shown)};
}

/// A change an operator makes to one account, in its transaction.
struct Change {
    AccountParts& parts;
    NamedAccount const& found;
    Actor actor;
    bool changed = false;
    std::string ticket{};
    Handover handover = Handover::whole;
};

Task<> note(store::Transaction& transaction, Change const& change, std::string event) {
    co_await auth::record(transaction,
                          {.name = std::move(event), .account = change.found.account(), .actor = change.actor.name},
                          change.parts.clock.now());
}

Task<> end_sessions(store::Transaction& transaction, Change const& change) {
    auto const account = change.found.account();
    co_await change.parts.tokens.end_all(transaction, account.model, account.user_id(), "");
    co_await auth::end_challenges(transaction, account.model, account.user_id());
}

Task<> disable(store::Transaction& transaction, Change& change) {
    auto const account = change.found.account();
    change.changed = co_await auth::disable(transaction, account, change.parts.clock.now());
    co_await end_sessions(transaction, change);
    if (change.changed) co_await note(transaction, change, "account.disabled");
}

Task<> enable(store::Transaction& transaction, Change& change) {
    change.changed = co_await auth::enable(transaction, change.found.account());
    if (change.changed) co_await note(transaction, change, "account.enabled");
}

Task<> sign_out(store::Transaction& transaction, Change& change) {
    co_await end_sessions(transaction, change);
    co_await note(transaction, change, "session.ended");
    change.changed = true;
}

// What the owner is told of a ticket, which stays with whoever made it; or its second half.
Message ticket_mail(Change const& change, std::string const& second_half) {
    constexpr std::string_view made =
        "An administrator made a ticket for this account, with which a second factor can be added.";
    auto what =
        second_half.empty()
            ? fmt::format("{} If you have lost none, tell them.", made)
            : fmt::format(
                  "{} Its second half is {}; they give you the first. If you have lost no factor, tell them, and "
                  "give this half to nobody.",
                  made, second_half);
    auto mail = notice_mail(change.parts.rules, change.found.model.definition(), change.found.record, std::move(what));
    mail.secret = second_half;
    mail.expires_at = change.parts.clock.now() + auth::ticket_seconds * 1000;
    return mail;
}

Task<> issue(store::Transaction& transaction, Change& change) {
    change.ticket = co_await auth::issue_ticket(transaction, change.found.account(), change.parts.clock.now());
    std::string second_half;
    if (change.handover == Handover::halves) {
        auto halves = auth::halves_of(change.ticket);
        change.ticket = std::move(halves.first);
        second_half = std::move(halves.second);
    }
    co_await auth::drop_email_change(transaction, change.found.account());
    // Whoever has the lost factor may have the device that it opened.
    if (co_await auth::distrust_all(transaction, change.found.account()) > 0)
        co_await note(transaction, change, "device.revoked");
    co_await note(transaction, change, "factors.ticket");
    if (change.found.record["email"].is_string())
        co_await change.parts.outbox.put(transaction, ticket_mail(change, second_half));
}

JsonObject named(NamedAccount const& found) {
    return {{"id", found.record[id_name(found.model)]}, {"email", found.record["email"]}};
}

using Work = Task<> (*)(store::Transaction&, Change&);

// Of two administrators who disable each other at once, the second is none any more.
Task<> act(store::Transaction& transaction, Change& change, Work work) {
    auto const& administrator = change.actor.account;
    if (administrator && co_await auth::is_disabled(transaction, *administrator))
        throw Error{401, "Authorization Required", "AUTHORIZATION_REQUIRED"};
    co_await change.parts.tokens.require(transaction, change.actor.session);
    co_await work(transaction, change);
}

Task<Json> change_account(AccountParts& parts, Json wanted, Actor actor, Work work) {
    auto const found = co_await account_meant(parts, std::move(wanted));
    Change change{.parts = parts, .found = found, .actor = std::move(actor)};
    co_await found.model.store()->write(
        [&](store::Transaction& transaction) { return act(transaction, change, work); });
    auto answer = named(found);
    answer.set("changed", change.changed);
    co_return Json{std::move(answer)};
}

/// A role that an operator gives or takes, in its transaction.
struct RoleChange {
    AccountParts& parts;
    NamedAccount const& found;
    auth::Event event;
    std::string role;
    bool changed = false;
};

using RoleWork = Task<bool> (*)(store::Transaction&, AccountParts const&, model::StoredModel const&, Json, std::string);

Task<> work_on_role(store::Transaction& transaction, RoleChange& change, RoleWork work) {
    auto const& model = change.found.model;
    auto const& id = change.found.record[id_name(model)];
    change.changed = co_await work(transaction, change.parts, model, id, change.role);
    // The trail stands where the accounts do.
    bool const is_near = role_keepers(change.parts).mappings.store() == model.store();
    if (change.changed && is_near) co_await auth::record(transaction, change.event, change.parts.clock.now());
}

Task<Json> change_role(AccountParts& parts, Json wanted, Actor actor, std::string event, RoleWork work) {
    auto const role = text_of(wanted["role"]);
    require_given_role(role);
    auto const found = co_await account_meant(parts, std::move(wanted));
    RoleChange change{
        .parts = parts,
        .found = found,
        .event = {.name = std::move(event), .account = found.account(), .about = role, .actor = std::move(actor.name)},
        .role = role};
    co_await role_keepers(parts).mappings.store()->write(
        [&](store::Transaction& transaction) { return work_on_role(transaction, change, work); });
    auto answer = named(found);
    answer.set("role", role);
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

// The page of a link asks the model's own routes.
void require_routes(model::StoredModel const& model) {
    if (model.definition().is_public) return;
    throw Error{400,
                fmt::format("{0} has no routes, so nobody could choose a password by a link: add a model for people "
                            "(sallyport model Employee --base {0} --mixin TwoFactor), or set \"public\": true for "
                            "{0} in server/model-config.json",
                            model.name())};
}

Task<> mint_link(store::Transaction& transaction, AccountParts& parts, model::StoredModel& model, Json user_id,
                 auth::Token& token) {
    auto const& definition = model.definition();
    auth::TokenRules rules;
    rules.ttl_seconds = definition.number("resetPasswordTokenTTL", usual_link_seconds);
    rules.scopes = {reset_scope};
    Request const nowhere;
    token = co_await parts.tokens.mint(transaction, auth::ProofOf::operators_link(definition.name, user_id), rules,
                                       nowhere);
}

/// An account that an operator adds, on its way through its transaction.
struct Addition {
    AccountParts& parts;
    model::StoredModel& model;
    std::string role;
    std::string actor;
    auth::Token link{};
    bool has_role = false;

    // Before there is anything that would have to go again.
    void require_role() const {
        require_given_role(role);
        role_keepers(parts);
    }
};

Task<> give_new_one_its_role(store::Transaction& transaction, Addition& addition, Json user_id) {
    NamedAccount const made{addition.model, JsonObject{{id_name(addition.model), user_id}}};
    RoleChange change{
        .parts = addition.parts,
        .found = made,
        .event = {.name = "role.given", .account = made.account(), .about = addition.role, .actor = addition.actor},
        .role = addition.role};
    co_await work_on_role(transaction, change, &give_role);
    addition.has_role = true;
}

// The account, its link and its role are there together or not at all; a role that another database keeps follows.
Task<> finish_account(store::Transaction& transaction, Addition& addition, Json user_id) {
    co_await mint_link(transaction, addition.parts, addition.model, user_id, addition.link);
    if (addition.role.empty() || role_keepers(addition.parts).mappings.store() != addition.model.store()) co_return;
    co_await give_new_one_its_role(transaction, addition, user_id);
}

}  // namespace

Actor::Actor(Caller const& administrator)
    : name{fmt::format("{} {}", administrator.user_model, to_display(administrator.user_id))},
      account{auth::Account::of(administrator.user_model, administrator.user_id)},
      session{administrator.token_id} {}

Task<Json> list_accounts(AccountParts& parts, Json wanted) {
    auto& model = user_model(parts, text_of(wanted["model"]));
    auto const id = id_name(model);
    auto const records = co_await model.find(page_of(model, wanted));
    std::vector<std::string> ids;
    for (auto const& record : records) ids.push_back(to_text(record[id]));
    auto const beside = co_await beside_accounts(model, std::move(ids), parts.clock.now());
    JsonArray shown;
    for (auto const& record : records) shown.push_back(shown_account(model.definition(), record[id], record, beside));
    co_return Json{std::move(shown)};
}

Task<Json> add_account_of(AccountParts& parts, Json wanted, Actor actor) {
    Addition addition{.parts = parts,
                      .model = user_model(parts, text_of(wanted["model"])),
                      .role = text_of(wanted["role"]),
                      .actor = std::move(actor.name)};
    auto& model = addition.model;
    require_routes(model);
    if (!addition.role.empty()) addition.require_role();
    auto const finish = [&addition](Transaction& transaction, Json const& id) {
        return finish_account(transaction.rows(), addition, id);
    };
    auto const record = co_await model.create_also(new_record(model, wanted), {}, {finish});
    auto const user_id = record[id_name(model)];
    if (!addition.role.empty() && !addition.has_role) {
        co_await role_keepers(parts).mappings.store()->write(
            [&](store::Transaction& transaction) { return give_new_one_its_role(transaction, addition, user_id); });
    }
    JsonObject answer{{"id", user_id},
                      {"email", record["email"]},
                      {"link", reset_link(parts.rules, model.definition(), addition.link.id) + "&first=yes"},
                      {"ttl", addition.link.ttl}};
    if (!addition.role.empty()) answer.set("role", addition.role);
    co_return Json{std::move(answer)};
}

Task<Json> disable_account(AccountParts& parts, Json wanted, Actor actor) {
    co_return co_await change_account(parts, std::move(wanted), std::move(actor), &disable);
}

Task<Json> enable_account(AccountParts& parts, Json wanted, Actor actor) {
    co_return co_await change_account(parts, std::move(wanted), std::move(actor), &enable);
}

Task<Json> sign_out_account(AccountParts& parts, Json wanted, Actor actor) {
    co_return co_await change_account(parts, std::move(wanted), std::move(actor), &sign_out);
}

Task<Json> give_role_to(AccountParts& parts, Json wanted, Actor actor) {
    co_return co_await change_role(parts, std::move(wanted), std::move(actor), "role.given", &give_role);
}

Task<Json> take_role_from(AccountParts& parts, Json wanted, Actor actor) {
    co_return co_await change_role(parts, std::move(wanted), std::move(actor), "role.taken", &take_role);
}

Task<Json> reset_factors(AccountParts& parts, Json wanted, Actor actor, Handover handover) {
    auto const found = co_await account_meant(parts, std::move(wanted));
    auto const options = auth::two_factor_options(found.model.definition());
    if (!options || !options->lets_enrol()) {
        throw Error{400,
                    fmt::format("{} has no channel whose factors people enrol: nothing to reset", found.model.name())};
    }
    if (handover == Handover::halves && !found.record["email"].is_string())
        throw Error{422,
                    "This account has no email address for the second half of a ticket. An operator makes one with "
                    "`sallyport user reset-factors`.",
                    "NO_MAILBOX"};
    Change change{.parts = parts, .found = found, .actor = std::move(actor), .handover = handover};
    co_await found.model.store()->write(
        [&](store::Transaction& transaction) { return act(transaction, change, &issue); });
    auto answer = named(found);
    answer.set("ticket", change.ticket);
    answer.set("ttl", auth::ticket_seconds);
    co_return Json{std::move(answer)};
}

}  // namespace sallyport::methods

#include "methods/account_guard.hpp"

#include "auth/address_change.hpp"
#include "auth/attempt.hpp"
#include "auth/audit.hpp"
#include "auth/challenge.hpp"
#include "auth/closed_email.hpp"
#include "auth/deleted_account.hpp"
#include "auth/factor.hpp"
#include "auth/two_factor_options.hpp"
#include "methods/account_identity.hpp"
#include "methods/account_mail.hpp"
#include "methods/credentials.hpp"
#include "methods/fresh_login.hpp"
#include "methods/given_roles.hpp"
#include "methods/notice_mail.hpp"
#include "methods/password_change.hpp"
#include "methods/password_policy.hpp"
#include "methods/sent_account.hpp"
#include "methods/username.hpp"
#include "model/validation_error.hpp"

#include <fmt/format.h>
#include <boost/asio/this_coro.hpp>

#include <algorithm>
#include <utility>

namespace sallyport::methods {
namespace {

/// One save of one account, or of many (`is_bulk`).
struct Save {
    AccountParts& parts;
    model::StoredModel& model;
    HookContext& context;

    definition::Model const& definition() const { return model.definition(); }
    JsonObject& values() const { return (context.data != nullptr ? *context.data : *context.instance).as_object(); }
    bool is_bulk() const { return context.where != nullptr && context.instance == nullptr; }
    bool is_replacement() const { return !context.is_new && context.data == nullptr; }
};

Json value_of(JsonObject const& record, std::string_view name) {
    auto const* const found = record.find(name);
    return found == nullptr ? Json{} : *found;
}

bool is_true(Json const& value) { return value.is_boolean() && value.as_boolean(); }

// Of a session that was ended since it was looked at nothing comes afterwards: not even a password that it had proven.
void require_session(AccountParts& parts, HookContext& context) {
    auto const& options = context.options;
    if (!options.is_remote || options.caller == nullptr) return;
    context.also([&parts, id = options.caller->token_id](Transaction& transaction, Json const&) {
        return parts.tokens.require(transaction.rows(), id);
    });
}

// --- what a client may not set

void refuse_bulk(Save const& save) {
    if (!save.is_bulk() || !save.context.options.is_remote) return;
    auto const& values = save.values();
    if (values.contains("password")) {
        throw Error{401, "Changing passwords in bulk is not allowed.", "PASSWORD_CHANGE_NOT_ALLOWED"};
    }
    if (!has_two_factor(save.definition())) return;
    for (auto const* name : {"email", "username", "emailVerified", "verificationToken"}) {
        if (values.contains(name)) throw Error{401, "Changing accounts in bulk is not allowed.", "CHANGE_NOT_ALLOWED"};
    }
}

void refuse_password(Save const& save) {
    auto const& options = save.context.options;
    if (save.context.is_new || options.set_password) return;
    auto const is_touched = save.is_replacement() || save.values().contains("password");
    if (!is_touched || !refuses_password_in_change(save.parts.rules, save.definition(), options.is_remote)) return;
    throw Error{401,
                "Changing user password via patch/replace API is not allowed. "
                "Use changePassword() or setPassword() instead.",
                "PASSWORD_CHANGE_NOT_ALLOWED"};
}

// What only the server sets stays as it was, whatever a client sends.
void keep_own_properties(Save const& save, Json const& current) {
    if (!save.context.options.is_remote) return;
    auto& values = save.values();
    if (save.context.is_new) {
        if (is_true(value_of(values, "emailVerified"))) values.set("emailVerified", false);
        values.erase("verificationToken");
        return;
    }
    for (auto const* name : {"emailVerified", "verificationToken"}) {
        values.erase(name);
        if (save.is_replacement() && !current[name].is_undefined()) values.set(name, current[name]);
    }
}

// --- names that would be another's

Error refused(Save const& save, std::string property, std::string code, std::string why) {
    return model::validation_error(save.definition(), save.values(),
                                   {{std::move(property), std::move(code), std::move(why)}});
}

// Of one account it is looked at with all else that may be wrong with the record.
Task<> check_bulk_username(Save const& save) {
    if (!save.is_bulk()) co_return;
    auto problem = co_await problem_with_new_username(save.parts.rules, save.model, save.values());
    if (!problem.empty()) throw refused(save, "username", "format", std::move(problem));
}

// What a deleted account left, its records first of all, must not be the next one's.
Task<> refuse_used_id(store::Transaction& transaction, auth::Account account, std::string id_name) {
    if (co_await auth::was_deleted(transaction, account))
        throw Error{409, fmt::format("Duplicate entry for {}.{}", account.model, id_name)};
}

// Most ids are made here; this is for models that let clients choose.
Task<> check_chosen_id(Save const& save) {
    auto const& name = save.definition().id()->name;
    auto const id = value_of(save.values(), name);
    bool const is_chosen = save.context.is_new && save.context.options.is_remote && !id.is_nothing();
    if (!is_chosen || !is_stricter_than_loopback(save.parts.rules, save.definition())) co_return;
    if (id.is_string()) {
        if (auto why = problem_with_chosen_id(id.as_string()); !why.empty())
            throw refused(save, name, "format", std::move(why));
        Filter same;
        same.where = equals("username", id);
        if (co_await save.model.find_one(std::move(same))) throw refused(save, name, "uniqueness", "is not unique");
    }
    auto const account = auth::Account::of(save.model.name(), id);
    save.context.also([account, name](Transaction& transaction, Json const&) {
        return refuse_used_id(transaction.rows(), account, name);
    });
}

// --- passwords

// The program writes a record back that it has read, with the hash in it: that is no new password. A client's value is
// one always.
bool is_same_hash(HookContext const& context, Json const& password) {
    return !context.options.is_remote && context.current != nullptr && password == (*context.current)["password"];
}

void check_password_value(Save const& save) {
    auto& values = save.values();
    auto const password = value_of(values, "password");
    if (!password.is_string()) {
        values.erase("password");
        return;
    }
    if (is_same_hash(save.context, password)) return;
    auto words = words_of(save.definition(), Json{values});
    if (save.context.current != nullptr)
        std::ranges::copy(words_of(save.definition(), *save.context.current), std::back_inserter(words));
    password_policy(save.definition(), save.parts.rules.compatible).require(password.as_string(), words);
}

Task<> hash_password(AccountParts& parts, HookContext& context) {
    auto& values = (context.data != nullptr ? *context.data : *context.instance).as_object();
    auto const password = value_of(values, "password");
    if (!password.is_string() || is_same_hash(context, password)) co_return;
    values.set("password", co_await parts.hashing.hash(password.as_string()));
}

// --- what a change ends

/// Decided before a change, done in its transaction.
struct Consequences {
    AccountParts& parts;
    model::StoredModel& model;
    std::vector<Json> users{};    ///< Whose sessions end.
    std::string keep{};           ///< The session that goes on.
    std::string used_link{};      ///< The reset token that is used up.
    bool proves_address = false;  ///< A mailed link was used for the first time.
    std::vector<auth::Event> events{};
    std::vector<Message> notices{};
    bool is_verified = false;  ///< The address that they go to.
    auth::Account about{};     ///< Whose they are, and
    std::string text{};        ///< what their numbers are told; "" for nothing.
};

Task<> end_sessions(store::Transaction& transaction, Consequences const& after, Json const& user_id) {
    co_await after.parts.tokens.end_all(transaction, after.model.name(), user_id, after.keep);
    if (!has_two_factor(after.model.definition())) co_return;
    co_await auth::end_challenges(transaction, after.model.name(), user_id);
    auto const account = auth::Account::of(after.model.name(), user_id);
    co_await auth::drop_email_change(transaction, account);  // The session that goes on may have asked for it.
    if (after.proves_address) co_await auth::hand_over(transaction, account, auth::Pending::go);
    // One mailbox must not open both doors.
    auto const options = auth::two_factor_options(after.model.definition());
    if (!after.used_link.empty() && options->lists("email"))
        co_await auth::close_email(transaction, account, auth::EmailClosed::by_reset, after.parts.clock.now());
}

Task<> carry_out(store::Transaction& transaction, std::shared_ptr<Consequences const> after) {
    if (!after->used_link.empty()) co_await after->parts.tokens.end(transaction, after->used_link);
    for (auto const& user_id : after->users) co_await end_sessions(transaction, *after, user_id);
    for (auto const& event : after->events) co_await auth::record(transaction, event, after->parts.clock.now());
    for (auto const& notice : after->notices) {
        co_await put_notice(transaction, after->parts, notice,
                            {.account = after->about, .kind = "account", .is_verified = after->is_verified});
        if (after->text.empty() || !after->parts.text_owner) continue;
        co_await after->parts.text_owner(transaction, after->about, notice.account, after->text);
    }
}

void note_link(Save const& save, Json const& current, Consequences& after) {
    auto const* const caller = save.context.options.caller;
    if (caller == nullptr || !save.context.options.set_password) return;
    auto const by_link = std::ranges::find(caller->scopes, reset_scope) != caller->scopes.end();
    // There a link is good once.
    if (!by_link || !is_stricter_than_loopback(save.parts.rules, save.definition())) return;
    after.used_link = caller->token_id;
    after.keep.clear();
    auto const& shown = caller->factors;
    bool const is_mailed = std::ranges::find(shown, "link") != shown.end();  // Else an operator handed it out.
    if (!is_mailed || !has_two_factor(save.definition()) || is_true(current["emailVerified"])) return;
    after.proves_address = true;
    save.values().set("emailVerified", true);
}

// Accounts that a bulk update gives another email.
Task<std::vector<Json>> changed_by_bulk(Save const& save) {
    std::vector<Json> users;
    auto const email = value_of(save.values(), "email");
    if (!email.is_string() && !save.values().contains("password")) co_return users;
    Filter filter;
    filter.where = *save.context.where;
    for (auto const& user : co_await save.model.find(std::move(filter))) {
        auto const changes = save.values().contains("password") || !(user["email"] == email);
        if (changes) users.push_back(user[save.definition().id()->name]);
    }
    co_return users;
}

Task<Json> record_before(Save const& save) {
    if (save.context.is_new || save.is_bulk()) co_return Json{};
    if (save.context.current != nullptr) co_return *save.context.current;
    auto const& id = save.definition().id()->name;
    auto const own_id = save.context.instance != nullptr ? (*save.context.instance)[id] : Json{};
    if (own_id.is_nothing()) co_return Json{};
    co_return (co_await save.model.find_by_id(own_id)).value_or(Json{});
}

// Who else but its owner changed an account is named.
auth::Event event_of(OperationOptions const& options, std::string name, std::string model, Json const& user_id) {
    auth::Event event{.name = std::move(name), .account = auth::Account::of(std::move(model), user_id)};
    auto const* const caller = options.caller;
    if (caller == nullptr || !caller->is_known()) return event;
    bool const is_owner = caller->user_model == event.account.model && caller->user_id == user_id;
    if (!is_owner) event.actor = fmt::format("{} {}", caller->user_model, to_display(caller->user_id));
    return event;
}

auth::Event event_of(Save const& save, std::string name, Json const& user_id) {
    return event_of(save.context.options, std::move(name), save.model.name(), user_id);
}

void note_change(Save const& save, Json const& current, Consequences& after) {
    auto& values = save.values();
    auto const& rules = save.definition();
    auto const email = value_of(values, "email");
    auto const has_moved =
        current.is_object() && (values.contains("email") || save.is_replacement()) && !(email == current["email"]);
    auto const has_password = values.contains("password") && !is_same_hash(save.context, value_of(values, "password"));
    if (has_moved || (save.is_bulk() && values.contains("email"))) {
        values.set("verificationToken", nullptr);  // A link to the old address proves nothing about the new one.
        if (rules.flag("emailVerificationRequired", false) || has_two_factor(rules)) values.set("emailVerified", false);
    }
    if (!current.is_object() || (!has_moved && !has_password)) return;
    auto const& user_id = current[rules.id()->name];
    if (has_moved) after.events.push_back(event_of(save, "email.changed", user_id));
    if (has_password) after.events.push_back(event_of(save, "password.changed", user_id));
    if (!save.context.options.preserve_access_tokens) after.users.push_back(user_id);
    after.about = auth::Account::of(save.model.name(), user_id);
    after.is_verified = is_true(current["emailVerified"]);
    if (has_two_factor(rules)) after.text = has_moved ? "Your email address was changed" : "Your password was changed";
    if (!is_stricter_than_loopback(save.parts.rules, rules)) return;
    after.notices.push_back(notice_mail(
        save.parts.rules, rules, current,
        has_moved ? "The email address of this account was changed." : "The password of this account was changed."));
}

Task<> record_made(store::Transaction& transaction, auth::Event event, std::int64_t now, Json user_id) {
    event.account.id = to_text(user_id);
    co_await auth::record(transaction, std::move(event), now);
}

// The id of a new account is known only once it is written.
HookContext::Also record_account(Save const& save) {
    auto const event = event_of(save, "account.created", {});
    return [event, now = save.parts.clock.now()](Transaction& transaction, Json const& id) {
        return record_made(transaction.rows(), event, now, id);
    };
}

Task<> before_save(AccountParts& parts, model::StoredModel& model, HookContext& context) {
    Save const save{parts, model, context};
    require_session(parts, context);
    refuse_bulk(save);
    refuse_password(save);
    auto const current = co_await record_before(save);
    keep_own_properties(save, current);
    auto& values = save.values();
    if (auto* const email = values.find("email"); email != nullptr && email->is_string()) {
        *email = stored_email(save.definition(), email->as_string());
    }
    check_password_value(save);
    co_await check_bulk_username(save);
    co_await check_chosen_id(save);

    auto after = std::make_shared<Consequences>(Consequences{.parts = parts, .model = model});
    if (context.options.caller != nullptr) after->keep = context.options.caller->token_id;
    note_change(save, current, *after);
    note_link(save, current, *after);
    if (save.is_bulk()) after->users = co_await changed_by_bulk(save);
    if (context.is_new) context.also(record_account(save));
    auto const is_quiet = after->users.empty() && after->used_link.empty();
    if (is_quiet && after->notices.empty() && after->events.empty()) co_return;
    context.also([after](Transaction& transaction, Json const&) { return carry_out(transaction.rows(), after); });
}

// --- deleting

/// Accounts on their way out.
struct Deletions {
    AccountParts& parts;
    model::StoredModel& model;
    std::vector<auth::Event> events{};
    std::vector<Json> users{};
};

// The trail keeps that it was there, and nothing of who it was.
Task<> forget(store::Transaction& transaction, std::shared_ptr<Deletions const> deletions) {
    auto const& [parts, model, events, users] = *deletions;
    for (std::size_t i = 0; i < users.size(); ++i) {
        auto const& account = events[i].account;
        co_await parts.tokens.end_all(transaction, account.model, account.user_id(), "");
        co_await auth::forget_account(transaction, account.model, account.user_id());
        co_await take_roles(transaction, parts, model, account.user_id());
        if (users[i]["email"].is_string())
            co_await parts.outbox.forget(transaction, account.model, users[i]["email"].as_string());
        co_await auth::forget_person(transaction, account);
        co_await auth::record(transaction, events[i], parts.clock.now());
        if (has_two_factor(model.definition()) && users[i]["email"].is_string())
            co_await put_notice(
                transaction, parts, notice_mail(parts.rules, model.definition(), users[i], "This account was deleted."),
                {.account = account, .kind = "deleted", .is_verified = is_true(users[i]["emailVerified"])});
    }
}

Task<> before_delete(AccountParts& parts, model::StoredModel& model, HookContext& context) {
    require_session(parts, context);
    auto const& id = model.definition().id()->name;
    Filter filter;
    if (context.where != nullptr) filter.where = *context.where;
    filter.fields.only = {id, "email", "emailVerified"};
    auto deletions = std::make_shared<Deletions>(Deletions{.parts = parts, .model = model});
    for (auto& user : co_await model.find(std::move(filter))) {
        auto const& user_id = std::as_const(user)[id];
        // Who holds a session that was opened long ago, or by the password alone, takes nobody's account away.
        co_await require_fresh_owner(parts, model, context.options, user_id, "Log in again to delete the account.");
        deletions->events.push_back(event_of(context.options, "account.deleted", model.name(), user_id));
        deletions->users.push_back(std::move(user));
    }
    context.also([deletions](Transaction& transaction, Json const&) { return forget(transaction.rows(), deletions); });
}

Task<> send_notices(AccountParts& parts) { parts.outbox.pump(co_await boost::asio::this_coro::executor); }

}  // namespace

void add_account_guard(AccountParts& parts, model::StoredModel& model) {
    // Every user model has a guard of its own: a base's must not hash the passwords of what extends it once more.
    model.observe_own(Moment::before_save,
                      [&parts, &model](HookContext& context) { return before_save(parts, model, context); });
    model.observe_own(Moment::persist, [&parts](HookContext& context) { return hash_password(parts, context); });
    model.observe_own(Moment::after_save, [&parts](HookContext&) { return send_notices(parts); });
    model.observe_own(Moment::after_delete, [&parts](HookContext&) { return send_notices(parts); });
    model.observe_own(Moment::before_delete,
                      [&parts, &model](HookContext& context) { return before_delete(parts, model, context); });
    add_sent_account_checks(parts, model);
}

}  // namespace sallyport::methods

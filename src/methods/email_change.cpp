#include "methods/email_change.hpp"

#include "auth/address_change.hpp"
#include "auth/attempt.hpp"
#include "auth/audit.hpp"
#include "auth/disabled_account.hpp"
#include "crypto/random.hpp"
#include "methods/account_identity.hpp"
#include "methods/account_mail.hpp"
#include "methods/email_address.hpp"
#include "methods/fresh_login.hpp"
#include "methods/mail_limits.hpp"
#include "methods/notices.hpp"
#include "methods/own_factors.hpp"
#include "query/sql.hpp"
#include "sallyport/error.hpp"

#include <boost/asio/this_coro.hpp>

#include <optional>
#include <utility>

namespace sallyport::methods {
namespace {

constexpr std::int64_t life_ms = 86'400'000;  // A mailbox is looked into within a day.
constexpr auto again = "Log in again to change what your account is called.";

Error not_good() {
    return {400, "This link does not work any more: it was used, refused, or is too old.", "INVALID_TOKEN"};
}

AccountParts& parts_of(TwoFactorModel const& two) { return two.doors->parts; }

auth::Event event_of(Invocation const& call, std::string name, auth::Account account) {
    return {.name = std::move(name), .account = std::move(account), .source = auth::Source::of(call.request)};
}

Task<> pump(TwoFactorModel const& two) { parts_of(two).outbox.pump(co_await boost::asio::this_coro::executor); }

// --- what waits

Task<std::optional<auth::EmailChange>> waiting(TwoFactorModel const& two, auth::Account account) {
    std::optional<auth::EmailChange> found;
    co_await two.store().read(auth::select_email_change(account),
                              [&](store::Row const& row) { found = auth::read_email_change(row); });
    if (found && found->expires_at <= two.now()) found.reset();
    co_return found;
}

Json date(std::int64_t time) { return Json::date(static_cast<double>(time)); }

Task<Result> shown(TwoFactorModel const& two, KnownUser user) {
    JsonObject answer{{"email", user.record["email"]}, {"verified", user.record["emailVerified"] == Json{true}}};
    if (auto change = co_await waiting_email_change(two, user.account); change.is_object())
        answer.append("pending", std::move(change));
    co_return Json{std::move(answer)};
}

// --- asking for a change

/// One request, on its way through its transaction.
struct Asked {
    TwoFactorModel const& two;
    Invocation const& call;
    KnownUser user;
    std::string email;
    Json taken_by;  ///< The account that has the address already; undefined for none.
    std::int64_t wait = 0;
};

std::string required_address(TwoFactorModel const& two, Invocation const& call, KnownUser const& user) {
    auto const& given = call.argument("email");
    if (!given.is_string() || !is_email_address(given.as_string()))
        throw Error{422, "`email` has to be an email address, such as ann@company.example.", "INVALID_EMAIL"};
    auto email = stored_email(two.model.definition(), given.as_string());
    if (email == user.email) throw Error{422, "This is the address of the account already.", "SAME_EMAIL"};
    return email;
}

Task<> send_links(store::Transaction& transaction, Asked const& asked, auth::EmailChange const& change) {
    auto const& [two, call, user, email, taken_by, wait] = asked;
    auto& parts = parts_of(two);
    auto& outbox = parts.outbox;
    auto& throttle = parts.throttle;
    auto const& rules = parts.rules;
    auto const& definition = two.model.definition();
    auto const to_new = crypto::random_token(64);
    auto const to_old = crypto::random_token(64);
    co_await auth::begin_email_change(transaction, change,
                                      {.to_new = auth::stored_id(to_new), .to_old = auth::stored_id(to_old)});
    if (!user.email.empty())
        co_await outbox.put(transaction,
                            old_address_mail(rules, definition, user.record, email, to_old, change.expires_at));
    // However often the address is named by however many accounts, few mails come to it.
    auto const of_address = mails_to_account("new-address", two.model.name(), throttle.tag(email));
    if (co_await throttle.take(transaction, of_address) > 0) co_return;
    if (taken_by.is_object()) {
        co_await outbox.put(transaction,
                            notice_mail(rules, definition, taken_by,
                                        "Somebody asked to give another account this email address. It stays yours, "
                                        "and nothing was changed."));
    } else {
        co_await outbox.put(transaction,
                            new_address_mail(rules, definition, user.record, email, to_new, change.expires_at));
    }
}

Task<> ask(store::Transaction& transaction, Asked& asked) {
    auto const& two = asked.two;
    auto const& account = asked.user.account;
    auto limits = mails_of_address(asked.call.request.peer);
    for (auto& limit : mails_to_account("email-change", account.model, account.id)) limits.push_back(std::move(limit));
    asked.wait = co_await parts_of(two).throttle.take(transaction, std::move(limits));
    if (asked.wait > 0) co_return;
    auth::EmailChange const change{.account = account,
                                   .email = asked.email,
                                   .session = asked.call.caller.token_id,
                                   // Where nobody has shown to read the old address, there is nobody to ask.
                                   .old_agreed = !has_verified_address(asked.user),
                                   .created = two.now(),
                                   .expires_at = two.now() + life_ms};
    co_await send_links(transaction, asked, change);
    co_await auth::record(transaction, event_of(asked.call, "email.asked", account), two.now());
}

// --- the links

std::string link_of(Invocation const& call) {
    auto const& token = call.argument("token");
    if (!token.is_string() || token.as_string().empty()) throw not_good();
    return auth::stored_id(token.as_string());
}

/// A link that was opened to agree.
struct Agreement {
    TwoFactorModel const& two;
    std::string link;
    std::optional<auth::EmailChange> change;
};

Task<> agree(store::Transaction& transaction, Agreement& agreement) {
    auto found = co_await auth::agree_to_email_change(transaction, agreement.link, agreement.two.now());
    if (!found || found->account.model != agreement.two.model.name()) co_return;
    if (!co_await auth::is_disabled(transaction, found->account)) agreement.change = std::move(found);
}

Task<> settle(store::Transaction& transaction, TwoFactorModel const& two, auth::EmailChange change, Json record) {
    if (!co_await auth::use_email_change(transaction, change)) throw not_good();
    auto const& id = two.model.definition().id()->name;
    co_await transaction.run(query::update(two.model.table(), equals(id, change.account.user_id()),
                                           {{"emailVerified", true}}, two.store().dialect()));
    record.as_object().set("email", change.email);
    co_await parts_of(two).outbox.put(transaction,
                                      notice_mail(parts_of(two).rules, two.model.definition(), record,
                                                  "This is the email address of your account from now on."));
}

// By the model, so that its hooks see it: they end sessions, tell the old address and keep the trail.
Task<bool> change_record(TwoFactorModel const& two, auth::EmailChange change) {
    auto const user = co_await user_of(two, change.account.user_id());
    Caller const owner{
        .user_id = user.id, .user_model = two.model.name(), .token_id = change.session, .scopes = {"DEFAULT"}};
    OperationOptions const options{.caller = &owner};
    auto const to_new = [&](Json const&, std::vector<model::StoredModel::Also>& also) -> Task<Json> {
        also.emplace_back([&](Transaction& transaction, Json const&) {
            return settle(transaction.rows(), two, change, user.record);
        });
        return [](std::string email) -> Task<Json> { co_return Json{std::move(email)}; }(change.email);
    };
    try {
        co_await two.model.change_property(user.id, "email", to_new, options);
        co_return true;
    } catch (Error const& error) {
        if (error.status != 422 && error.status != 409) throw;
    }
    co_return false;
}

Task<> drop(store::Transaction& transaction, auth::Account account) {
    co_await auth::drop_email_change(transaction, std::move(account));
}

/// A link that was opened to refuse.
struct Refusal {
    TwoFactorModel const& two;
    Invocation const& call;
    std::string link;
    bool is_done = false;
};

Task<> refuse(store::Transaction& transaction, Refusal& refusal) {
    auto const& two = refusal.two;
    auto const found = co_await auth::refuse_email_change(transaction, refusal.link, two.now());
    if (!found || found->change.account.model != two.model.name()) co_return;
    refusal.is_done = true;
    auto const& account = found->change.account;
    co_await auth::record(transaction, event_of(refusal.call, "email.refused", account), two.now());
    if (!found->by_old) co_return;
    // Whoever asked for it was signed in with both factors, and is not who reads the account's mail.
    co_await parts_of(two).tokens.end_all(transaction, account.model, account.user_id(), "");
    co_await auth::end_challenges(transaction, account.model, account.user_id());
}

}  // namespace

Task<Json> waiting_email_change(TwoFactorModel const& two, auth::Account account) {
    auto const change = co_await waiting(two, std::move(account));
    if (!change) co_return Json{};
    co_return Json{JsonObject{{"email", change->email},
                              {"created", date(change->created)},
                              {"expires", date(change->expires_at)},
                              {"newAgreed", change->new_agreed},
                              {"oldAgreed", change->old_agreed}}};
}

Task<Result> show_email(TwoFactorModel const& two, Invocation& call) {
    require_owner(two, call);
    co_return co_await shown(two, co_await user_of(two, call.id));
}

Task<Result> change_email(TwoFactorModel const& two, Invocation& call) {
    require_owner(two, call);
    co_await require_fresh_login(parts_of(two), two.model, call.caller, again);
    Asked asked{.two = two, .call = call, .user = co_await user_of(two, call.id), .email = {}, .taken_by = {}};
    asked.email = required_address(two, call, asked.user);
    auto record = asked.user.record.as_object();
    record.set("email", asked.email);
    asked.taken_by = (co_await other_account(two.model, std::move(record), "email")).value_or(Json{});
    co_await write_own(two, call, [&](store::Transaction& transaction) { return ask(transaction, asked); });
    if (asked.wait > 0) throw auth::too_many_attempts(asked.wait);
    co_await pump(two);
    co_return co_await shown(two, std::move(asked.user));
}

Task<Result> cancel_email_change(TwoFactorModel const& two, Invocation& call) {
    require_owner(two, call);
    auto const account = auth::Account::of(two.model.name(), call.id);
    co_await write_own(two, call, [&](store::Transaction& transaction) { return drop(transaction, account); });
    co_return std::monostate{};
}

Task<Result> agree_to_change(TwoFactorModel const& two, Invocation& call) {
    Agreement agreement{.two = two, .link = link_of(call), .change = {}};
    co_await two.store().write([&](store::Transaction& transaction) { return agree(transaction, agreement); });
    if (!agreement.change) throw not_good();
    auto const& change = *agreement.change;
    if (!change.is_agreed())
        co_return Json{JsonObject{{"changed", false}, {"waitingFor", change.new_agreed ? "old" : "new"}}};
    if (!co_await change_record(two, change)) {
        co_await two.store().write([&](store::Transaction& transaction) { return drop(transaction, change.account); });
        throw Error{409, "Another account has this address by now.", "EMAIL_TAKEN"};
    }
    co_await pump(two);
    co_return Json{JsonObject{{"changed", true}}};
}

Task<Result> refuse_change(TwoFactorModel const& two, Invocation& call) {
    Refusal refusal{.two = two, .call = call, .link = link_of(call)};
    co_await two.store().write([&](store::Transaction& transaction) { return refuse(transaction, refusal); });
    if (!refusal.is_done) throw not_good();
    co_return std::monostate{};
}

Task<Result> change_username(TwoFactorModel const& two, Invocation& call) {
    require_owner(two, call);
    co_await require_fresh_login(parts_of(two), two.model, call.caller, again);
    auto const username = text_of(call.argument("username"));
    if (username.empty()) throw Error{422, "`username` has to be a text that is not empty.", "INVALID_USERNAME"};
    auto const user = co_await user_of(two, call.id);
    auto const event = event_of(call, "username.changed", user.account);
    OperationOptions const options{.caller = &call.caller};
    auto const to_new = [&](Json const&, std::vector<model::StoredModel::Also>& also) -> Task<Json> {
        also.emplace_back([&](Transaction& transaction, Json const&) -> Task<> {
            return [](store::Transaction& rows, TwoFactorModel const& model, KnownUser const& owner,
                      auth::Event happened, std::string session) -> Task<> {
                co_await parts_of(model).tokens.require(rows, std::move(session));
                co_await count_change(rows, model, owner.account, "username");
                co_await auth::record(rows, std::move(happened), model.now());
                co_await tell_owner(rows, model, owner, "username:" + auth::client_secret(),
                                    "The username of your account was changed",
                                    "The username of this account was changed.");
            }(transaction.rows(), two, user, event, call.caller.token_id);
        });
        return [](std::string name) -> Task<Json> { co_return Json{std::move(name)}; }(username);
    };
    auto record = co_await two.model.change_property(user.id, "username", to_new, options);
    co_await pump(two);
    co_return two.model.visible(std::move(record));
}

}  // namespace sallyport::methods

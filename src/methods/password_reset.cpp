#include "methods/password_reset.hpp"

#include "auth/attempt.hpp"
#include "auth/disabled_account.hpp"
#include "methods/account_mail.hpp"
#include "methods/credentials.hpp"
#include "methods/mail_limits.hpp"
#include "methods/password_change.hpp"

#include <boost/asio/this_coro.hpp>

#include <utility>

namespace sallyport::methods {
namespace {

/// One request for a reset link, as it goes through its transaction.
struct Reset {
    AccountParts& parts;
    model::StoredModel& model;
    Request const& request;
    std::string email;
    std::string realm;  ///< "" unless the model has realms and one was given.
    Json user;          ///< undefined where there is none, or none that may be mailed.

    std::int64_t wait_seconds = 0;
};

// Costs what a real one costs, and is never sent: its life is over.
Message decoy(AccountParts const& parts, definition::Model const& model, std::string const& token) {
    Json const nobody{JsonObject{{"email", ""}}};
    return reset_mail(parts.rules, model, nobody, token, 1);
}

// A link, or for whoever gets none the same statements: a token that ends in the transaction that made it.
Task<> make_link(store::Transaction& transaction, Reset const& reset, bool is_real) {
    auto const& definition = reset.model.definition();
    auto& parts = reset.parts;
    auth::TokenRules rules;
    rules.ttl_seconds = definition.number("resetPasswordTokenTTL", 900);
    if (restricts_reset_tokens(parts.rules, definition)) rules.scopes = {reset_scope};
    auto const whom = is_real ? reset.user[definition.id()->name] : Json{nullptr};
    auto const token = co_await parts.tokens.mint(transaction, auth::ProofOf::mailed_link(definition.name, whom), rules,
                                                  reset.request);
    auto const ends = token.created + static_cast<std::int64_t>(token.ttl * 1000);
    co_await parts.outbox.put(transaction, is_real ? reset_mail(parts.rules, definition, reset.user, token.id, ends)
                                                   : decoy(parts, definition, token.id));
    co_await parts.tokens.end(transaction, is_real ? std::string{} : auth::stored_id(token.id));
}

// A disabled account is answered like one that is not there.
Task<bool> may_reset(store::Transaction& transaction, Reset const& reset) {
    auto const& definition = reset.model.definition();
    auto const& id = definition.id()->name;
    auto const account = auth::Account::of(definition.name, reset.user.is_object() ? reset.user[id] : Json{nullptr});
    bool const is_disabled = co_await auth::is_disabled(transaction, account);
    co_return reset.user.is_object() && !is_disabled;
}

Task<> request_link(store::Transaction& transaction, Reset& reset) {
    auto& throttle = reset.parts.throttle;
    reset.wait_seconds = co_await throttle.take(transaction, mails_of_address(reset.request.peer));
    if (reset.wait_seconds > 0) co_return;
    // By account, so that nobody spends another's by a name that only looks alike.
    auto const& id = reset.model.definition().id()->name;
    auto const whom = reset.user.is_object() ? "account:" + to_display(reset.user[id])
                                             : throttle.tag(reset.email + "\n" + reset.realm);
    // Who has three live links in the mail needs no fourth; a stranger who asks gets nothing for it either.
    auto const spent = co_await throttle.take(transaction, mails_to_account("reset", reset.model.name(), whom));
    bool const is_open = co_await may_reset(transaction, reset);
    co_await make_link(transaction, reset, spent == 0 && is_open);
}

Filter account_filter(definition::Model const& model, std::string const& email, std::string const& realm) {
    std::vector<Where> parts{equals("email", stored_email(model, email))};
    if (!realm.empty()) parts.push_back(equals("realm", realm));
    Filter filter;
    filter.where = all_of(std::move(parts));
    return filter;
}

bool is_unverified(definition::Model const& model, Json const& user) {
    auto const& verified = user["emailVerified"];
    return model.flag("emailVerificationRequired", false) && !(verified.is_boolean() && verified.as_boolean());
}

Task<Result> reset_password(AccountParts& parts, model::StoredModel& model, Invocation& call) {
    auto const& options = call.argument("options");
    auto const& email = options["email"];
    if (!email.is_string()) throw Error{400, "Email is required", "EMAIL_REQUIRED"};

    auto const& realm = options["realm"];
    Reset reset{.parts = parts,
                .model = model,
                .request = call.request,
                .email = email.as_string(),
                .realm = realm.is_string() ? realm.as_string() : "",
                .user = {}};
    auto const filter = account_filter(model.definition(), reset.email, reset.realm);
    reset.user = (co_await model.find_one(filter)).value_or(Json{});
    auto const unverified = reset.user.is_object() && is_unverified(model.definition(), reset.user);
    auto const tells = !is_stricter_than_loopback(parts.rules, model.definition());
    if (tells && !reset.user.is_object()) throw Error{404, "Email not found", "EMAIL_NOT_FOUND"};
    if (tells && unverified) throw Error{401, "Email has not been verified", "RESET_FAILED_EMAIL_NOT_VERIFIED"};
    if (unverified) reset.user = Json{};

    co_await model.store()->write(
        [&reset](store::Transaction& transaction) { return request_link(transaction, reset); });
    if (reset.wait_seconds > 0) throw auth::too_many_attempts(reset.wait_seconds);
    parts.outbox.pump(co_await boost::asio::this_coro::executor);
    co_return std::monostate{};
}

MethodSpec reset_spec() {
    MethodSpec spec;
    spec.name = "resetPassword";
    spec.description = "Mail a link to choose a new password.";
    spec.accepts = {{.name = "options", .type = {"object"}, .required = true, .source = ArgumentSpec::Source::body}};
    spec.http = {{"POST", "/reset"}};
    return spec;
}

}  // namespace

void add_password_reset(AccountParts& parts, model::StoredModel& model) {
    model.add_method(reset_spec(), [&parts, &model](Invocation& call) { return reset_password(parts, model, call); });
}

}  // namespace sallyport::methods

#include "methods/login.hpp"

#include "auth/device.hpp"
#include "methods/account_mail.hpp"
#include "methods/credentials.hpp"
#include "methods/new_session.hpp"
#include "methods/notice_mail.hpp"
#include "methods/password_attempt.hpp"
#include "methods/two_doors.hpp"

#include <boost/asio/this_coro.hpp>

#include <algorithm>
#include <cmath>
#include <utility>

namespace sallyport::methods {
namespace {

Error login_failed() { return Error{401, "login failed", "LOGIN_FAILED"}; }

Error two_factor_required() {
    return Error{401, "This application requires two-factor authentication.", "TWO_FACTOR_REQUIRED"};
}

// LoopBack: what was asked for, up to maxTTL; below 0 the token is dead at once. Strict: a login may only shorten the
// life of its token.
double token_ttl(AccountRules const& rules, definition::Model const& model, Json const& asked) {
    auto const may_be_eternal = rules.compatible && model.flag("allowEternalTokens", false);
    if (may_be_eternal && asked == Json{auth::eternal_ttl}) return auth::eternal_ttl;
    auto const usual = model.number("ttl", rules.default_ttl);
    auto const longest = rules.compatible ? model.number("maxTTL", rules.max_ttl) : usual;
    auto const seconds = asked.is_object() || asked.is_array() ? 0 : to_number(asked);
    auto const is_given = std::isfinite(seconds) && (rules.compatible ? seconds != 0 : seconds > 0);
    return std::min(is_given ? seconds : usual, longest);
}

bool asks_for_user(Json const& include) {
    auto const names_user = [](Json const& name) {
        auto text = name.is_string() ? name.as_string() : std::string{};
        std::ranges::transform(text, text.begin(),
                               [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
        return text == "user";
    };
    return include.is_array() ? std::ranges::any_of(include.as_array(), names_user) : names_user(include);
}

bool must_verify_email(definition::Model const& model, Json const& user) {
    auto const& verified = user["emailVerified"];
    return model.flag("emailVerificationRequired", false) && !(verified.is_boolean() && verified.as_boolean());
}

// What a right password leads to, decided in one transaction.
struct Login {
    enum class Outcome : std::uint8_t { in, changed_meanwhile, has_factor, unverified };

    AccountParts& parts;
    model::StoredModel& model;
    Request const& request;
    Caller const& caller;
    Json user;
    PasswordTry tried;
    auth::TokenRules rules{};
    std::string new_hash{};  // "" keeps the one there is.

    Outcome outcome = Outcome::in;
    auth::Token token{};
    std::string device{};  // The device cookie's new value.
    bool is_told = false;  // A notice waits in the outbox.
};

// LoopBack's login goes on as it was, where that is asked for.
bool is_guarded(Login const& login) { return is_stricter_than_loopback(login.parts.rules, login.model.definition()); }

Task<> tell_of_device(store::Transaction& transaction, Login& login) {
    auto const& attempt = login.tried.attempt;
    auto& parts = login.parts;
    if (!is_guarded(login) || !login.user["email"].is_string()) co_return;
    login.is_told = co_await is_news(transaction, parts, *attempt.account, attempt.client);
    if (!login.is_told) co_return;
    auto notice = notice_mail(parts.rules, login.model.definition(), login.user,
                              new_device_notice("your password", login.request, parts.clock.now()));
    co_await put_notice(
        transaction, parts, std::move(notice),
        {.account = *attempt.account, .kind = "device", .is_verified = login.user["emailVerified"] == Json{true}});
}

Task<Login::Outcome> decide(store::Transaction& transaction, Login& login) {
    auto const& definition = login.model.definition();
    if (!co_await may_still_sign_in(transaction, login.model, login.user)) co_return Login::Outcome::changed_meanwhile;
    if (co_await has_second_factor(transaction, definition, login.user)) {
        co_return Login::Outcome::has_factor;
    }
    co_return must_verify_email(definition, login.user) ? Login::Outcome::unverified : Login::Outcome::in;
}

Task<> finish(store::Transaction& transaction, Login& login) {
    auto const& attempt = login.tried.attempt;
    login.outcome = co_await decide(transaction, login);
    if (login.outcome == Login::Outcome::changed_meanwhile) co_return;
    co_await auth::succeeded(transaction, login.parts.throttle, attempt);
    if (!login.new_hash.empty()) co_await replace_hash(transaction, login.model, login.user, login.new_hash);
    if (login.outcome != Login::Outcome::in) co_return;

    auto const& user_id = login.user[login.model.definition().id()->name];
    auto const proof = auth::ProofOf::password(login.model.name(), user_id);
    auto const& caller = login.caller;
    bool const is_same = caller.is_known() && caller.user_model == login.model.name() && caller.user_id == user_id;
    // Who logs in anew gives the old session up; LoopBack lets it live on.
    if (is_same && is_guarded(login)) co_await login.parts.tokens.end_with_email_change(transaction, caller.token_id);
    login.token = co_await login.parts.tokens.mint(transaction, proof, login.rules, login.request);
    co_await tell_of_device(transaction, login);
    login.device = co_await auth::remember(transaction, *attempt.account, attempt.client, login.parts.clock.now());
}

void require_outcome(Login const& login) {
    switch (login.outcome) {
        case Login::Outcome::in:
            return;
        case Login::Outcome::changed_meanwhile:
            throw login_failed();
        case Login::Outcome::has_factor:
            throw two_factor_required();
        case Login::Outcome::unverified:
            throw Error{401, "login failed as the email has not been verified", "LOGIN_FAILED_EMAIL_NOT_VERIFIED"}
                .with_details(JsonObject{{"userId", login.user[login.model.definition().id()->name]}});
    }
}

Task<Result> log_in(AccountParts& parts, model::StoredModel& model, Invocation& call) {
    auto const& body = call.argument("credentials");
    auto const credentials = read_credentials(model.definition(), body);
    if (requires_two_factor(model.definition())) throw two_factor_required();

    Filter filter;
    filter.where = credentials.where();
    auto user = (co_await model.find_one(std::move(filter))).value_or(Json{});
    auto tried =
        co_await try_password(parts, model, credentials.identifier(), user, credentials.password, call.request);
    if (!tried.is_right()) throw login_failed();

    Login login{.parts = parts,
                .model = model,
                .request = call.request,
                .caller = call.caller,
                .user = std::move(user),
                .tried = std::move(tried)};
    login.rules.ttl_seconds = token_ttl(parts.rules, model.definition(), body["ttl"]);
    login.rules.max_sessions = parts.rules.max_sessions;
    auto const is_weak = login.tried.check == crypto::PasswordCheck::right_but_weak;
    if (is_weak && model.definition().flag("rehash", true)) {
        login.new_hash = co_await parts.hashing.hash(credentials.password.as_string(), login.tried.attempt.priority());
    }
    co_await model.store()->write([&login](store::Transaction& transaction) { return finish(transaction, login); });
    require_outcome(login);
    if (login.is_told) parts.outbox.pump(co_await boost::asio::this_coro::executor);

    call.response_headers.emplace_back("Set-Cookie", auth::set_device_cookie(login.device, call.request));
    auto reply = login.token.to_json();
    if (asks_for_user(call.argument("include"))) reply["user"] = model.visible(std::move(login.user));
    co_return reply;
}

Task<> end_session(AccountParts& parts, store::Transaction& transaction, Invocation const& call, bool& ended) {
    auto const& caller = call.caller;
    ended = co_await parts.tokens.end(transaction, caller.token_id);
    if (!ended) co_return;
    co_await auth::record(transaction,
                          {.name = "session.ended",
                           .account = auth::Account::of(caller.user_model, caller.user_id),
                           .source = auth::Source::of(call.request)},
                          parts.clock.now());
}

Task<Result> log_out(AccountParts& parts, model::StoredModel& model, Invocation& call) {
    if (!call.caller.is_known()) throw Error{401, "accessToken is required to logout"};
    bool ended = false;
    co_await model.store()->write(
        [&](store::Transaction& transaction) { return end_session(parts, transaction, call, ended); });
    if (!ended) throw Error{401, "Could not find accessToken"};
    co_return std::monostate{};
}

MethodSpec login_spec() {
    MethodSpec spec;
    spec.name = "login";
    spec.description = "Login a user with username/email and password.";
    spec.accepts = {{.name = "credentials", .type = {"object"}, .required = true, .source = ArgumentSpec::Source::body},
                    {.name = "include",
                     .type = {"string", true},
                     .source = ArgumentSpec::Source::query,
                     .description = "\"user\" adds the user to the answer."}};
    spec.returns = {{.name = "accessToken",
                     .type = {"object"},
                     .root = true,
                     .description = "The new access token, and the user where it was asked for."}};
    spec.http = {{"POST", "/login"}};
    return spec;
}

MethodSpec logout_spec() {
    MethodSpec spec;
    spec.name = "logout";
    spec.description = "End the session of the access token that is sent along.";
    spec.http = {{"ALL", "/logout"}};
    return spec;
}

}  // namespace

void add_login(AccountParts& parts, model::StoredModel& model) {
    model.add_method(login_spec(), [&parts, &model](Invocation& call) { return log_in(parts, model, call); });
    model.add_method(logout_spec(), [&parts, &model](Invocation& call) { return log_out(parts, model, call); });
}

}  // namespace sallyport::methods

#include "methods/verification.hpp"

#include "auth/attempt.hpp"
#include "auth/challenge.hpp"
#include "auth/factor.hpp"
#include "crypto/digest.hpp"
#include "crypto/random.hpp"
#include "definition/value.hpp"
#include "methods/account_mail.hpp"
#include "methods/mail_limits.hpp"
#include "methods/mailed_link.hpp"
#include "query/sql.hpp"

#include <fmt/format.h>
#include <boost/asio/this_coro.hpp>

#include <utility>

namespace sallyport::methods {
namespace {

constexpr std::int64_t link_life_ms = 86'400'000;  // how long the mail may wait to be sent

std::string const& id_name(model::StoredModel const& model) { return model.definition().id()->name; }

bool is_verified(Json const& user) {
    auto const& verified = user["emailVerified"];
    return verified.is_boolean() && verified.as_boolean();
}

/// A link on its way into the mail.
struct Mailing {
    AccountParts& parts;
    model::StoredModel& model;
    Request const& request;
    Json user;

    std::int64_t wait_seconds = 0;
};

Task<> put_link(store::Transaction& transaction, Mailing& mailing) {
    auto& [parts, model, request, user, wait_seconds] = mailing;
    auto const tag = parts.throttle.tag(to_display(user[id_name(model)]));
    auto limits = mails_of_address(request.peer);
    for (auto& limit : mails_to_account("verify", model.name(), tag)) limits.push_back(std::move(limit));
    wait_seconds = co_await parts.throttle.take(transaction, std::move(limits));
    if (wait_seconds > 0) co_return;

    auto const token = crypto::random_token(64);
    JsonObject const changes{{"verificationToken", auth::stored_id(token)}};
    auto statement =
        query::update(model.table(), equals(id_name(model), user[id_name(model)]), changes, model.store()->dialect());
    co_await transaction.run(std::move(statement));
    auto const ends = parts.clock.now() + link_life_ms;
    co_await parts.outbox.put(transaction, verification_mail(parts.rules, model.definition(), user, token, ends));
}

Task<Result> verify(AccountParts& parts, model::StoredModel& model, Invocation& call) {
    auto user = co_await model.find_by_id(call.id);
    if (!user) {
        throw Error{404, fmt::format("could not find a model with id {}", to_display(call.id)), "MODEL_NOT_FOUND"};
    }
    Mailing mailing{.parts = parts, .model = model, .request = call.request, .user = std::move(*user)};
    co_await model.store()->write(
        [&mailing](store::Transaction& transaction) { return put_link(transaction, mailing); });
    if (mailing.wait_seconds > 0) throw auth::too_many_attempts(mailing.wait_seconds);
    parts.outbox.pump(co_await boost::asio::this_coro::executor);
    co_return std::monostate{};
}

/// A link that was opened.
struct Confirmation {
    AccountParts& parts;
    model::StoredModel& model;
    Json user;
    std::string token;  ///< As stored.

    bool is_good = false;
};

// Whoever made the account may not have been the address's owner: what was bound before the owner came goes. A number
// that was never confirmed stays: it may be the owner's own, from the sign-up that this link is part of.
Task<> hand_over(store::Transaction& transaction, Confirmation& confirmation) {
    auto& [parts, model, user, token, is_good] = confirmation;
    auto const& id = user[id_name(model)];
    co_await auth::hand_over(transaction, auth::Account::of(model.name(), id), auth::Pending::stay);
    co_await parts.tokens.end_all(transaction, model.name(), id, "");
}

Task<> use_link(store::Transaction& transaction, Confirmation& confirmation) {
    auto& [parts, model, user, token, is_good] = confirmation;
    std::vector<Where> conditions{equals(id_name(model), user[id_name(model)]), equals("verificationToken", token)};
    JsonObject const changes{{"verificationToken", nullptr}, {"emailVerified", true}};
    // One statement: a link is used once, and not at all if the address was changed since it was mailed.
    auto statement = query::update(model.table(), all_of(std::move(conditions)), changes, model.store()->dialect());
    is_good = co_await transaction.run(std::move(statement)) == 1;
    if (is_good && has_two_factor(model.definition()) && !is_verified(user))
        co_await hand_over(transaction, confirmation);
}

Error invalid_token(AccountRules const& rules, std::string const& token) {
    return Error{400, rules.compatible ? "Invalid token: " + token : std::string{"Invalid token"}, "INVALID_TOKEN"};
}

Task<Json> account_of_link(AccountParts& parts, model::StoredModel& model, std::string uid, std::string token) {
    auto const id = definition::to_id(model.definition(), uid);
    auto user = id.is_undefined() ? std::optional<Json>{} : co_await model.find_by_id(id);
    if (!user && parts.rules.compatible) {
        throw Error{404, fmt::format("User not found: {}", uid), "USER_NOT_FOUND"};
    }
    if (!user) throw invalid_token(parts.rules, token);
    co_return std::move(*user);
}

Task<Result> confirm(AccountParts& parts, model::StoredModel& model, Invocation& call) {
    auto const uid = to_display(call.argument("uid"));
    auto const token = to_display(call.argument("token"));
    auto const& given = call.argument("redirect");
    auto const redirect = given.is_string() ? given.as_string() : std::string{};
    if (!redirect.empty() && !is_own_path(redirect)) {
        throw Error{400, "redirect must be a path of this server: \"/welcome\"", "INVALID_REDIRECT"};
    }
    Confirmation confirmation{.parts = parts, .model = model, .user = {}, .token = auth::stored_id(token)};
    confirmation.user = co_await account_of_link(parts, model, uid, token);
    auto const& stored = confirmation.user["verificationToken"];
    if (!stored.is_string() || !crypto::equal_in_constant_time(stored.as_string(), confirmation.token)) {
        throw invalid_token(parts.rules, token);
    }
    co_await model.store()->write(
        [&confirmation](store::Transaction& transaction) { return use_link(transaction, confirmation); });
    if (!confirmation.is_good) throw invalid_token(parts.rules, token);
    co_await make_device_known(parts, model, call, confirmation.user[id_name(model)]);
    if (!redirect.empty()) {
        call.status = 302;
        call.response_headers.emplace_back("Location", redirect);
    }
    co_return std::monostate{};
}

MethodSpec verify_spec() {
    MethodSpec spec;
    spec.name = "prototype.verify";
    spec.is_static = false;
    spec.description = "Mail a link that proves the account's email address.";
    spec.http = {{"POST", "/:id/verify"}};
    return spec;
}

MethodSpec confirm_spec() {
    MethodSpec spec;
    spec.name = "confirm";
    spec.description = "Confirm an email address with the token of a mailed link.";
    spec.accepts = {{.name = "uid", .type = {"string"}, .required = true},
                    {.name = "token", .type = {"string"}, .required = true},
                    {.name = "redirect", .type = {"string"}}};
    spec.http = {{"GET", "/confirm"}};
    return spec;
}

}  // namespace

void add_verification(AccountParts& parts, model::StoredModel& model) {
    model.add_method(verify_spec(), [&parts, &model](Invocation& call) { return verify(parts, model, call); });
    model.add_method(confirm_spec(), [&parts, &model](Invocation& call) { return confirm(parts, model, call); });
}

}  // namespace sallyport::methods

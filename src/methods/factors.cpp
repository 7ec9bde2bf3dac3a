#include "methods/factors.hpp"

#include "auth/attempt.hpp"
#include "methods/password_attempt.hpp"
#include "query/sql.hpp"
#include "sallyport/error.hpp"

#include <boost/asio/this_coro.hpp>

#include <algorithm>
#include <utility>

namespace sallyport::methods {
namespace {

using auth::Factor;
using Verdict = auth::Challenges::Verdict;

std::int64_t constexpr fresh_ms = 300'000;  // how old a second factor may be where factors change

bool contains(std::vector<std::string> const& names, std::string_view name) {
    return std::ranges::find(names, name) != names.end();
}

bool is_enrolment(Caller const& caller) { return contains(caller.scopes, "enrol"); }

// The owner alone, whatever other rules allow: nobody sets another's factors.
void require_owner(TwoFactorModel const& two, Invocation const& call) {
    if (call.caller.is_known() && call.caller.user_model == two.model.name() && call.caller.user_id == call.id) return;
    throw Error{401, "Authorization Required", "AUTHORIZATION_REQUIRED"};
}

Error step_up_required(TwoFactorModel const& two) {
    JsonArray channels(two.options.channels.begin(), two.options.channels.end());
    return Error{401, "This needs a second factor shown within the last five minutes.", "STEP_UP_REQUIRED"}
        .with_details(JsonObject{{"channels", std::move(channels)}});
}

void require_fresh_factor(TwoFactorModel const& two, Caller const& caller) {
    bool const has_second = std::ranges::any_of(
        caller.factors, [](std::string const& factor) { return factor != "password" && factor != "link"; });
    if (!has_second || two.now() - caller.authenticated_at > fresh_ms) throw step_up_required(two);
}

Task<KnownUser> user_of(TwoFactorModel const& two, Json id) {
    auto record = co_await two.model.find_by_id(id);
    if (!record) throw not_found(two.model.name(), to_display(id));
    co_return known_user(two, std::move(*record));
}

// One call that adds or confirms; what its transaction reads and leaves.
struct Change {
    TwoFactorModel const& two;
    Invocation const& call;
    KnownUser user;
    Factor factor;
    std::string code;

    bool allowed = true;
    std::int64_t wait = 0;
    bool confirmed = false;
    std::string message;  // The id of the one that carries the code.
    std::optional<auth::Token> token;
};

// May this session put a number in the place of the one there is? Only with a factor no weaker than a number.
bool may_add(Caller const& caller, Reachable const& reachable) {
    if (is_enrolment(caller)) return !reachable.had_factor || contains(caller.factors, "ticket");
    return reachable.number.empty() || contains(caller.factors, "sms");
}

Task<> add(store::Transaction& transaction, Change& change) {
    auto const& two = change.two;
    auto const& account = change.user.account;
    auto const client = auth::client_of(change.call.request, {});
    auto const acquaintance = co_await auth::recognise(transaction, account, client, two.now());
    auto const reachable = co_await reach(transaction, two, change.user, acquaintance);
    change.allowed = may_add(change.call.caller, reachable) &&
                     co_await may_still_sign_in(transaction, two.model, change.user.record);
    if (!change.allowed) co_return;

    Reach const way{"sms", change.factor.target, auth::phone_hint(change.factor.target)};
    auto charge = co_await charge_message(transaction, two, account, acquaintance, client, way);
    change.wait = charge.wait;
    if (change.wait > 0) co_return;
    co_await auth::drop_unconfirmed(transaction, account);
    change.factor.id = co_await auth::add_factor(transaction, account, change.factor);
    co_await record_factor(transaction, two, change.call.request, account, "factor.added", change.factor);
    auto const opened = co_await two.doors->challenges.open(
        transaction, account,
        {.purpose = auth::Purpose::confirm, .channel = "sms", .factor = change.factor.id, .rules = two.options.code},
        client, acquaintance);
    auto message = code_message(two, change.user, way, opened);
    change.message = message.id;
    co_await two.doors->parts.outbox.put(transaction, std::move(message), std::move(charge.charged));
}

// The record's own property follows the confirmed number.
Task<> set_number(store::Transaction& transaction, Change const& change) {
    auto const& two = change.two;
    auto const& id = two.model.definition().id()->name;
    co_await transaction.run(query::update(two.model.table(), equals(id, change.user.id),
                                           {{two.options.phone, change.factor.target}}, two.store().dialect()));
}

Task<> finish(store::Transaction& transaction, Change& change) {
    auto const& two = change.two;
    auto const& user = change.user;
    auto& parts = two.doors->parts;
    co_await auth::confirm_factor(transaction, user.account, change.factor);
    co_await record_factor(transaction, two, change.call.request, user.account, "factor.confirmed", change.factor);
    co_await note_verified(transaction, two, change.factor.target);
    change.factor.state = Factor::State::confirmed;
    co_await set_number(transaction, change);
    change.user.record.as_object().set(two.options.phone, change.factor.target);
    change.confirmed = true;
    co_await tell_owner(
        transaction, two, user, "factor:" + auth::client_secret(), "A number was added to your account",
        "Sign-in codes of your account go to " + auth::phone_hint(change.factor.target) + " from now on.");
    auto const& caller = change.call.caller;
    if (!is_enrolment(caller)) co_return;
    co_await parts.tokens.end(transaction, caller.token_id);
    // Whoever has the lost factor may still be signed in by it.
    if (contains(caller.factors, "ticket")) {
        co_await parts.tokens.end_all(transaction, user.account.model, user.id, "");
        co_await auth::end_challenges(transaction, user.account.model, user.id);
    }
    change.token = co_await parts.tokens.mint(
        transaction, auth::ProofOf::password_and_enrolled(user.account.model, user.id, change.factor.type),
        {.ttl_seconds = two.options.token_ttl, .scopes = {}, .max_sessions = parts.rules.max_sessions},
        change.call.request);
}

Task<> confirm(store::Transaction& transaction, Change& change) {
    auto const& two = change.two;
    auto const& account = change.user.account;
    auto const factors = co_await auth::factors_of(transaction, account);
    auto const found = std::ranges::find_if(factors, [&](Factor const& factor) {
        return factor.id == change.factor.id && factor.state == Factor::State::adding;
    });
    if (found == factors.end()) co_return;
    change.factor = *found;
    auto const client = auth::client_of(change.call.request, {});
    auto const acquaintance = co_await auth::recognise(transaction, account, client, two.now());
    auto const verdict = co_await two.doors->challenges.check(
        transaction, two.doors->parts.throttle, account,
        {.code = change.code, .purpose = auth::Purpose::confirm, .factor = found->id}, client, acquaintance,
        two.options.code);
    bool const right = verdict.kind == Verdict::Kind::right;
    if (right && co_await may_still_sign_in(transaction, two.model, change.user.record))
        co_await finish(transaction, change);
}

Json added(Change const& change) {
    auto body = change.factor.to_json();
    auto& members = body.as_object();
    members.set("restricted", true);
    members.set(
        "about",
        "Text messages can be intercepted, and a number can be taken over. Use something stronger where you can.");
    members.set("ttl", change.two.options.code.ttl_seconds);
    members.set("resendAfter", resend_after(change.two));
    return body;
}

}  // namespace

Task<Result> list_factors(TwoFactorModel const& two, Invocation& call) {
    require_owner(two, call);
    auto const account = auth::Account::of(two.model.name(), call.id);
    std::vector<Factor> factors;
    co_await two.store().read(auth::select_factors(account),
                              [&](store::Row const& row) { factors.push_back(auth::read_factor(row)); });
    JsonArray shown;
    for (auto const& factor : factors) {
        if (auth::counts(factor) || factor.state == Factor::State::adding) shown.push_back(factor.to_json());
    }
    co_return Json{std::move(shown)};
}

Task<Result> add_factor_route(TwoFactorModel const& two, Invocation& call) {
    require_owner(two, call);
    if (!is_enrolment(call.caller)) require_fresh_factor(two, call.caller);
    bool const has_sms = contains(two.options.channels, "sms") && two.doors->senders.contains("sms");
    if (text_of(call.argument("type")) != "sms" || !has_sms) {
        throw Error{422, "`type` has to be a kind of factor that this application takes.", "CHANNEL_UNAVAILABLE"};
    }
    auto number = text_of(call.argument("phone"));
    if (!auth::is_phone_number(number)) {
        throw Error{422, "`phone` has to be a number in international form, such as +33612345678.", "INVALID_PHONE"};
    }
    if (!two.doors->serves(number)) {
        throw Error{422, "`phone` has to be a mobile number of a country that this application serves.",
                    "PHONE_NOT_SERVED"};
    }
    Change change{.two = two,
                  .call = call,
                  .user = co_await user_of(two, call.id),
                  .factor = {.id = 0, .type = "sms", .target = std::move(number), .created = two.now()},
                  .code = {},
                  .message = {},
                  .token = {}};
    co_await two.store().write([&](store::Transaction& transaction) { return add(transaction, change); });
    if (!change.allowed) throw step_up_required(two);
    if (change.wait > 0) throw auth::too_many_attempts(change.wait);
    two.doors->parts.outbox.pump(co_await boost::asio::this_coro::executor, change.message);
    co_return added(change);
}

Task<Result> confirm_factor_route(TwoFactorModel const& two, Invocation& call) {
    require_owner(two, call);
    auto const& fk = call.argument("fk");
    Change change{.two = two,
                  .call = call,
                  .user = co_await user_of(two, call.id),
                  .factor = {},
                  .code = text_of(call.argument("twofactor")),
                  .message = {},
                  .token = {}};
    if (fk.is_number()) change.factor.id = static_cast<std::int64_t>(fk.as_number());
    co_await two.store().write([&](store::Transaction& transaction) { return confirm(transaction, change); });
    if (!change.confirmed) throw code_refused();
    two.doors->parts.outbox.pump(co_await boost::asio::this_coro::executor);
    if (!change.token) co_return change.factor.to_json();
    auto body = change.token->to_json();
    body.as_object().set("user", two.model.visible(std::move(change.user.record)));
    body.as_object().set("factor", change.factor.to_json());
    co_return body;
}

}  // namespace sallyport::methods

#include "methods/factors.hpp"

#include "auth/attempt.hpp"
#include "auth/closed_email.hpp"
#include "auth/recovery_code.hpp"
#include "methods/app_factor.hpp"
#include "methods/email_channel.hpp"
#include "methods/notices.hpp"
#include "methods/own_factors.hpp"
#include "methods/password_attempt.hpp"
#include "sallyport/error.hpp"

#include <boost/asio/this_coro.hpp>

#include <algorithm>
#include <utility>

namespace sallyport::methods {
namespace {

using auth::Factor;
using Verdict = auth::Challenges::Verdict;

bool contains(std::vector<std::string> const& names, std::string_view name) {
    return std::ranges::find(names, name) != names.end();
}

// One call that adds or confirms; what its transaction reads and leaves.
struct Change {
    TwoFactorModel const& two;
    Invocation const& call;
    KnownUser user;
    Factor factor;
    std::string code;
    std::optional<auth::AppSecret> app;

    bool allowed = true;
    std::int64_t wait = 0;
    bool confirmed = false;
    std::string message;  // The id of the one that carries the code.
    std::optional<auth::Token> token;
};

// May this session add a factor that replaces, outranks or equals those there are? Only those no stronger than its own.
bool may_add(Caller const& caller, Reachable const& reachable, std::string_view type) {
    if (is_enrolment(caller)) return !reachable.had_factor || contains(caller.factors, "ticket");
    auto const shown = auth::strength_of(caller.factors);
    auto const added = auth::strength_of(type);
    bool const has_number = !reachable.number.empty();  // Which may stand in the record alone.
    if (has_number && auth::strength_of("sms") <= added && auth::strength_of("sms") > shown) return false;
    return std::ranges::none_of(reachable.factors, [&](Factor const& factor) {
        auto const strength = auth::strength_of(factor.type);
        return auth::counts(factor) && strength <= added && strength > shown;
    });
}

Way way_to(Factor const& factor) { return {factor.type, factor.target, factor.hint()}; }

Task<> add(store::Transaction& transaction, Change& change) {
    auto const& two = change.two;
    auto const& account = change.user.account;
    auto const client = auth::client_of(change.call.request, {});
    auto const acquaintance = co_await auth::recognise(transaction, account, client, two.now());
    auto const reachable = co_await reach(transaction, two, change.user, acquaintance);
    change.allowed = may_add(change.call.caller, reachable, change.factor.type) &&
                     co_await may_still_sign_in(transaction, two.model, change.user.record);
    if (!change.allowed) co_return;

    co_await count_change(transaction, two, account, "factor");
    auto const way = way_to(change.factor);
    auto charge = co_await charge_message(transaction, two, account, acquaintance, client, way);
    change.wait = charge.wait;
    if (change.wait > 0) co_return;
    co_await auth::drop_unconfirmed(transaction, account);
    change.factor.id = co_await auth::add_factor(transaction, account, change.factor);
    co_await record_factor(transaction, two, change.call.request, account, "factor.added", change.factor);
    auto const opened = co_await two.doors->challenges.open(transaction, account,
                                                            {.purpose = auth::Purpose::confirm,
                                                             .channel = way.channel,
                                                             .factor = change.factor.id,
                                                             .rules = two.options.code},
                                                            client, acquaintance);
    if (change.app) co_return;  // Its code comes from the app.
    auto message = code_message(two, change.user, way, opened);
    change.message = message.id;
    co_await two.doors->parts.outbox.put(transaction, std::move(message), std::move(charge.charged));
}

Task<> use_number(store::Transaction& transaction, Change& change) {
    auto const& two = change.two;
    co_await note_verified(transaction, two, change.factor.target);
    co_await set_number(transaction, two, change.user.id, change.factor.target);
    change.user.record.as_object().set(two.options.phone, change.factor.target);
}

std::pair<std::string, std::string> notice_of(Factor const& factor) {
    if (factor.type == "totp")
        return {"An authenticator app was added to your account",
                "Codes of an authenticator app open your account from now on."};
    return {"A number was added to your account",
            "Sign-in codes of your account go to " + factor.hint() + " from now on."};
}

// Who found what was lost, or took it, opens nothing with it.
Task<> end_what_was_lost(store::Transaction& transaction, Change const& change) {
    auto const& account = change.user.account;
    for (auto const& factor : co_await auth::factors_of(transaction, account)) {
        if (factor.id == change.factor.id || factor.type == "email" || !auth::counts(factor)) continue;
        co_await auth::remove_factor(transaction, account, factor.id);
        co_await record_factor(transaction, change.two, change.call.request, account, "factor.removed", factor);
    }
    // Of a factor, or the record's alone: one that no code confirmed yet.
    if (!change.two.options.phone.empty()) co_await set_number(transaction, change.two, change.user.id, nullptr);
    co_await auth::replace_recovery_codes(transaction, account, {});
}

Task<> finish(store::Transaction& transaction, Change& change) {
    auto const& two = change.two;
    auto const& user = change.user;
    auto& parts = two.doors->parts;
    auto const [subject, what] = notice_of(change.factor);
    // Before it is replaced, so that the number there was hears of it.
    co_await tell_owner(transaction, two, user, "factor:" + auth::client_secret(), subject, what);
    co_await auth::confirm_factor(transaction, user.account, change.factor);
    co_await record_factor(transaction, two, change.call.request, user.account, "factor.confirmed", change.factor);
    change.factor.state = Factor::State::confirmed;
    auto const& caller = change.call.caller;
    if (contains(caller.factors, "ticket")) co_await end_what_was_lost(transaction, change);
    co_await auth::open_email(transaction, user.account, auth::EmailClosed::by_reset);
    change.confirmed = true;
    if (change.factor.type == "sms") co_await use_number(transaction, change);
    // Whoever has the password, or a factor that was lost, may be signed in by it.
    co_await parts.tokens.end_all(transaction, user.account.model, user.id,
                                  is_enrolment(caller) ? std::string{} : caller.token_id);
    co_await auth::end_challenges(transaction, user.account.model, user.id);
    if (!is_enrolment(caller)) co_return;
    change.token = co_await parts.tokens.mint(
        transaction, auth::ProofOf::password_and_enrolled(user.account.model, user.id, change.factor.type),
        two.session_rules(), change.call.request);
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

std::string factor_type(TwoFactorModel const& two, Json const& type) {
    auto name = text_of(type);
    bool const is_built = name == "totp" || (name == "sms" && two.doors->senders.contains("sms"));
    if (is_built && contains(two.options.channels, name)) return name;
    throw Error{422, "`type` has to be a kind of factor that this application takes.", "CHANNEL_UNAVAILABLE"};
}

std::string number_of(TwoFactorModel const& two, Json const& phone) {
    auto number = text_of(phone);
    if (!auth::is_phone_number(number)) {
        throw Error{422, "`phone` has to be a number in international form, such as +33612345678.", "INVALID_PHONE"};
    }
    if (two.doors->serves(number)) return number;
    throw Error{422, "`phone` has to be a mobile number of a country that this application serves.",
                "PHONE_NOT_SERVED"};
}

Json added(Change const& change) {
    auto body = change.factor.to_json();
    auto& members = body.as_object();
    members.set("ttl", change.two.options.code.ttl_seconds);
    if (change.app) {
        for (auto& [name, value] : shown_once(change.two, change.user, *change.app)) members.set(name, value);
        return body;
    }
    members.set("restricted", true);
    members.set(
        "about",
        "Text messages can be intercepted, and a number can be taken over. Use something stronger where you can.");
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
        if (!two.options.lists(factor.type)) continue;  // A number that nothing sends codes to opens nothing.
        if (auth::counts(factor) || factor.state == Factor::State::adding) shown.push_back(factor.to_json());
    }
    if (takes_email(two)) {
        if (auto mailed = shown_email(two, co_await user_of(two, call.id), factors))
            shown.push_back(std::move(*mailed));
    }
    co_return Json{std::move(shown)};
}

Task<Result> add_factor_route(TwoFactorModel const& two, Invocation& call) {
    require_owner(two, call);
    if (call.argument("type") == Json{"email"}) co_return co_await open_email_channel(two, call);
    if (!is_enrolment(call.caller)) require_fresh_factor(two, call.caller);
    auto type = factor_type(two, call.argument("type"));
    Change change{.two = two,
                  .call = call,
                  .user = co_await user_of(two, call.id),
                  .factor = {.type = std::move(type), .created = two.now(), .label = label_of(call.argument("label"))},
                  .code = {},
                  .app = {},
                  .message = {},
                  .token = {}};
    if (change.factor.type == "totp") {
        change.app = make_app_secret(call.argument("algorithm"), call.argument("digits"));
        change.factor.secret = auth::seal_app_secret(two.doors->keys, change.user.account, *change.app);
    } else {
        change.factor.target = number_of(two, call.argument("phone"));
    }
    co_await write_own(two, call, [&](store::Transaction& transaction) { return add(transaction, change); });
    if (!change.allowed) throw step_up_required(two);
    if (change.wait > 0) throw auth::too_many_attempts(change.wait);
    if (!change.message.empty())
        two.doors->parts.outbox.pump(co_await boost::asio::this_coro::executor, change.message);
    call.response_headers.emplace_back("Cache-Control", "no-store");
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
                  .app = {},
                  .message = {},
                  .token = {}};
    if (fk.is_number()) change.factor.id = static_cast<std::int64_t>(fk.as_number());
    co_await write_own(two, call, [&](store::Transaction& transaction) { return confirm(transaction, change); });
    if (!change.confirmed) throw code_refused();
    two.doors->parts.outbox.pump(co_await boost::asio::this_coro::executor);
    if (!change.token) co_return change.factor.to_json();
    auto body = change.token->to_json();
    body.as_object().set("user", two.model.visible(std::move(change.user.record)));
    body.as_object().set("factor", change.factor.to_json());
    co_return body;
}

}  // namespace sallyport::methods

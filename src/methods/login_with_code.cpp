// Step two of a login: the code. Everything a right one leads to is in the transaction that uses it up.

#include "methods/login_with_code.hpp"

#include "auth/attempt.hpp"
#include "auth/recovery_code.hpp"
#include "methods/factor_changes.hpp"
#include "methods/factors.hpp"
#include "methods/password_attempt.hpp"
#include "methods/phone_guard.hpp"
#include "methods/recovery.hpp"
#include "methods/request_code.hpp"
#include "methods/two_doors.hpp"
#include "sallyport/error.hpp"

#include <fmt/format.h>

#include <boost/asio/this_coro.hpp>

#include <algorithm>
#include <memory>
#include <utility>

namespace sallyport::methods {
namespace {

using Verdict = auth::Challenges::Verdict;

double constexpr enrol_seconds = 600;

struct StepTwo {
    TwoFactorModel const& two;
    Invocation const& call;
    std::string identifier;  // Email or username as sent.
    std::optional<KnownUser> user;
    auth::Client client;
    std::string code;

    Verdict verdict;
    std::int64_t wait = 0;
    std::optional<auth::Token> token;
    std::string device;  // The device cookie's new value.
};

auth::TokenRules session_rules(TwoFactorModel const& two) {
    return {.ttl_seconds = two.options.token_ttl, .scopes = {}, .max_sessions = two.doors->parts.rules.max_sessions};
}

// The first right code of a text message confirms the number it went to, and no other.
Task<> after_text_message(store::Transaction& transaction, StepTwo& step) {
    using State = auth::Factor::State;
    auto const& account = step.user->account;
    for (auto const& factor : co_await auth::factors_of(transaction, account)) {
        bool const is_pending = factor.id == step.verdict.factor && factor.state == State::pending;
        if (is_pending) {
            co_await auth::confirm_factor(transaction, account, factor);
            co_await record_factor(transaction, step.two, step.call.request, account, "factor.confirmed", factor);
        }
        if (!is_pending && (factor.type != "sms" || factor.state != State::confirmed)) continue;
        co_await note_verified(transaction, step.two, factor.target);
        co_return;
    }
}

Task<> let_in(store::Transaction& transaction, StepTwo& step) {
    auto const& user = *step.user;
    auto& tokens = step.two.doors->parts.tokens;
    if (step.verdict.purpose == auth::Purpose::enrol) {
        step.token = co_await tokens.mint(transaction, auth::ProofOf::enrolment(user.account.model, user.id),
                                          {.ttl_seconds = enrol_seconds}, step.call.request);
        co_return;
    }
    if (step.verdict.channel == "sms") co_await after_text_message(transaction, step);
    // Who logs in anew gives the old session up.
    auto const& caller = step.call.caller;
    if (caller.is_known() && caller.user_model == user.account.model && caller.user_id == user.id) {
        co_await tokens.end(transaction, caller.token_id);
    }
    step.token = co_await tokens.mint(
        transaction, auth::ProofOf::password_and_code(user.account.model, user.id, step.verdict.channel),
        session_rules(step.two), step.call.request);
    step.device = co_await auth::remember(transaction, user.account, step.client, step.two.now());
}

Task<> record_code(store::Transaction& transaction, StepTwo const& step, auth::Account account) {
    auto const& throttle = step.two.doors->parts.throttle;
    auto const right = step.verdict.kind == Verdict::Kind::right;
    co_await auth::record(transaction,
                          {.name = "code",
                           .outcome = right ? auth::Event::Outcome::done : auth::Event::Outcome::refused,
                           .account = std::move(account),
                           .identifier = step.identifier.empty() ? "" : throttle.tag(step.identifier),
                           .factor = step.verdict.channel,
                           .about = step.verdict.kind == Verdict::Kind::none ? "no code to compare with" : "",
                           .source = auth::Source::of(step.call.request)},
                          step.two.now());
    if (!step.verdict.switched_off) co_return;
    co_await auth::record(transaction,
                          {.name = "factor.off",
                           .account = step.user->account,
                           .factor = step.verdict.channel,
                           .about = "fifty wrong codes in a row"},
                          step.two.now());
}

// The same statements for a user who is not there: no challenge is ever his.
auth::Account account_of(StepTwo const& step) {
    return step.user ? step.user->account : auth::Account{step.two.model.name(), ""};
}

// What a verdict leads to.
Task<> conclude(store::Transaction& transaction, StepTwo& step, auth::Acquaintance acquaintance) {
    auto const& two = step.two;
    auto& throttle = two.doors->parts.throttle;
    auto const account = account_of(step);
    co_await record_code(transaction, step, account);
    bool const is_there = step.user && co_await may_still_sign_in(transaction, two.model, step.user->record);
    if (step.verdict.kind == Verdict::Kind::right && is_there) {
        co_await let_in(transaction, step);
    } else if (step.verdict.kind == Verdict::Kind::none && !acquaintance.is_known()) {
        step.wait = co_await throttle.take(transaction, auth::address_limits(step.client));
    } else if (step.verdict.switched_off) {
        co_await tell_owner(
            transaction, two, *step.user, "off:" + auth::client_secret(), "Sign-in codes were switched off",
            "Fifty wrong codes in a row were tried on your account. Codes by \"" + step.verdict.channel +
                "\" are off now for devices that have not signed in before. Somebody may know your password.");
    }
}

Task<> judge(store::Transaction& transaction, StepTwo& step) {
    auto const& two = step.two;
    auto const account = account_of(step);
    auto acquaintance = co_await auth::recognise(transaction, account, step.client, two.now());
    step.verdict =
        co_await two.doors->challenges.check(transaction, two.doors->parts.throttle, account, {.code = step.code},
                                             step.client, acquaintance, two.options.code);
    co_await conclude(transaction, step, std::move(acquaintance));
}

// A recovery code: its hash takes longer than a transaction may, so the try is counted in one and used in another.
struct Recovery {
    auth::RecoveryCode code;
    auth::Acquaintance acquaintance;
    std::optional<auth::Challenges::Counted> counted;
    std::optional<std::string> hash;
    bool is_right = false;
};

Task<> count(store::Transaction& transaction, StepTwo& step, Recovery& recovery) {
    auto const& two = step.two;
    auto const account = account_of(step);
    recovery.acquaintance = co_await auth::recognise(transaction, account, step.client, two.now());
    recovery.counted = co_await two.doors->challenges.count(transaction, two.doors->parts.throttle, account, "recovery",
                                                            step.client, recovery.acquaintance, two.options.code);
    if (recovery.counted) {
        recovery.hash = co_await auth::recovery_hash(transaction, account, recovery.code.number);
    } else {
        co_await conclude(transaction, step, recovery.acquaintance);
    }
}

Task<> use(store::Transaction& transaction, StepTwo& step, Recovery& recovery) {
    auto const& two = step.two;
    auto const account = account_of(step);
    auto& challenges = two.doors->challenges;
    bool right = recovery.is_right && co_await challenges.use(transaction, two.doors->parts.throttle, account,
                                                              "recovery", *recovery.counted);
    right = right && co_await auth::use_recovery_code(transaction, account, *recovery.hash, two.now());
    step.verdict = {.kind = right ? Verdict::Kind::right : Verdict::Kind::wrong, .channel = "recovery"};
    if (right) {
        auto const left = co_await auth::recovery_codes_left(transaction, account);
        co_await tell_owner(transaction, two, *step.user, "recovery:" + auth::client_secret(),
                            "A recovery code was used",
                            fmt::format("Somebody signed in to your account with a recovery code. {} are left.", left));
    } else {
        step.verdict.switched_off = co_await challenges.miss(transaction, account, "recovery");
    }
    co_await conclude(transaction, step, recovery.acquaintance);
}

Task<> recover(StepTwo& step, auth::RecoveryCode code) {
    auto const& two = step.two;
    Recovery recovery{.code = std::move(code), .acquaintance = {}, .counted = {}, .hash = {}};
    co_await two.store().write([&](store::Transaction& transaction) { return count(transaction, step, recovery); });
    if (!recovery.counted) co_return;
    auto& hashing = two.doors->parts.hashing;
    auto const priority = recovery.acquaintance.is_known() ? Priority::reserved : Priority::normal;
    if (recovery.hash) {
        auto const check = co_await hashing.check(recovery.code.text, *recovery.hash, priority);
        recovery.is_right = check != crypto::PasswordCheck::wrong;
    } else {
        co_await hashing.check_nothing(recovery.code.text, priority);
    }
    co_await two.store().write([&](store::Transaction& transaction) { return use(transaction, step, recovery); });
}

Task<Result> login_with_code(TwoFactorModel const& two, Invocation& call) {
    auto const& credentials = call.argument("credentials");
    auto const named = named_user(two, credentials);
    StepTwo step{.two = two,
                 .call = call,
                 .identifier = named ? named->identifier() : std::string{},
                 .user = co_await find_user(two, named),
                 .client = auth::client_of(call.request, credentials["challenge"]),
                 .code = text_of(credentials["twofactor"]),
                 .verdict = {},
                 .token = {},
                 .device = {}};
    if (auto code = auth::read_recovery_code(step.code)) {
        co_await recover(step, std::move(*code));
    } else {
        co_await two.store().write([&](store::Transaction& transaction) { return judge(transaction, step); });
    }
    if (step.verdict.switched_off || step.verdict.channel == "recovery")
        two.doors->parts.outbox.pump(co_await boost::asio::this_coro::executor);
    if (step.wait > 0) throw auth::too_many_attempts(step.wait);
    if (!step.token) throw code_refused();

    if (!step.device.empty()) {
        call.response_headers.emplace_back(
            "Set-Cookie",
            auth::set_cookie(auth::device_cookie, step.device, auth::device_kept_seconds, call.request.is_secure));
    }
    auto body = step.token->to_json();
    body.as_object().set("user", two.model.visible(std::move(step.user->record)));
    co_return body;
}

// A method body that keeps what it works with; not a coroutine itself, so that nothing captured can be lost.
template <class Body>
MethodBody bind(std::shared_ptr<TwoFactorModel const> two, Body body) {
    return [two = std::move(two), body](Invocation& call) { return body(*two, call); };
}

}  // namespace

void add_two_factor(AccountParts& parts, delivery::Senders const& senders, crypto::Keys const& keys,
                    std::shared_ptr<auth::Numbers const> numbers) {
    auto const doors =
        std::make_shared<TwoDoors>(parts, senders, keys, auth::Challenges{keys, parts.clock}, std::move(numbers));
    parts.outbox.set_given_up([&throttle = parts.throttle](store::Transaction& transaction, auto charged) {
        return give_back(transaction, throttle, std::move(charged));
    });
    for (auto* model : parts.models.all()) {
        auto options = auth::two_factor_options(model->definition());
        if (!options || model->store() == nullptr) continue;
        auto const two = std::make_shared<TwoFactorModel const>(doors, *model, std::move(*options));
        model->add_method("requestCode", bind(two, request_code));
        model->add_method("loginWithCode", bind(two, login_with_code));
        model->add_method("prototype.listFactors", bind(two, list_factors));
        model->add_method("prototype.addFactor", bind(two, add_factor_route));
        model->add_method("prototype.confirmFactor", bind(two, confirm_factor_route));
        model->add_method("prototype.updateFactor", bind(two, update_factor_route));
        model->add_method("prototype.removeFactor", bind(two, remove_factor_route));
        model->add_method("prototype.countRecoveryCodes", bind(two, count_recovery_codes));
        model->add_method("prototype.makeRecoveryCodes", bind(two, make_recovery_codes_route));
        guard_phone(two);
    }
}

}  // namespace sallyport::methods

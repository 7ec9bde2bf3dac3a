#include "methods/code_try.hpp"

#include "auth/attempt.hpp"
#include "auth/audit.hpp"
#include "auth/closed_email.hpp"
#include "auth/recovery_code.hpp"
#include "methods/notices.hpp"
#include "methods/password_attempt.hpp"
#include "sallyport/error.hpp"

#include <fmt/format.h>

#include <boost/asio/this_coro.hpp>

#include <utility>

namespace sallyport::methods {
namespace {

using auth::SwitchedOff;
using Verdict = auth::Challenges::Verdict;

Task<> record_code(store::Transaction& transaction, CodeTry const& step, auth::Account account) {
    auto const& throttle = step.two.doors->parts.throttle;
    auto const right = step.verdict.kind == Verdict::Kind::right;
    co_await auth::record(transaction,
                          {.name = "code",
                           .outcome = right ? auth::Event::Outcome::done : auth::Event::Outcome::refused,
                           .account = std::move(account),
                           .identifier = step.identifier.empty() ? "" : throttle.tag(step.identifier),
                           .factor = step.verdict.channel,
                           .about = step.verdict.kind == Verdict::Kind::none ? "no code to compare with" : "",
                           .source = auth::Source::of(step.request)},
                          step.two.now());
    if (step.verdict.switched_off == SwitchedOff::no) co_return;
    co_await auth::record(transaction,
                          {.name = "factor.off",
                           .account = step.user->account,
                           .factor = step.verdict.channel,
                           .about = step.verdict.switched_off == SwitchedOff::for_all ? "a hundred wrong codes in a row"
                                                                                      : "fifty wrong codes in a row"},
                          step.two.now());
}

// The same statements for a user who is not there: no challenge is ever his.
auth::Account account_of(CodeTry const& step) {
    return step.user ? step.user->account : auth::Account{step.two.model.name(), ""};
}

std::string switched_off_notice(Verdict const& verdict) {
    auto const for_all = verdict.switched_off == SwitchedOff::for_all;
    return fmt::format(
        "{} wrong codes in a row were tried on your account. Codes by \"{}\" are off now for {}. Somebody may know "
        "your password.",
        for_all ? "A hundred" : "Fifty", verdict.channel,
        for_all ? "every device, until you set them up anew" : "devices that have not signed in before");
}

// What a verdict leads to.
Task<> conclude(store::Transaction& transaction, CodeTry& step, auth::Acquaintance acquaintance) {
    auto const& two = step.two;
    auto& throttle = two.doors->parts.throttle;
    auto const account = account_of(step);
    co_await record_code(transaction, step, account);
    bool const is_right = step.verdict.kind == Verdict::Kind::right;
    if (is_right && co_await may_still_sign_in(transaction, two.model, step.user->record)) {
        bool const is_factor = step.verdict.purpose == auth::Purpose::login && step.verdict.channel != "email";
        if (is_factor && two.options.lists("email"))
            co_await auth::open_email(transaction, account, auth::EmailClosed::by_reset);
        co_await was_answered(transaction, two, account, step.verdict.challenge);
        co_await step.next(transaction, step.verdict);
        step.is_done = true;
    } else if (step.verdict.kind == Verdict::Kind::none && !acquaintance.is_known()) {
        step.wait = co_await throttle.take(transaction, auth::address_limits(step.client));
    } else if (step.verdict.switched_off != SwitchedOff::no) {
        co_await tell_owner(transaction, two, *step.user, "off:" + auth::client_secret(),
                            "Sign-in codes were switched off", switched_off_notice(step.verdict));
    }
}

Task<> judge(store::Transaction& transaction, CodeTry& step) {
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

Task<> count(store::Transaction& transaction, CodeTry& step, Recovery& recovery) {
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

Task<> use(store::Transaction& transaction, CodeTry& step, Recovery& recovery) {
    auto const& two = step.two;
    auto const account = account_of(step);
    auto& challenges = two.doors->challenges;
    bool right = recovery.is_right && co_await challenges.use(transaction, two.doors->parts.throttle, account,
                                                              "recovery", *recovery.counted);
    right = right && co_await auth::use_recovery_code(transaction, account, *recovery.hash, two.now());
    step.verdict = {.kind = right ? Verdict::Kind::right : Verdict::Kind::wrong,
                    .channel = "recovery",
                    .challenge = recovery.counted->id};
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

Task<> recover(CodeTry& step, auth::RecoveryCode code) {
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

}  // namespace

Task<> try_code(CodeTry& step) {
    auto const& two = step.two;
    if (auto code = auth::read_recovery_code(step.code)) {
        co_await recover(step, std::move(*code));
    } else {
        co_await two.store().write([&](store::Transaction& transaction) { return judge(transaction, step); });
    }
    if (step.verdict.switched_off != SwitchedOff::no || step.verdict.channel == "recovery")
        two.doors->parts.outbox.pump(co_await boost::asio::this_coro::executor);
    if (step.wait > 0) throw auth::too_many_attempts(step.wait);
    if (!step.is_done) throw code_refused();
}

}  // namespace sallyport::methods

// Two transactions with a password hash between them. The first counts the try, so that however many come at once no
// more are compared than are left. The second holds everything a right password leads to: the count given back, the
// limits of sending, the challenge, and the message in the outbox. They stand or fall together.

#include "methods/request_code.hpp"

#include "auth/attempt.hpp"
#include "auth/ticket.hpp"
#include "methods/notices.hpp"
#include "methods/password_attempt.hpp"
#include "methods/trusted_devices.hpp"
#include "sallyport/error.hpp"

#include <boost/asio/this_coro.hpp>

#include <algorithm>
#include <utility>

namespace sallyport::methods {
namespace {

double constexpr enrol_seconds = 600;

struct StepOne {
    TwoFactorModel const& two;
    Invocation const& call;
    auth::Attempt attempt;
    Json channel;  // As asked for; undefined for the default.
    Json ticket;   // As sent; undefined for none.
    KnownUser user;
    std::string new_hash;  // To replace a weak one; "" to keep it.

    enum class Outcome : std::uint8_t { sent, let_in, enrol, refused, unverified, wait, unreachable };
    Outcome outcome = Outcome::refused;
    std::int64_t wait = 0;
    Way way;
    std::vector<std::string> channels;
    std::vector<auth::Factor> factors;
    auth::Challenges::Opened opened;
    auth::Token enrolment;
    TrustedEntry trusted{};

    bool is_trusted() const { return trusted.session.has_value(); }
};

// The asked-for way, or the first; null if it is not among those there are.
Way const* choose(Reachable const& reachable, Json const& channel) {
    if (channel.is_nothing()) return reachable.ways.data();
    auto const found =
        std::ranges::find_if(reachable.ways, [&](Way const& way) { return channel == Json{way.channel}; });
    return found == reachable.ways.end() ? nullptr : &*found;
}

bool may_enrol(TwoFactorModel const& two, Reachable const& reachable) {
    return !reachable.had_factor && !reachable.is_reduced && two.options.lets_enrol();
}

// The pending factor that a text message can confirm; 0 where there is none. A number that was there before the mixin
// becomes one with the first code sent to it.
Task<std::int64_t> pending_factor(store::Transaction& transaction, StepOne const& step) {
    using State = auth::Factor::State;
    if (step.way.channel != "sms") co_return 0;
    for (auto const& factor : step.factors) {
        if (factor.type == "sms" && factor.target == step.way.to && auth::counts(factor))
            co_return factor.state == State::pending ? factor.id : 0;
    }
    co_return co_await auth::add_factor(
        transaction, step.user.account,
        {.id = 0, .type = "sms", .target = step.way.to, .state = State::pending, .created = step.two.now()});
}

// Counts the message, opens the challenge and writes the message: all or, over a limit, none.
Task<> send(store::Transaction& transaction, StepOne& step, auth::Purpose purpose) {
    auto const& two = step.two;
    auto const& account = step.user.account;
    auto const& acquaintance = step.attempt.acquaintance;
    // On a trusted device nothing is sent; the challenge is there for whoever has a code of their own.
    auto charge = step.is_trusted()
                      ? Charge{}
                      : co_await charge_message(transaction, two, account, acquaintance, step.attempt.client, step.way);
    step.wait = charge.wait;
    if (step.wait > 0) {
        step.outcome = StepOne::Outcome::wait;
        co_return;
    }
    bool const is_login_by_code = purpose == auth::Purpose::login && !step.is_trusted();
    auto const factor = is_login_by_code ? co_await pending_factor(transaction, step) : 0;
    step.opened = co_await two.doors->challenges.open(
        transaction, account,
        {.purpose = purpose, .channel = step.way.channel, .factor = factor, .rules = two.options.code},
        step.attempt.client, acquaintance);
    step.outcome = StepOne::Outcome::sent;
    // A device that was here before is its owner's, who may go away in the middle.
    bool const is_told = is_login_by_code && acquaintance.kind != auth::Acquaintance::Kind::device;
    if (is_told) co_await await_answer(transaction, two, step.user, step.call.request, step.opened);
    if (!auth::is_sent(step.way.channel) || step.is_trusted()) co_return;
    co_await two.doors->parts.outbox.put(transaction, code_message(two, step.user, step.way, step.opened),
                                         std::move(charge.charged));
    co_await auth::record(transaction,
                          {.name = "code.sent",
                           .account = account,
                           .factor = step.way.channel,
                           .about = step.way.to.empty() ? "" : step.way.hint,
                           .source = step.attempt.source},
                          two.now());
}

// An account that never had a factor: it may add one now. Where its email is verified, the mailbox has to agree first.
Task<> let_enrol(store::Transaction& transaction, StepOne& step) {
    auto const& two = step.two;
    if (step.user.record["emailVerified"] == Json{true}) {
        if (!two.doors->senders.contains("email")) co_return;
        step.way = {"email", step.user.email, "your email address"};
        step.channels = {"email"};
        co_await send(transaction, step, auth::Purpose::enrol);
        co_return;
    }
    step.enrolment = co_await two.doors->parts.tokens.mint(
        transaction, auth::ProofOf::enrolment(step.user.account.model, step.user.id), {.ttl_seconds = enrol_seconds},
        step.call.request);
    step.outcome = StepOne::Outcome::enrol;
}

// A ticket stands for the factor that was lost: it lets its owner enrol another, whatever there was.
Task<> take_ticket(store::Transaction& transaction, StepOne& step) {
    auto const& account = step.user.account;
    if (!co_await auth::use_ticket(transaction, account, text_of(step.ticket), step.two.now())) co_return;
    step.enrolment = co_await step.two.doors->parts.tokens.mint(
        transaction, auth::ProofOf::password_and_ticket(account.model, step.user.id), {.ttl_seconds = enrol_seconds},
        step.call.request);
    step.outcome = StepOne::Outcome::enrol;
}

// Who names a channel, or is signed in already, wants a code whatever the device is.
bool wants_code(StepOne const& step) {
    auto const& caller = step.call.caller;
    auto const is_in = caller.user_model == step.user.account.model && caller.user_id == step.user.id;
    return !step.channel.is_nothing() || (caller.is_known() && is_in);
}

// Where the right password leads.
Task<> enter(store::Transaction& transaction, StepOne& step) {
    auto const& two = step.two;
    auto const& user = step.user;
    if (two.model.definition().flag("emailVerificationRequired", false) && user.record["emailVerified"] != Json{true}) {
        step.outcome = StepOne::Outcome::unverified;
        co_return;
    }
    if (!step.ticket.is_nothing()) {
        co_await take_ticket(transaction, step);
        co_return;
    }
    if (!wants_code(step)) step.trusted = co_await enter_by_trust(transaction, two, user, step.call);
    auto reachable = co_await reach(transaction, two, user, step.attempt.acquaintance);
    if (reachable.ways.empty()) {
        step.outcome = step.is_trusted() ? StepOne::Outcome::let_in : StepOne::Outcome::unreachable;
        if (!step.is_trusted() && may_enrol(two, reachable)) co_await let_enrol(transaction, step);
        co_return;
    }
    auto const* way = choose(reachable, step.channel);
    if (way == nullptr) co_return;
    step.way = *way;
    for (auto const& each : reachable.ways) step.channels.push_back(each.channel);
    step.factors = std::move(reachable.factors);
    co_await send(transaction, step, auth::Purpose::login);
}

// Whoever names a wrong ticket or channel is answered as if the password were wrong: it counts as that, too, and the
// owner hears that somebody has it.
Task<> after_password(store::Transaction& transaction, StepOne& step) {
    auto const& two = step.two;
    if (!co_await may_still_sign_in(transaction, two.model, step.user.record)) co_return;
    if (!step.new_hash.empty()) co_await replace_hash(transaction, two.model, step.user.record, step.new_hash);
    co_await enter(transaction, step);
    if (step.outcome == StepOne::Outcome::refused) {
        co_await tell_unanswered(transaction, two, step.user, step.call.request);
    } else {
        co_await auth::succeeded(transaction, two.doors->parts.throttle, step.attempt);
    }
}

void refuse_unless_done(StepOne const& step) {
    switch (step.outcome) {
        case StepOne::Outcome::sent:
        case StepOne::Outcome::let_in:
        case StepOne::Outcome::enrol:
            return;
        case StepOne::Outcome::refused:
            throw password_refused();
        case StepOne::Outcome::wait:
            throw auth::too_many_attempts(step.wait);
        case StepOne::Outcome::unverified:
            throw Error{401, "login failed as the email has not been verified", "LOGIN_FAILED_EMAIL_NOT_VERIFIED"};
        case StepOne::Outcome::unreachable:
            throw Error{401, "No second factor of this account can be used now.", "NO_FACTOR_AVAILABLE"};
    }
}

Json answer(StepOne const& step) {
    JsonArray channels(step.channels.begin(), step.channels.end());
    JsonObject body{{"timestamp", step.two.now()}};
    if (step.outcome == StepOne::Outcome::enrol) {
        body.set("channels", std::move(channels));
        body.set("enrol", JsonObject{{"id", step.enrolment.id}, {"ttl", step.enrolment.ttl}, {"userId", step.user.id}});
        return body;
    }
    if (step.is_trusted()) body.set("token", step.trusted.session->to_json(step.two, step.user.record));
    if (step.outcome == StepOne::Outcome::let_in) {
        body.set("channels", std::move(channels));
        return body;
    }
    body.set("challenge", step.opened.id);
    body.set("channel", step.way.channel);
    body.set("hint", step.way.hint);
    body.set("ttl", step.two.options.code.ttl_seconds);
    if (auth::is_sent(step.way.channel)) body.set("resendAfter", step.is_trusted() ? 0 : resend_after(step.two));
    bool const has_email = std::ranges::find(step.channels, "email") != step.channels.end();
    body.set("channels", std::move(channels));
    if (has_email) body.set("weaker", JsonArray{Json{"email"}});
    if (step.two.options.trust_days > 0) body.set("trustDays", step.two.options.trust_days);
    return body;
}

void set_cookies(StepOne const& step, Invocation& call) {
    auto const set = [&call](std::string cookie) {
        if (!cookie.empty()) call.response_headers.emplace_back("Set-Cookie", std::move(cookie));
    };
    if (!step.opened.cookie.empty()) {
        set(auth::set_cookie(auth::challenge_cookie, step.opened.cookie, step.two.options.code.ttl_seconds,
                             call.request.is_secure));
    }
    set(step.trusted.set_cookie);
    if (step.is_trusted()) set(step.trusted.session->set_device_cookie(call.request));
}

}  // namespace

Task<Result> request_code(TwoFactorModel const& two, Invocation& call) {
    auto const& credentials = call.argument("credentials");
    auto& parts = two.doors->parts;
    auto const began = two.now();
    auto const named = named_user(two, credentials);
    auto user = co_await find_user(two, named);
    auto tried = co_await try_password(parts, two.model, named ? named->identifier() : std::string{},
                                       user ? user->record : Json{}, credentials["password"], call.request);
    if (!tried.is_right()) throw password_refused();

    auto const priority = tried.attempt.priority();
    StepOne step{.two = two,
                 .call = call,
                 .attempt = std::move(tried.attempt),
                 .channel = credentials["channel"],
                 .ticket = credentials["ticket"],
                 .user = std::move(*user)};
    if (tried.check == crypto::PasswordCheck::right_but_weak) {
        step.new_hash = co_await parts.hashing.hash(credentials["password"].as_string(), priority);
    }
    co_await two.store().write([&](store::Transaction& transaction) { return after_password(transaction, step); },
                               priority);
    bool const is_refused = step.outcome == StepOne::Outcome::refused;
    if (!step.opened.stored_id.empty() || !step.trusted.set_cookie.empty() || is_refused)
        two.doors->parts.outbox.pump(co_await boost::asio::this_coro::executor, step.opened.stored_id);
    if (is_refused) co_await hold_back(parts, began);
    refuse_unless_done(step);
    set_cookies(step, call);
    co_return answer(step);
}

}  // namespace sallyport::methods

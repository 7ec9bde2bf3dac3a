#include "methods/own_sessions.hpp"

#include "auth/attempt.hpp"
#include "auth/audit.hpp"
#include "auth/session_list.hpp"
#include "methods/code_try.hpp"
#include "methods/own_factors.hpp"
#include "methods/password_attempt.hpp"
#include "sallyport/error.hpp"

#include <utility>

namespace sallyport::methods {
namespace {

using Verdict = auth::Challenges::Verdict;

Task<std::vector<auth::ListedSession>> sessions_of(TwoFactorModel const& two, Json id) {
    std::vector<auth::ListedSession> sessions;
    co_await two.store().read(auth::select_sessions(auth::Account::of(two.model.name(), id), two.now()),
                              [&](store::Row const& row) { sessions.push_back(auth::read_session(row)); });
    co_return sessions;
}

auth::Event event_of(Invocation const& call, std::string name, std::string about) {
    return {.name = std::move(name),
            .account = auth::Account::of(call.caller.user_model, call.caller.user_id),
            .about = std::move(about),
            .source = auth::Source::of(call.request)};
}

// Nothing is recorded that did not happen, or one client could fill the trail.
Task<> end_one(store::Transaction& transaction, TwoFactorModel const& two, Invocation const& call,
               auth::ListedSession session) {
    if (!co_await two.doors->parts.tokens.end_with_email_change(transaction, session.id)) co_return;
    co_await auth::record(transaction, event_of(call, "session.ended", "by its owner: " + session.handle()), two.now());
}

Task<> end_others(store::Transaction& transaction, TwoFactorModel const& two, Invocation const& call) {
    auto const& caller = call.caller;
    auto const ended =
        co_await two.doors->parts.tokens.end_all(transaction, caller.user_model, caller.user_id, caller.token_id);
    if (ended == 0) co_return;
    co_await auth::record(transaction, event_of(call, "session.ended", "all others, by their owner"), two.now());
}

// One call of reauthenticate.
struct Renewal {
    TwoFactorModel const& two;
    Invocation const& call;
    KnownUser user;
    auth::Attempt attempt;
    std::vector<std::string> factors;  // That prove the session from now on.
    bool is_sound = false;
    bool needs_factor = false;
};

Task<> renew(store::Transaction& transaction, Renewal& renewal) {
    auto const& two = renewal.two;
    co_await two.doors->parts.tokens.renew(transaction, renewal.call.caller.token_id, renewal.factors);
    co_await auth::record(transaction, event_of(renewal.call, "session.renewed", ""), two.now());
}

// After the right password: whether that is enough.
Task<> judge_password(store::Transaction& transaction, Renewal& renewal) {
    auto const& two = renewal.two;
    renewal.is_sound = co_await may_still_sign_in(transaction, two.model, renewal.user.record);
    if (!renewal.is_sound) co_return;
    co_await auth::succeeded(transaction, two.doors->parts.throttle, renewal.attempt);
    renewal.needs_factor = two.options.required || auth::strength_of(renewal.call.caller.factors) > 0 ||
                           co_await has_second_factor(transaction, two.model.definition(), renewal.user.record);
    if (!renewal.needs_factor) co_await renew(transaction, renewal);
}

Task<> nothing() { co_return; }

Task<> show_factor(Renewal& renewal, Json twofactor, Json challenge) {
    auto const& two = renewal.two;
    if (twofactor.is_nothing()) throw step_up_required(two);
    CodeTry step{.two = two,
                 .request = renewal.call.request,
                 .identifier = renewal.attempt.identifier,
                 .user = renewal.user,
                 .client = auth::client_of(renewal.call.request, challenge),
                 .code = text_of(twofactor),
                 .next = {}};
    bool is_second = false;
    step.next = [&](store::Transaction& transaction, Verdict const& verdict) {
        renewal.factors.push_back(verdict.channel);
        is_second = verdict.purpose == auth::Purpose::login && auth::has_second(renewal.factors);
        return is_second ? renew(transaction, renewal) : nothing();
    };
    co_await try_code(step);
    if (!is_second) throw step_up_required(two);  // A code that lets somebody enrol proves no factor.
}

}  // namespace

Task<Result> list_sessions(TwoFactorModel const& two, Invocation& call) {
    require_owner(two, call);
    JsonArray shown;
    for (auto const& session : co_await sessions_of(two, call.id))
        shown.push_back(session.to_json(session.id == call.caller.token_id));
    co_return Json{std::move(shown)};
}

Task<Result> end_other_sessions(TwoFactorModel const& two, Invocation& call) {
    require_owner(two, call);
    co_await write_own(two, call, [&](store::Transaction& transaction) { return end_others(transaction, two, call); });
    co_return Json{};
}

Task<Result> end_session(TwoFactorModel const& two, Invocation& call) {
    require_owner(two, call);
    auto const handle = text_of(call.argument("fk"));
    for (auto const& session : co_await sessions_of(two, call.id)) {
        if (session.handle() != handle) continue;
        co_await write_own(two, call,
                           [&](store::Transaction& transaction) { return end_one(transaction, two, call, session); });
        co_return Json{};
    }
    throw Error{404, "There is no such session.", "SESSION_NOT_FOUND"};
}

Task<Result> reauthenticate(TwoFactorModel const& two, Invocation& call) {
    auto const& caller = call.caller;
    if (!caller.is_known() || caller.user_model != two.model.name())
        throw Error{401, "Authorization Required", "AUTHORIZATION_REQUIRED"};
    auto user = co_await user_of(two, caller.user_id);
    auto const& password = call.argument("password");
    auto tried = co_await try_password(two.doors->parts, two.model, identifier_of(two.model.definition(), user.record),
                                       user.record, password, call.request);
    if (!tried.is_right()) throw password_refused();

    Renewal renewal{.two = two,
                    .call = call,
                    .user = std::move(user),
                    .attempt = std::move(tried.attempt),
                    .factors = {"password"}};
    co_await write_own(two, call,
                       [&](store::Transaction& transaction) { return judge_password(transaction, renewal); });
    if (!renewal.is_sound) throw password_refused();
    if (renewal.needs_factor) co_await show_factor(renewal, call.argument("twofactor"), call.argument("challenge"));
    JsonObject answer{{"authTime", Json::date(static_cast<double>(two.now()))}};
    answer.append("factors", JsonArray(renewal.factors.begin(), renewal.factors.end()));
    co_return Json{std::move(answer)};
}

}  // namespace sallyport::methods

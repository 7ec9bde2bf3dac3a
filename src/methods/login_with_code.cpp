// Step two of a login: the code. Everything a right one leads to is in the transaction that uses it up.

#include "methods/login_with_code.hpp"

#include "methods/administration.hpp"
#include "methods/code_try.hpp"
#include "methods/email_change.hpp"
#include "methods/factor_changes.hpp"
#include "methods/factors.hpp"
#include "methods/new_session.hpp"
#include "methods/notices.hpp"
#include "methods/own_account.hpp"
#include "methods/own_sessions.hpp"
#include "methods/phone_guard.hpp"
#include "methods/recovery.hpp"
#include "methods/request_code.hpp"
#include "methods/trusted_devices.hpp"
#include "methods/two_doors.hpp"
#include "sallyport/error.hpp"

#include <boost/asio/this_coro.hpp>

#include <algorithm>
#include <memory>
#include <utility>

namespace sallyport::methods {
namespace {

using Verdict = auth::Challenges::Verdict;

double constexpr enrol_seconds = 600;

// What step two leads to.
struct Entry {
    TwoFactorModel const& two;
    Invocation const& call;
    KnownUser const& user;
    std::optional<auth::Token> enrolment;
    std::optional<NewSession> session;
    std::string trust;  // A header that makes the device a trusted one; "" for none.

    // A code by mail is too little for others to be skipped.
    bool wants_trust(Verdict const& verdict) const {
        return two.options.trust_days > 0 && call.argument("credentials")["trustDevice"] == Json{true} &&
               auth::has_second({verdict.channel});
    }
};

// The first right code of a text message confirms the number it went to, and no other.
Task<> after_text_message(store::Transaction& transaction, Entry const& entry, Verdict verdict) {
    using State = auth::Factor::State;
    auto const& account = entry.user.account;
    for (auto const& factor : co_await auth::factors_of(transaction, account)) {
        bool const is_pending = factor.id == verdict.factor && factor.state == State::pending;
        if (is_pending) {
            co_await auth::confirm_factor(transaction, account, factor);
            co_await record_factor(transaction, entry.two, entry.call.request, account, "factor.confirmed", factor);
        }
        if (!is_pending && (factor.type != "sms" || factor.state != State::confirmed)) continue;
        co_await note_verified(transaction, entry.two, factor.target);
        co_await auth::note_use(transaction, factor.id, entry.two.now());
        co_return;
    }
}

Task<> let_in(store::Transaction& transaction, Entry& entry, Verdict verdict) {
    auto const& user = entry.user;
    auto const& request = entry.call.request;
    if (verdict.purpose == auth::Purpose::enrol) {
        auto& tokens = entry.two.doors->parts.tokens;
        entry.enrolment = co_await tokens.mint(transaction, auth::ProofOf::enrolment(user.account.model, user.id),
                                               {.ttl_seconds = enrol_seconds}, request);
        co_return;
    }
    if (verdict.channel == "sms") co_await after_text_message(transaction, entry, verdict);
    entry.session =
        co_await begin_session(transaction, entry.two, user, entry.call,
                               auth::ProofOf::password_and_code(user.account.model, user.id, verdict.channel));
    if (entry.wants_trust(verdict)) entry.trust = co_await trust_device(transaction, entry.two, user, request);
}

Task<Result> login_with_code(TwoFactorModel const& two, Invocation& call) {
    auto const& credentials = call.argument("credentials");
    auto const named = named_user(two, credentials);
    CodeTry step{.two = two,
                 .request = call.request,
                 .identifier = named ? named->identifier() : std::string{},
                 .user = co_await find_user(two, named),
                 .client = auth::client_of(call.request, credentials["challenge"]),
                 .code = text_of(credentials["twofactor"]),
                 .next = {}};
    static KnownUser const nobody;
    Entry entry{
        .two = two, .call = call, .user = step.user ? *step.user : nobody, .enrolment = {}, .session = {}, .trust = {}};
    step.next = [&entry](store::Transaction& transaction, Verdict const& verdict) {
        return let_in(transaction, entry, verdict);
    };
    co_await try_code(step);

    if (entry.enrolment) {
        auto body = entry.enrolment->to_json();
        body.as_object().set("user", two.model.visible(std::move(step.user->record)));
        co_return body;
    }
    call.response_headers.emplace_back("Set-Cookie", entry.session->set_device_cookie(call.request));
    if (!entry.trust.empty()) call.response_headers.emplace_back("Set-Cookie", entry.trust);
    if (entry.session->is_told || !entry.trust.empty())
        two.doors->parts.outbox.pump(co_await boost::asio::this_coro::executor);
    co_return entry.session->to_json(two, std::move(step.user->record));
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
    parts.text_owner = [doors](store::Transaction& transaction, auth::Account account, std::string email,
                               std::string what) {
        return text_owner(transaction, *doors, std::move(account), std::move(email), std::move(what));
    };
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
        model->add_method("prototype.listSessions", bind(two, list_sessions));
        model->add_method("prototype.endSessions", bind(two, end_other_sessions));
        model->add_method("prototype.endSession", bind(two, end_session));
        model->add_method("prototype.listDevices", bind(two, list_devices));
        model->add_method("prototype.distrustDevices", bind(two, distrust_devices));
        model->add_method("prototype.distrustDevice", bind(two, distrust_device));
        model->add_method("prototype.showEmail", bind(two, show_email));
        model->add_method("prototype.changeEmail", bind(two, change_email));
        model->add_method("prototype.cancelEmailChange", bind(two, cancel_email_change));
        model->add_method("prototype.changeUsername", bind(two, change_username));
        model->add_method("agreeToEmailChange", bind(two, agree_to_change));
        model->add_method("refuseEmailChange", bind(two, refuse_change));
        model->add_method("prototype.listEvents", bind(two, list_events));
        model->add_method("prototype.exportAccount", bind(two, export_account));
        model->add_method("reauthenticate", bind(two, reauthenticate));
        guard_phone(two);
        add_administration(two);
    }
}

}  // namespace sallyport::methods

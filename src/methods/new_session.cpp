#include "methods/new_session.hpp"

#include "methods/mail_limits.hpp"
#include "methods/notices.hpp"

#include <utility>

namespace sallyport::methods {
namespace {

bool is_of(Caller const& caller, KnownUser const& user) {
    return caller.is_known() && caller.user_model == user.account.model && caller.user_id == user.id;
}

Task<bool> tell_of_device(store::Transaction& transaction, TwoFactorModel const& two, KnownUser const& user,
                          Request const& request) {
    auto limits = mails_to_account("device", user.account.model, "account:" + user.account.id);
    if (co_await two.doors->parts.throttle.take(transaction, std::move(limits)) > 0) co_return false;
    co_await mail_owner(transaction, two, user, "device:" + auth::client_secret(), "A new device signed in",
                        "Somebody signed in to your account with your password and a code, on a device that it had "
                        "not seen before" +
                            whence(request, two.now()) + std::string{not_you});
    co_return true;
}

}  // namespace

Json NewSession::to_json(TwoFactorModel const& two, Json user) const {
    auto body = token.to_json();
    body.as_object().set("user", two.model.visible(std::move(user)));
    return body;
}

std::string NewSession::set_device_cookie(Request const& request) const {
    return auth::set_cookie(auth::device_cookie, device, auth::device_kept_seconds, request.is_secure);
}

Task<NewSession> begin_session(store::Transaction& transaction, TwoFactorModel const& two, KnownUser const& user,
                               Invocation const& call, auth::Proof proof) {
    auto& tokens = two.doors->parts.tokens;
    // Who logs in anew gives the old session up.
    if (is_of(call.caller, user)) co_await tokens.end(transaction, call.caller.token_id);
    NewSession session;
    session.token = co_await tokens.mint(transaction, proof, two.session_rules(), call.request);
    auto const client = auth::client_of(call.request, {});
    if (co_await auth::is_new(transaction, user.account, client, two.now()))
        session.is_told = co_await tell_of_device(transaction, two, user, call.request);
    session.device = co_await auth::remember(transaction, user.account, client, two.now());
    co_return session;
}

}  // namespace sallyport::methods

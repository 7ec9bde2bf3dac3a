#include "methods/new_session.hpp"

#include "methods/mail_limits.hpp"
#include "methods/notices.hpp"

#include <fmt/format.h>

#include <utility>

namespace sallyport::methods {
namespace {

bool is_of(Caller const& caller, KnownUser const& user) {
    return caller.is_known() && caller.user_model == user.account.model && caller.user_id == user.id;
}

}  // namespace

Task<bool> is_news(store::Transaction& transaction, AccountParts& parts, auth::Account account, auth::Client client) {
    if (!co_await auth::is_new(transaction, account, std::move(client), parts.clock.now())) co_return false;
    auto limits = mails_to_account("device", account.model, "account:" + account.id);
    co_return co_await parts.throttle.take(transaction, std::move(limits)) == 0;
}

std::string new_device_notice(std::string_view shown, Request const& request, std::int64_t now) {
    return fmt::format("Somebody signed in to your account with {}, on a device that it had not seen before{}", shown,
                       whence(request, now));
}

Json NewSession::to_json(TwoFactorModel const& two, Json user) const {
    auto body = token.to_json();
    body.as_object().set("user", two.model.visible(std::move(user)));
    return body;
}

std::string NewSession::set_device_cookie(Request const& request) const {
    return auth::set_device_cookie(device, request);
}

Task<NewSession> begin_session(store::Transaction& transaction, TwoFactorModel const& two, KnownUser const& user,
                               Invocation const& call, auth::Proof proof) {
    auto& tokens = two.doors->parts.tokens;
    // Who logs in anew gives the old session up.
    if (is_of(call.caller, user)) co_await tokens.end_with_email_change(transaction, call.caller.token_id);
    std::string_view const shown = proof.factors().size() > 1 ? "your password and a code" : "your password alone";
    NewSession session;
    session.token = co_await tokens.mint(transaction, proof, two.session_rules(), call.request);
    auto const client = auth::client_of(call.request, {});
    session.is_told = co_await is_news(transaction, two.doors->parts, user.account, client);
    if (session.is_told)
        co_await mail_owner(transaction, two, user, "device:" + auth::client_secret(), "A new device signed in",
                            new_device_notice(shown, call.request, two.now()));
    session.device = co_await auth::remember(transaction, user.account, client, two.now());
    co_return session;
}

}  // namespace sallyport::methods

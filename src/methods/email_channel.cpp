#include "methods/email_channel.hpp"

#include "auth/audit.hpp"
#include "auth/closed_email.hpp"
#include "methods/notices.hpp"
#include "methods/own_factors.hpp"
#include "sallyport/error.hpp"

#include <boost/asio/this_coro.hpp>

#include <utility>

namespace sallyport::methods {
namespace {

// One call that opens or closes it.
struct Switch {
    TwoFactorModel const& two;
    Invocation const& call;
    KnownUser user;
    bool was_there = false;
    std::vector<auth::Factor> factors{};
};

Task<> note(store::Transaction& transaction, Switch const& change, std::string event, std::string subject,
            std::string what) {
    co_await record_factor(transaction, change.two, change.call.request, change.user.account, std::move(event),
                           {.type = "email"});
    co_await tell_owner(transaction, change.two, change.user, "factor:" + auth::client_secret(), std::move(subject),
                        std::move(what));
}

Task<> open(store::Transaction& transaction, Switch& change) {
    auto const& account = change.user.account;
    co_await count_change(transaction, change.two, account, "email-codes");
    change.was_there = co_await auth::open_email(transaction, account, auth::EmailClosed::by_owner);
    co_await auth::forget_counter(transaction, account, "email");
    change.factors = co_await auth::factors_of(transaction, account);
    if (!change.was_there) co_return;
    co_await note(transaction, change, "factor.added", "Codes by mail were switched on",
                  "Your account takes codes by mail after the password. They are weaker than other factors.");
}

Task<> close(store::Transaction& transaction, Switch& change) {
    auto const& two = change.two;
    auto const& account = change.user.account;
    co_await count_change(transaction, two, account, "email-codes");
    change.was_there = co_await auth::close_email(transaction, account, auth::EmailClosed::by_owner, two.now());
    if (!change.was_there) co_return;
    co_await note(transaction, change, "factor.removed", "Codes by mail were switched off",
                  "Your account takes no codes by mail any more.");
    // As with any factor: whoever is in by it is out.
    co_await two.doors->parts.tokens.end_all(transaction, account.model, change.user.id, change.call.caller.token_id);
    co_await auth::end_challenges(transaction, account.model, change.user.id);
}

Task<Switch> begin(TwoFactorModel const& two, Invocation& call) {
    require_owner(two, call);
    require_fresh_factor(two, call.caller);
    co_return Switch{.two = two, .call = call, .user = co_await user_of(two, call.id)};
}

Task<> pump(TwoFactorModel const& two) { two.doors->parts.outbox.pump(co_await boost::asio::this_coro::executor); }

}  // namespace

bool takes_email(TwoFactorModel const& two) {
    return two.options.lists("email") && two.doors->senders.contains("email");
}

std::optional<Json> shown_email(TwoFactorModel const& two, KnownUser const& user,
                                std::vector<auth::Factor> const& factors) {
    if (!takes_email(two) || !has_verified_address(user)) return std::nullopt;
    return Json{JsonObject{{"id", email_factor_id},
                           {"type", "email"},
                           {"hint", "your email address"},
                           {"confirmed", true},
                           {"weaker", true},
                           {"enabled", auth::email_is_open(factors)}}};
}

Task<Result> open_email_channel(TwoFactorModel const& two, Invocation& call) {
    auto change = co_await begin(two, call);
    if (!takes_email(two) || !has_verified_address(change.user)) {
        throw Error{422, "Codes by mail need an application that sends them, and an address that is verified.",
                    "CHANNEL_UNAVAILABLE"};
    }
    co_await write_own(two, call, [&](store::Transaction& transaction) { return open(transaction, change); });
    co_await pump(two);
    co_return *shown_email(two, change.user, change.factors);
}

Task<Result> close_email_channel(TwoFactorModel const& two, Invocation& call) {
    auto change = co_await begin(two, call);
    if (takes_email(two))
        co_await write_own(two, call, [&](store::Transaction& transaction) { return close(transaction, change); });
    if (!change.was_there) throw Error{404, "There is no such factor.", "FACTOR_NOT_FOUND"};
    co_await pump(two);
    co_return Json{};
}

}  // namespace sallyport::methods

#include "methods/recovery.hpp"

#include "auth/attempt.hpp"
#include "auth/recovery_code.hpp"
#include "methods/notices.hpp"
#include "methods/own_factors.hpp"
#include "sallyport/error.hpp"

#include <boost/asio/this_coro.hpp>

#include <algorithm>
#include <utility>

namespace sallyport::methods {
namespace {

// Codes as strong as an app: who made them with less could not have come in by them.
Task<bool> may_make(store::Transaction& transaction, Caller const& caller, auth::Account account) {
    auto const shown = auth::strength_of(caller.factors);
    auto const factors = co_await auth::factors_of(transaction, account);
    bool const has_stronger = std::ranges::any_of(factors, [&](auth::Factor const& factor) {
        return auth::counts(factor) && auth::strength_of(factor.type) > shown;
    });
    bool const replaces = co_await auth::recovery_codes_left(transaction, account) > 0;
    co_return !has_stronger && (!replaces || shown >= auth::strength_of("recovery"));
}

struct Making {
    TwoFactorModel const& two;
    Invocation const& call;
    KnownUser user;
    std::vector<std::string> hashes;
    bool is_allowed = false;
    std::int64_t wait = 0;
};

// Ten hashes are work: they are made for few who ask, and for none in vain.
Task<> admit(store::Transaction& transaction, Making& making) {
    auto const& account = making.user.account;
    making.is_allowed = co_await may_make(transaction, making.call.caller, account);
    if (!making.is_allowed) co_return;
    std::int64_t constexpr hour = 3600;
    std::int64_t constexpr most = 5;
    std::vector<auth::Limit> limits{{"recovery:" + account.model + ":" + account.id, hour, most}};
    making.wait = co_await making.two.doors->parts.throttle.take(transaction, std::move(limits));
}

Task<> make(store::Transaction& transaction, Making& making) {
    auto const& two = making.two;
    auto const& account = making.user.account;
    making.is_allowed = co_await may_make(transaction, making.call.caller, account);
    if (!making.is_allowed) co_return;
    co_await auth::replace_recovery_codes(transaction, account, std::move(making.hashes));
    co_await record_factor(transaction, two, making.call.request, account, "recovery.made", {.type = "recovery"});
    co_await tell_owner(transaction, two, making.user, "factor:" + auth::client_secret(), "New recovery codes",
                        "Ten recovery codes were made for your account. Those you had are good no more.");
}

}  // namespace

Task<Result> make_recovery_codes_route(TwoFactorModel const& two, Invocation& call) {
    require_owner(two, call);
    require_fresh_factor(two, call.caller);
    Making making{.two = two, .call = call, .user = co_await user_of(two, call.id), .hashes = {}};
    co_await write_own(two, call, [&](store::Transaction& transaction) { return admit(transaction, making); });
    if (!making.is_allowed) throw step_up_required(two);
    if (making.wait > 0) throw auth::too_many_attempts(making.wait);
    JsonArray shown;
    for (auto const& code : auth::make_recovery_codes()) {
        making.hashes.push_back(co_await two.doors->parts.hashing.hash(code.text));
        shown.emplace_back(code.shown());
    }
    co_await write_own(two, call, [&](store::Transaction& transaction) { return make(transaction, making); });
    if (!making.is_allowed) throw step_up_required(two);
    two.doors->parts.outbox.pump(co_await boost::asio::this_coro::executor);
    call.response_headers.emplace_back("Cache-Control", "no-store");
    co_return Json{std::move(shown)};
}

Task<Result> count_recovery_codes(TwoFactorModel const& two, Invocation& call) {
    require_owner(two, call);
    auto const account = auth::Account::of(two.model.name(), call.id);
    std::int64_t left = 0;
    co_await two.store().read(auth::select_recovery_codes_left(account),
                              [&](store::Row const& row) { left = row.integer(0); });
    co_return Json{left};
}

}  // namespace sallyport::methods

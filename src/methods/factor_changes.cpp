#include "methods/factor_changes.hpp"

#include "methods/email_channel.hpp"
#include "methods/notices.hpp"
#include "methods/own_factors.hpp"
#include "sallyport/error.hpp"

#include <boost/asio/this_coro.hpp>

#include <algorithm>
#include <optional>
#include <utility>

namespace sallyport::methods {
namespace {

using auth::Factor;

// One call, and what its transaction finds.
struct Change {
    TwoFactorModel const& two;
    Invocation const& call;
    KnownUser user;
    std::optional<Factor> factor;

    enum class Outcome : std::uint8_t { done, unknown, too_weak, last };
    Outcome outcome = Outcome::unknown;
};

Json const* id_argument(Invocation const& call) {
    auto const& fk = call.argument("fk");
    return fk.is_number() ? &fk : nullptr;
}

bool is_asked_for(Factor const& factor, Invocation const& call) {
    auto const* id = id_argument(call);
    return id != nullptr && auth::counts(factor) && Json{factor.id} == *id;
}

// Whether another factor is left that can be the second door.
bool has_another(std::vector<Factor> const& factors, Factor const& removed) {
    return std::ranges::any_of(factors, [&](Factor const& factor) {
        return factor.id != removed.id && auth::counts(factor) && auth::strength_of(factor.type) > 1;
    });
}

Task<> remove(store::Transaction& transaction, Change& change) {
    auto const& two = change.two;
    auto const& account = change.user.account;
    auto const factors = co_await auth::factors_of(transaction, account);
    auto const found =
        std::ranges::find_if(factors, [&](Factor const& factor) { return is_asked_for(factor, change.call); });
    if (found == factors.end()) co_return;
    change.factor = *found;
    auto const& caller = change.call.caller;
    change.outcome = Change::Outcome::too_weak;
    if (auth::strength_of(found->type) > auth::strength_of(caller.factors)) co_return;
    change.outcome = Change::Outcome::last;
    if (two.options.required && !has_another(factors, *found)) co_return;

    // Before it is removed, so that a number hears of it too.
    co_await tell_owner(transaction, two, change.user, "factor:" + auth::client_secret(),
                        "A second factor was removed from your account",
                        "Your account is no longer opened by this one: " + found->hint() + ".");
    co_await auth::remove_factor(transaction, account, found->id);
    if (found->type == "sms") co_await set_number(transaction, two, change.user.id, nullptr);
    co_await record_factor(transaction, two, change.call.request, account, "factor.removed", *found);
    co_await two.doors->parts.tokens.end_all(transaction, account.model, change.user.id, caller.token_id);
    co_await auth::end_challenges(transaction, account.model, change.user.id);
    change.outcome = Change::Outcome::done;
}

Task<> update(store::Transaction& transaction, Change& change) {
    auto const& account = change.user.account;
    auto const factors = co_await auth::factors_of(transaction, account);
    auto const found =
        std::ranges::find_if(factors, [&](Factor const& factor) { return is_asked_for(factor, change.call); });
    if (found == factors.end()) co_return;
    change.factor = *found;
    auto const& label = change.call.argument("label");
    if (!label.is_undefined()) change.factor->label = label_of(label);
    if (change.call.argument("preferred") == Json{true}) change.factor->is_preferred = true;
    co_await auth::describe_factor(transaction, account, *change.factor);
    change.outcome = Change::Outcome::done;
}

Change begin(TwoFactorModel const& two, Invocation const& call, KnownUser user) {
    return {.two = two, .call = call, .user = std::move(user), .factor = {}};
}

void refuse_unless_done(Change const& change) {
    switch (change.outcome) {
        case Change::Outcome::done:
            return;
        case Change::Outcome::unknown:
            throw Error{404, "There is no such factor.", "FACTOR_NOT_FOUND"};
        case Change::Outcome::too_weak:
            throw step_up_required(change.two);
        case Change::Outcome::last:
            throw Error{409, "This is the last second factor of the account: add another first.", "LAST_FACTOR"};
    }
}

}  // namespace

Task<Result> update_factor_route(TwoFactorModel const& two, Invocation& call) {
    require_owner(two, call);
    require_fresh_factor(two, call.caller);
    label_of(call.argument("label"));  // Refuses it before anything is looked up.
    auto change = begin(two, call, co_await user_of(two, call.id));
    co_await write_own(two, call, [&](store::Transaction& transaction) { return update(transaction, change); });
    refuse_unless_done(change);
    co_return change.factor->to_json();
}

Task<Result> remove_factor_route(TwoFactorModel const& two, Invocation& call) {
    if (call.argument("fk") == Json{email_factor_id}) co_return co_await close_email_channel(two, call);
    require_owner(two, call);
    require_fresh_factor(two, call.caller);
    auto change = begin(two, call, co_await user_of(two, call.id));
    co_await write_own(two, call, [&](store::Transaction& transaction) { return remove(transaction, change); });
    refuse_unless_done(change);
    two.doors->parts.outbox.pump(co_await boost::asio::this_coro::executor);
    co_return Json{};
}

}  // namespace sallyport::methods

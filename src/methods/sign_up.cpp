#include "methods/sign_up.hpp"

#include "auth/attempt.hpp"
#include "http/network.hpp"

#include <algorithm>

namespace sallyport::methods {
namespace {

constexpr std::int64_t of_a_stranger = 5;  // accounts an hour
constexpr std::int64_t of_a_caller = 100;  // A sign-up tells whether an email is taken, so this has an end too.

auth::Limit limit_of(Invocation const& call) {
    if (!call.caller.is_known())
        return {"create:address:" + http::network_of(call.request.peer, 32, 64), 3600, of_a_stranger};
    return {"create:account:" + call.caller.user_model + ":" + to_text(call.caller.user_id), 3600, of_a_caller};
}

Task<> charge(store::Transaction& transaction, AccountParts& parts, auth::Limit limit, std::size_t accounts,
              std::int64_t& wait) {
    for (std::size_t i = 0; i < accounts && wait == 0; ++i) wait = co_await parts.throttle.take(transaction, {limit});
}

Task<> limit(AccountParts& parts, model::StoredModel& model, Invocation& call) {
    if (parts.throttle.lifted()) co_return;
    auto const most = limit_of(call);
    auto const& data = call.argument("data");
    auto const accounts =
        data.is_array() ? std::min(data.as_array().size(), static_cast<std::size_t>(most.limit) + 1) : 1;
    std::int64_t wait = 0;
    co_await model.store()->write(
        [&](store::Transaction& transaction) { return charge(transaction, parts, most, accounts, wait); });
    if (wait > 0) throw auth::too_many_attempts(wait);
}

}  // namespace

void add_sign_up(AccountParts& parts, model::StoredModel& model) {
    auto const limited = [&parts, &model](Invocation& call) { return limit(parts, model, call); };
    // Those that may also update are charged all the same: whether they make an account shows only afterwards.
    for (auto const* name : {"create", "patchOrCreate", "replaceOrCreate", "upsertWithWhere"}) {
        model.before_remote(name, limited);
    }
    for (auto const& scope : model.definition().scopes) model.before_remote("__create__" + scope.first, limited);
    // The other ways in: POST of a relation that leads to these accounts.
    for (auto* owner : model.models().all()) {
        for (auto const& relation : owner->definition().relations) {
            if (relation.model == model.name()) owner->before_remote("prototype.__create__" + relation.name, limited);
        }
    }
}

}  // namespace sallyport::methods

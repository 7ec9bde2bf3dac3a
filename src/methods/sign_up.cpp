#include "methods/sign_up.hpp"

#include "auth/attempt.hpp"
#include "auth/network.hpp"

#include <algorithm>

namespace sallyport::methods {
namespace {

constexpr std::int64_t accounts_an_hour = 5;

Task<> charge(store::Transaction& transaction, AccountParts& parts, std::string peer, std::size_t accounts,
              std::int64_t& wait) {
    auto const key = "create:address:" + auth::network_of(peer, 32, 64);
    for (std::size_t i = 0; i < accounts && wait == 0; ++i) {
        wait = co_await parts.throttle.take(transaction, {{key, 3600, accounts_an_hour}});
    }
}

Task<> limit(AccountParts& parts, model::StoredModel& model, Invocation& call) {
    if (call.caller.is_known() || parts.throttle.lifted()) co_return;
    auto const& data = call.argument("data");
    auto const accounts = data.is_array() ? std::min<std::size_t>(data.as_array().size(), accounts_an_hour + 1) : 1;
    std::int64_t wait = 0;
    co_await model.store()->write(
        [&](store::Transaction& transaction) { return charge(transaction, parts, call.request.peer, accounts, wait); });
    if (wait > 0) throw auth::too_many_attempts(wait);
}

}  // namespace

void add_sign_up(AccountParts& parts, model::StoredModel& model) {
    model.before_remote("create", [&parts, &model](Invocation& call) { return limit(parts, model, call); });
}

}  // namespace sallyport::methods

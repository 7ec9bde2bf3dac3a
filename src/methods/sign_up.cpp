#include "methods/sign_up.hpp"

#include "auth/attempt.hpp"
#include "http/network.hpp"

#include <algorithm>
#include <utility>

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

Task<> wait_of(store::Transaction& transaction, AccountParts& parts, auth::Limit limit, std::int64_t& wait) {
    wait = co_await parts.throttle.wait_of(transaction, std::move(limit));
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

// A write that was refused as an email or username is taken tells as much.
bool says_taken(Error const& error) {
    auto const& codes = error.details["codes"];
    auto const has_uniqueness = [&](char const* property) {
        auto const& of_property = codes[property];
        return of_property.is_array() &&
               std::ranges::find(of_property.as_array(), Json{"uniqueness"}) != of_property.as_array().end();
    };
    return has_uniqueness("email") || has_uniqueness("username");
}

Task<> refuse_asking_on(AccountParts& parts, model::StoredModel& model, Invocation& call) {
    auto const& data = call.argument("data");
    auto const asks = !data["email"].is_nothing() || !data["username"].is_nothing();
    if (!asks || parts.throttle.lifted()) co_return;
    std::int64_t wait = 0;
    co_await model.store()->write(
        [&](store::Transaction& transaction) -> Task<> { return wait_of(transaction, parts, limit_of(call), wait); });
    if (wait > 0) throw auth::too_many_attempts(wait);
}

Task<> charge_if_taken(AccountParts& parts, model::StoredModel& model, Invocation& call) {
    if (parts.throttle.lifted() || !says_taken(*call.error)) co_return;
    std::int64_t wait = 0;
    co_await model.store()->write(
        [&](store::Transaction& transaction) { return charge(transaction, parts, limit_of(call), 1, wait); });
}

}  // namespace

void add_sign_up(AccountParts& parts, model::StoredModel& model) {
    auto const limited = [&parts, &model](Invocation& call) { return limit(parts, model, call); };
    // Those that may also update are charged all the same: whether they make an account shows only afterwards.
    for (auto const* name : {"create", "patchOrCreate", "replaceOrCreate", "upsertWithWhere"}) {
        model.before_remote(name, limited);
    }
    for (auto const& scope : model.definition().scopes) model.before_remote("__create__" + scope.first, limited);
    auto const asking = [&parts, &model](Invocation& call) { return refuse_asking_on(parts, model, call); };
    auto const told = [&parts, &model](Invocation& call) { return charge_if_taken(parts, model, call); };
    auto const changing = [&](model::StoredModel& changed, std::string const& name) {
        changed.before_remote(name, asking);
        changed.after_remote_error(name, told);
    };
    for (auto const* name : {"prototype.patchAttributes", "replaceById"}) changing(model, name);
    // The other ways in: POST of a relation that leads to these accounts.
    for (auto* owner : model.models().all()) {
        for (auto const& relation : owner->definition().relations) {
            if (relation.model != model.name()) continue;
            owner->before_remote("prototype.__create__" + relation.name, limited);
            for (auto const* change : {"prototype.__update__", "prototype.__updateById__"})
                changing(*owner, change + relation.name);
        }
    }
}

}  // namespace sallyport::methods

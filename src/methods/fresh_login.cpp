#include "methods/fresh_login.hpp"

#include "auth/factor.hpp"
#include "auth/two_factor_options.hpp"
#include "methods/two_doors.hpp"
#include "sallyport/error.hpp"

#include <utility>
#include <vector>

namespace sallyport::methods {
namespace {

Task<bool> account_has_factor(model::StoredModel& model, auth::TwoFactorOptions const& options, Json user_id) {
    auto const record = co_await model.find_by_id(user_id);
    std::vector<auth::Factor> factors;
    co_await model.store()->read(auth::select_factors(auth::Account::of(model.name(), user_id)),
                                 [&](store::Row const& row) { factors.push_back(auth::read_factor(row)); });
    co_return has_factor(options, record.value_or(Json{}), factors);
}

}  // namespace

Task<> require_fresh_login(AccountParts const& parts, model::StoredModel& model, Caller const& caller,
                           std::string message) {
    auto const options = auth::two_factor_options(model.definition());
    if (!options) co_return;
    auto const is_fresh = parts.clock.now() - caller.authenticated_at <= fresh_within_ms;
    bool const needs_second = is_fresh && !auth::has_second(caller.factors) &&
                              (options->required || co_await account_has_factor(model, *options, caller.user_id));
    if (is_fresh && !needs_second) co_return;
    auto const& channels = options->channels;
    throw Error{401, std::move(message), "STEP_UP_REQUIRED"}.with_details(
        JsonObject{{"channels", JsonArray(channels.begin(), channels.end())}, {"freshWithin", fresh_within_ms / 1000}});
}

Task<> require_fresh_owner(AccountParts const& parts, model::StoredModel& model, OperationOptions const& options,
                           Json user_id, std::string message) {
    if (!options.is_remote || options.caller == nullptr) co_return;
    auto const& caller = *options.caller;
    if (caller.user_model == model.name() && caller.user_id == user_id)
        co_await require_fresh_login(parts, model, caller, std::move(message));
}

}  // namespace sallyport::methods

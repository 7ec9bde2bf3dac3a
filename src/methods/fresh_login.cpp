#include "methods/fresh_login.hpp"

#include "auth/factor.hpp"
#include "auth/two_factor_options.hpp"
#include "sallyport/error.hpp"

#include <utility>

namespace sallyport::methods {
namespace {

constexpr std::int64_t fresh_within_ms = 300'000;

}  // namespace

void require_fresh_login(AccountParts const& parts, definition::Model const& model, Caller const& caller,
                         std::string message) {
    auto const options = auth::two_factor_options(model);
    if (!options) return;
    auto const has_both = auth::has_second(caller.factors) || !options->required;
    auto const is_fresh = parts.clock.now() - caller.authenticated_at <= fresh_within_ms;
    if (has_both && is_fresh) return;
    auto const& channels = options->channels;
    throw Error{401, std::move(message), "STEP_UP_REQUIRED"}.with_details(
        JsonObject{{"channels", JsonArray(channels.begin(), channels.end())}, {"freshWithin", fresh_within_ms / 1000}});
}

void require_fresh_owner(AccountParts const& parts, definition::Model const& model, OperationOptions const& options,
                         Json const& user_id, std::string message) {
    if (!options.is_remote || options.caller == nullptr) return;
    auto const& caller = *options.caller;
    if (caller.user_model == model.name && caller.user_id == user_id)
        require_fresh_login(parts, model, caller, std::move(message));
}

}  // namespace sallyport::methods

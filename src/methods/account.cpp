#include "methods/account.hpp"

#include "auth/two_factor_options.hpp"
#include "methods/account_guard.hpp"
#include "methods/account_identity.hpp"
#include "methods/login.hpp"
#include "methods/password_change.hpp"
#include "methods/password_reset.hpp"
#include "methods/sign_up.hpp"
#include "methods/verification.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <chrono>

namespace sallyport::methods {
namespace {

// Credentials are short: what is longer is not read, and not parsed.
void limit_credentials(model::StoredModel& model) {
    constexpr std::size_t longest = 4096;  // bytes
    for (auto const* name : {"login", "requestCode", "loginWithCode", "resetPassword", "changePassword", "setPassword",
                             "prototype.addFactor", "prototype.confirmFactor", "prototype.changeEmail",
                             "prototype.changeUsername", "agreeToEmailChange", "refuseEmailChange", "reauthenticate"}) {
        model.limit_body(name, longest);
    }
}

}  // namespace

Task<> pause(std::int64_t milliseconds) {
    boost::asio::steady_timer timer{co_await boost::asio::this_coro::executor};
    timer.expires_after(std::chrono::milliseconds{milliseconds});
    co_await timer.async_wait(boost::asio::use_awaitable);
}

void add_account(AccountParts& parts) {
    for (auto const* definition : parts.models.registry().user_models()) {
        auto& model = parts.models.get(definition->name);
        add_sign_up(parts, model);
        add_login(parts, model);
        add_password_change(parts, model);
        add_password_reset(parts, model);
        add_verification(parts, model);
        add_identity_rules(parts, model);
        add_account_guard(parts, model);
        if (has_two_factor(*definition)) limit_credentials(model);
    }
}

bool has_two_factor(definition::Model const& model) { return auth::two_factor_options(model).has_value(); }

bool is_stricter_than_loopback(AccountRules const& rules, definition::Model const& model) {
    return !rules.compatible || has_two_factor(model);
}

bool refuses_password_in_change(AccountRules const& rules, definition::Model const& model, bool is_remote) {
    return model.flag("rejectPasswordChangesViaPatchOrReplace", false) ||
           (is_remote && is_stricter_than_loopback(rules, model));
}

bool requires_two_factor(definition::Model const& model) {
    auto const options = auth::two_factor_options(model);
    return options && options->required;
}

}  // namespace sallyport::methods

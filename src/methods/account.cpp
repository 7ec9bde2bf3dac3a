#include "methods/account.hpp"

#include "methods/account_guard.hpp"
#include "methods/account_identity.hpp"
#include "methods/login.hpp"
#include "methods/password_change.hpp"
#include "methods/password_reset.hpp"
#include "methods/sign_up.hpp"
#include "methods/verification.hpp"

#include <algorithm>

namespace sallyport::methods {
namespace {

definition::Mixin const* two_factor(definition::Model const& model) {
    auto const found = std::ranges::find(model.mixins, "TwoFactor", &definition::Mixin::name);
    return found == model.mixins.end() ? nullptr : &*found;
}

// Credentials are short: what is longer is not read, and not parsed.
void limit_credentials(model::StoredModel& model) {
    constexpr std::size_t longest = 4096;  // bytes
    for (auto const* name : {"login", "requestCode", "loginWithCode", "resetPassword", "changePassword", "setPassword",
                             "prototype.addFactor", "prototype.confirmFactor"}) {
        model.limit_body(name, longest);
    }
}

}  // namespace

void add_account(AccountParts& parts) {
    for (auto const* definition : parts.models.registry().user_models()) {
        auto& model = parts.models.get(definition->name);
        add_sign_up(parts, model);
        add_login(parts, model);
        add_password_change(parts, model);
        add_password_reset(parts, model);
        add_verification(parts, model);
        add_identity_rules(model);
        add_account_guard(parts, model);
        if (has_two_factor(*definition)) limit_credentials(model);
    }
}

bool has_two_factor(definition::Model const& model) { return two_factor(model) != nullptr; }

bool requires_two_factor(definition::Model const& model) {
    auto const* const mixin = two_factor(model);
    if (mixin == nullptr) return false;
    auto const& required = mixin->options["required"];
    return !(required.is_boolean() && !required.as_boolean());
}

}  // namespace sallyport::methods

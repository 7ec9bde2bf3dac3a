// The TwoFactor mixin: requestCode, loginWithCode, and a person's factors. Closes every other way to a token.

#pragma once

#include "auth/number_rules.hpp"
#include "definition/mixin.hpp"
#include "methods/account.hpp"

#include <memory>

namespace sallyport::methods {

/// The mixin as a value for definition/ to check and apply: options, methods, rules. No behaviour.
definition::MixinDefinition two_factor_mixin();

/// Gives the mixin's methods their bodies and adds its hooks, on every model that has it.
/// Text messages go where `numbers` serves; null lets them go anywhere.
void add_two_factor(AccountParts& parts, delivery::Senders const& senders, crypto::Keys const& keys,
                    std::shared_ptr<auth::Numbers const> numbers = nullptr);

}  // namespace sallyport::methods

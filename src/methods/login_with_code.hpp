// The TwoFactor mixin: requestCode, loginWithCode, and a person's factors. Closes every other way to a token.

#pragma once

#include "definition/mixin.hpp"
#include "methods/account.hpp"

namespace sallyport::methods {

/// The mixin as a value for definition/ to check and apply: options, methods, rules. No behaviour.
definition::MixinDefinition two_factor_mixin();

/// Gives the mixin's methods their bodies and adds its hooks, on every model that has it.
void add_two_factor(AccountParts& parts, delivery::Senders const& senders, crypto::Keys const& keys);

}  // namespace sallyport::methods

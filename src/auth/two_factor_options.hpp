// What a model says under "mixins": {"TwoFactor": {...}}, with its defaults filled in.

#pragma once

#include "auth/challenge.hpp"
#include "definition/definition.hpp"
#include "definition/settings.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sallyport::auth {

struct TwoFactorOptions {
    std::vector<std::string> channels{"console"};  ///< The first is the default.
    std::string phone;                             ///< The property with the number; "" for none.
    bool required = true;
    CodeRules code;
    double token_ttl = 86400;  ///< seconds
    int trust_days = 0;        ///< How long a device may skip the code; 0: none may.

    bool lists(std::string_view channel) const;
    bool lets_enrol() const;  ///< Whether a channel is one whose factors people add themselves.
};

/// The options of a model; nothing if it has not the mixin. What the check of the mixin refuses is passed over.
std::optional<TwoFactorOptions> two_factor_options(definition::Model const& model);

/// The model's TwoFactor; null if it has none.
definition::Mixin const* two_factor_mixin(definition::Model const& model);

/// Reads them from the options of a mixin.
TwoFactorOptions read_two_factor_options(definition::Settings& given);

}  // namespace sallyport::auth

#include "auth/two_factor_options.hpp"

#include <algorithm>

namespace sallyport::auth {
namespace {

std::int64_t whole(Json const& value, std::int64_t otherwise) {
    return value.is_number() ? static_cast<std::int64_t>(value.as_number()) : otherwise;
}

Binding binding_named(Json const& name) {
    if (name == Json{"strict"}) return Binding::strict;
    return name == Json{"account"} ? Binding::account : Binding::cookie_or_network;
}

}  // namespace

std::optional<TwoFactorOptions> two_factor_options(definition::Model const& model) {
    auto const mixin = std::ranges::find(model.mixins, "TwoFactor", &definition::Mixin::name);
    if (mixin == model.mixins.end()) return std::nullopt;
    auto const& given = mixin->options;
    TwoFactorOptions options;
    if (auto const& channels = given["channels"]; channels.is_array()) {
        options.channels.clear();
        for (auto const& channel : channels.as_array()) {
            if (channel.is_string()) options.channels.push_back(channel.as_string());
        }
    }
    if (given["phone"].is_string()) options.phone = given["phone"].as_string();
    if (given["required"].is_boolean()) options.required = given["required"].as_boolean();
    auto const& code = given["code"];
    options.code.digits = static_cast<int>(whole(code["digits"], options.code.digits));
    options.code.ttl_seconds = whole(code["ttl"], options.code.ttl_seconds);
    options.code.attempts = static_cast<int>(whole(code["attempts"], options.code.attempts));
    options.code.binding = binding_named(given["binding"]);
    options.token_ttl = static_cast<double>(whole(given["tokenTtl"], static_cast<std::int64_t>(options.token_ttl)));
    return options;
}

}  // namespace sallyport::auth

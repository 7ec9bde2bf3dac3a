#include "auth/two_factor_options.hpp"

#include <algorithm>

namespace sallyport::auth {
namespace {

Binding binding_named(std::string_view name) {
    if (name == "strict") return Binding::strict;
    return name == "account" ? Binding::account : Binding::cookie_or_network;
}

template <class Whole>
void read_whole(definition::Settings& given, std::string_view path, Whole& value) {
    value = static_cast<Whole>(given.number(path, static_cast<double>(value)));
}

JsonArray texts_of(std::vector<std::string> const& texts) { return {texts.begin(), texts.end()}; }

}  // namespace

definition::Mixin const* two_factor_mixin(definition::Model const& model) {
    auto const mixin = std::ranges::find(model.mixins, "TwoFactor", &definition::Mixin::name);
    return mixin == model.mixins.end() ? nullptr : &*mixin;
}

bool TwoFactorOptions::lists(std::string_view channel) const {
    return std::ranges::find(channels, channel) != channels.end();
}

bool TwoFactorOptions::lets_enrol() const { return lists("sms") || lists("totp"); }

std::optional<TwoFactorOptions> two_factor_options(definition::Model const& model) {
    auto const* mixin = two_factor_mixin(model);
    if (mixin == nullptr) return std::nullopt;
    definition::Settings given{mixin->options, mixin->places};
    return read_two_factor_options(given);
}

TwoFactorOptions read_two_factor_options(definition::Settings& given) {
    TwoFactorOptions options;
    if (auto const& channels = given.at("channels"); channels.is_array()) {
        options.channels.clear();
        for (auto const& channel : channels.as_array()) {
            if (channel.is_string()) options.channels.push_back(channel.as_string());
        }
    }
    given.note("channels", texts_of(options.channels));
    options.phone = given.text("phone");
    options.required = given.flag("required", true);
    read_whole(given, "code.digits", options.code.digits);
    read_whole(given, "code.ttl", options.code.ttl_seconds);
    read_whole(given, "code.attempts", options.code.attempts);
    read_whole(given, "tokenTtl", options.token_ttl);
    read_whole(given, "trustDays", options.trust_days);
    options.code.binding = binding_named(given.text("binding", "cookie-or-network"));
    return options;
}

}  // namespace sallyport::auth

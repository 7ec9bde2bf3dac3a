// The TwoFactor mixin as a value: which options it takes, which methods and rules it adds. No behaviour.

#include "auth/two_factor_options.hpp"
#include "methods/login_with_code.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>
#include <string_view>

namespace sallyport::methods {
namespace {

using definition::Model;
using definition::Rule;

std::string_view constexpr built_channels[] = {"console", "sms"};

std::string in_range(Json const& value, double least, double most) {
    bool const good = value.is_number() && std::floor(value.as_number()) == value.as_number() &&
                      value.as_number() >= least && value.as_number() <= most;
    return good ? std::string{} : fmt::format("must be a whole number from {:.0f} to {:.0f}", least, most);
}

std::string channels_complaint(Json const& value, Model const&) {
    if (!value.is_array() || value.as_array().empty()) return "must be a list of channels, the default first";
    for (auto const& channel : value.as_array()) {
        if (!channel.is_string()) return "must hold names of channels";
        if (std::ranges::find(built_channels, channel.as_string()) == std::end(built_channels)) {
            return fmt::format("has \"{}\", which is not built; there are \"console\" and \"sms\"",
                               channel.as_string());
        }
        if (std::ranges::count(value.as_array(), channel) > 1)
            return fmt::format("has \"{}\" twice", channel.as_string());
    }
    return {};
}

std::string phone_complaint(Json const& value, Model const& model) {
    if (!value.is_string() || value.as_string().empty()) return "must be the name of a property";
    auto const* property = model.property(value.as_string());
    if (property == nullptr)
        return fmt::format("names \"{}\", which is no property of {}", value.as_string(), model.name);
    return property->type.name() == "string" ? "" : fmt::format("names \"{}\", which is no string", value.as_string());
}

std::string code_complaint(Json const& value, Model const&) {
    if (!value.is_object()) return "must be an object with digits, ttl and attempts";
    for (auto const& [name, number] : value.as_object()) {
        std::string wrong = "is not known; there are \"digits\", \"ttl\" and \"attempts\"";
        if (name == "digits") wrong = in_range(number, 6, 10);
        if (name == "ttl") wrong = in_range(number, 1, 600);
        if (name == "attempts") wrong = in_range(number, 1, 10);
        if (!wrong.empty()) return fmt::format("has \"{}\", which {}", name, wrong);
    }
    return {};
}

std::string binding_complaint(Json const& value, Model const&) {
    for (auto const* name : {"cookie-or-network", "strict", "account"}) {
        if (value == Json{name}) return {};
    }
    return R"(must be "cookie-or-network", "strict" or "account")";
}

std::vector<std::string> complaints(Model const& model, Json const& options) {
    std::vector<std::string> found;
    if (!model.is("User")) found.emplace_back("needs a model based on User");
    auto const& channels = options["channels"];
    bool const has_sms =
        channels.is_array() && std::ranges::find(channels.as_array(), Json{"sms"}) != channels.as_array().end();
    if (has_sms && !options["phone"].is_string()) {
        found.emplace_back(R"(has the channel "sms" and needs "phone", the property that holds the number)");
    }
    return found;
}

ArgumentSpec argument(std::string name, TypeName type, ArgumentSpec::Source source, bool required) {
    ArgumentSpec spec;
    spec.name = std::move(name);
    spec.type = std::move(type);
    spec.source = source;
    spec.required = required;
    return spec;
}

ArgumentSpec credentials() { return argument("credentials", {"object"}, ArgumentSpec::Source::body, true); }

// Of any type, so that a wrong one is answered like a wrong value.
ArgumentSpec field(std::string name) {
    return argument(std::move(name), {"any"}, ArgumentSpec::Source::unspecified, false);
}

ReturnSpec returned(std::string name, TypeName type) {
    ReturnSpec spec;
    spec.name = std::move(name);
    spec.type = std::move(type);
    return spec;
}

ReturnSpec whole_body(std::string name, TypeName type) {
    auto body = returned(std::move(name), std::move(type));
    body.root = true;
    return body;
}

MethodSpec request_code_spec() {
    MethodSpec spec;
    spec.name = "requestCode";
    spec.description = "Step one of a login: checks email and password, and sends a code.";
    spec.accepts = {credentials()};
    spec.returns = {
        returned("timestamp", {"number"}),      returned("challenge", {"string"}), returned("channel", {"string"}),
        returned("hint", {"string"}),           returned("ttl", {"number"}),       returned("resendAfter", {"number"}),
        returned("channels", {"string", true}), returned("enrol", {"object"})};
    spec.http = {{"POST", "/requestCode"}};
    return spec;
}

MethodSpec login_with_code_spec() {
    MethodSpec spec;
    spec.name = "loginWithCode";
    spec.description = "Step two of a login: checks the code, and answers with an access token.";
    spec.accepts = {credentials()};
    spec.returns = {whole_body("accessToken", {"object"})};
    spec.http = {{"POST", "/loginWithCode"}};
    return spec;
}

MethodSpec factor_spec(std::string name, std::string description, RouteSpec route) {
    MethodSpec spec;
    spec.name = "prototype." + std::move(name);
    spec.is_static = false;
    spec.description = std::move(description);
    spec.http = {std::move(route)};
    spec.access_type = "EXECUTE";
    return spec;
}

std::vector<MethodSpec> factor_specs() {
    auto list = factor_spec("listFactors", "The factors of an account.", {"GET", "/:id/factors"});
    list.returns = {whole_body("factors", {"object", true})};

    auto add = factor_spec("addFactor", "Adds a factor, and sends a code to it.", {"POST", "/:id/factors"});
    add.accepts = {field("type"), field("phone")};
    add.returns = {whole_body("factor", {"object"})};
    add.access_scopes = {"DEFAULT", "enrol"};

    auto confirm =
        factor_spec("confirmFactor", "Confirms a factor by the code sent to it.", {"POST", "/:id/factors/:fk/confirm"});
    confirm.accepts = {argument("fk", {"number"}, ArgumentSpec::Source::path, true), field("twofactor")};
    confirm.returns = {whole_body("result", {"object"})};
    confirm.access_scopes = {"DEFAULT", "enrol"};
    return {std::move(list), std::move(add), std::move(confirm)};
}

Rule allow(Model const& model, std::string method, std::string role) {
    Rule rule;
    rule.model = model.name;
    rule.properties = {std::move(method)};
    rule.access_type = "EXECUTE";
    rule.principal_id = std::move(role);
    return rule;
}

// A method that the model's JSON describes in its own words stays as described; what its answer holds beyond that goes
// without saying.
void add(Model& model, MethodSpec spec) {
    auto const told = std::ranges::find(model.methods, spec.name, &MethodSpec::name);
    if (told == model.methods.end()) {
        model.methods.push_back(std::move(spec));
        return;
    }
    for (auto& value : spec.returns) {
        if (value.root || std::ranges::find(told->returns, value.name, &ReturnSpec::name) != told->returns.end())
            continue;
        value.documented = false;
        told->returns.push_back(std::move(value));
    }
}

void apply(Model& model, Json const&) {
    model.settings["prohibitHiddenPropertiesInQuery"] = true;  // A password is not to be guessed by filters.
    for (auto spec : {request_code_spec(), login_with_code_spec()}) {
        model.rules.push_back(allow(model, spec.name, "$everyone"));
        add(model, std::move(spec));
    }
    for (auto& spec : factor_specs()) {
        model.rules.push_back(allow(model, std::string{spec.short_name()}, "$owner"));
        add(model, std::move(spec));
    }
}

}  // namespace

definition::MixinDefinition two_factor_mixin() {
    definition::MixinDefinition mixin;
    mixin.name = "TwoFactor";
    mixin.options = {
        {"channels", {"string", true}, channels_complaint},
        {"phone", {"string"}, phone_complaint},
        {"required", {"boolean"}, {}},
        {"code", {"object"}, code_complaint},
        {"tokenTtl", {"number"}, [](Json const& value, Model const&) { return in_range(value, 1, 31556926); }},
        {"binding", {"string"}, binding_complaint},
    };
    mixin.apply = apply;
    mixin.complaints = complaints;
    return mixin;
}

}  // namespace sallyport::methods

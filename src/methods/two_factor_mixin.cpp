// The TwoFactor mixin as a value: which options it takes, which methods and rules it adds. No behaviour.

#include "auth/trusted_device.hpp"
#include "auth/two_factor_options.hpp"
#include "definition/known_keys.hpp"
#include "methods/login_with_code.hpp"
#include "methods/spec_words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>
#include <string_view>

namespace sallyport::methods {
namespace {

using definition::Findings;
using definition::Key;
using definition::Located;
using definition::Model;
using definition::Place;
using definition::Rule;

std::vector<std::string> const built_channels{"console", "sms", "totp", "email"};

void require_range(Located const& value, std::string_view name, double least, double most, Findings& findings) {
    auto const number = value.value.as_number();
    if (std::floor(number) == number && number >= least && number <= most) return;
    findings.mistake(value.place, fmt::format("\"{}\" must be a whole number from {:.0f} to {:.0f}", name, least, most),
                     fmt::format("write such a number, or leave \"{}\" out for the usual one", name));
}

void check_channels(Located const& channels, Model const&, Findings& findings) {
    if (channels.items.empty())
        findings.mistake(channels.place, "\"channels\" must name a channel", "the first is the default: [\"console\"]");
    std::vector<std::string> seen;
    for (auto const& item : channels.items) {
        auto const& channel = item.value.as_string();
        if (std::ranges::find(built_channels, channel) == built_channels.end()) {
            auto hint = definition::did_you_mean(channel, built_channels);
            findings.mistake(item.place, fmt::format("the channel \"{}\" is not built", channel),
                             hint.empty() ? "use " + definition::one_of(built_channels) : std::move(hint));
        } else if (std::ranges::find(seen, channel) != seen.end()) {
            findings.mistake(item.place, fmt::format("\"{}\" stands twice in \"channels\"", channel),
                             "take one of them out");
        }
        seen.push_back(channel);
    }
    auto const mailed = std::ranges::find(channels.items, Json{"email"}, &Located::value);
    if (mailed == channels.items.end()) return;
    if (std::ranges::all_of(seen, [](std::string const& channel) { return channel == "email"; })) {
        findings.mistake(mailed->place,
                         "\"email\" cannot be the only channel: whoever reads the mail can reset the password",
                         R"(add "totp" or "sms", which are second factors)");
    } else {
        findings.note(mailed->place, "a code by mail is weaker than any second factor: no rule takes it for one",
                      R"(leave "email" out unless people would be locked out without it)");
    }
}

void check_phone(Located const& phone, Model const& model, Findings& findings) {
    auto const& name = phone.value.as_string();
    auto const* property = model.property(name);
    if (property == nullptr) {
        auto hint = definition::did_you_mean(name, definition::property_names(model));
        if (hint.empty()) hint = fmt::format(R"(declare it: "properties": {{"{}": "string"}})", name);
        findings.mistake(phone.place, fmt::format("\"{}\" has no property \"{}\" for the phone", model.name, name),
                         std::move(hint));
    } else if (property->type.name() != "string") {
        findings.mistake(phone.place, fmt::format("\"{}\" holds the phone, but is no string", name),
                         R"(give that property "type": "string")");
    }
}

void check_code(Located const& code, Model const&, Findings& findings) {
    struct Range {
        std::string_view name;
        double least;
        double most;
    };
    static constexpr std::array keys{Key{"digits", definition::kinds::number}, Key{"ttl", definition::kinds::number},
                                     Key{"attempts", definition::kinds::number}};
    definition::check_keys(code, keys, "\"code\"", findings);
    for (auto const& [name, least, most] : {Range{"digits", 6, 10}, Range{"ttl", 1, 600}, Range{"attempts", 1, 10}}) {
        auto const* value = code.find(name);
        if (value && value->value.is_number()) require_range(*value, name, least, most, findings);
    }
}

void check_token_ttl(Located const& ttl, Model const&, Findings& findings) {
    constexpr double year = 31556926;  // seconds
    require_range(ttl, "tokenTtl", 1, year, findings);
}

void check_trust(Located const& days, Model const&, Findings& findings) {
    require_range(days, "trustDays", 0, auth::most_trust_days, findings);
}

void check_binding(Located const& binding, Model const&, Findings& findings) {
    static std::vector<std::string> const words{"cookie-or-network", "strict", "account"};
    definition::require_word(binding, words, "binding", findings);
}

void check_whole(Located const& options, Place const& name, Model const& model, Findings& findings) {
    if (!model.is("User"))
        findings.mistake(name, "\"TwoFactor\" needs a model based on User", R"(write "base": "User" into the model)");
    auto const* channels = options.find("channels");
    if (!channels || options.find("phone")) return;
    for (auto const& channel : channels->items) {
        if (channel.value != Json{"sms"}) continue;
        findings.mistake(channel.place, "the channel \"sms\" needs \"phone\", the property that holds the number",
                         R"(for example "phone": "mobile")");
        return;
    }
}

ArgumentSpec credentials() { return argument("credentials", {"object"}, ArgumentSpec::Source::body, true); }

// Of any type, so that a wrong one is answered like a wrong value.
ArgumentSpec field(std::string name) {
    return argument(std::move(name), {"any"}, ArgumentSpec::Source::unspecified, false);
}

MethodSpec request_code_spec() {
    MethodSpec spec;
    spec.name = "requestCode";
    spec.description = "Step one of a login: checks email and password, and sends a code.";
    spec.accepts = {credentials()};
    spec.returns = {returned("timestamp", {"number"}),
                    returned("challenge", {"string"}),
                    returned("channel", {"string"}),
                    returned("hint", {"string"}),
                    returned("ttl", {"number"}),
                    returned("resendAfter", {"number"}),
                    returned("channels", {"string", true}),
                    returned("weaker", {"string", true}),
                    returned("trustDays", {"number"}),
                    returned("token", {"object"}),
                    returned("enrol", {"object"})};
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
    add.accepts = {field("type"), field("phone"), field("label"), field("algorithm"), field("digits")};
    add.returns = {whole_body("factor", {"object"})};
    add.access_scopes = {"DEFAULT", "enrol"};

    auto confirm =
        factor_spec("confirmFactor", "Confirms a factor by the code sent to it.", {"POST", "/:id/factors/:fk/confirm"});
    confirm.accepts = {argument("fk", {"number"}, ArgumentSpec::Source::path, true), field("twofactor")};
    confirm.returns = {whole_body("result", {"object"})};
    confirm.access_scopes = {"DEFAULT", "enrol"};
    auto update = factor_spec("updateFactor", "Names a factor, or makes it the one that is asked for first.",
                              {"PATCH", "/:id/factors/:fk"});
    update.accepts = {argument("fk", {"number"}, ArgumentSpec::Source::path, true), field("label"), field("preferred")};
    update.returns = {whole_body("factor", {"object"})};

    auto remove =
        factor_spec("removeFactor", "Removes a factor, and ends every other session.", {"DELETE", "/:id/factors/:fk"});
    remove.accepts = {argument("fk", {"number"}, ArgumentSpec::Source::path, true)};
    auto count =
        factor_spec("countRecoveryCodes", "How many recovery codes are not used.", {"GET", "/:id/recovery-codes"});
    count.returns = {returned("left", {"number"})};

    auto make = factor_spec("makeRecoveryCodes", "Makes ten recovery codes in the place of those there are.",
                            {"POST", "/:id/recovery-codes"});
    make.returns = {returned("codes", {"string", true})};
    return {std::move(list),   std::move(add),   std::move(confirm), std::move(update),
            std::move(remove), std::move(count), std::move(make)};
}

std::vector<MethodSpec> session_specs() {
    auto list = factor_spec("listSessions", "The sessions of an account.", {"GET", "/:id/sessions"});
    list.returns = {whole_body("sessions", {"object", true})};
    auto others = factor_spec("endSessions", "Ends every session but this one.", {"DELETE", "/:id/sessions"});
    auto one = factor_spec("endSession", "Ends a session.", {"DELETE", "/:id/sessions/:fk"});
    one.accepts = {argument("fk", {"string"}, ArgumentSpec::Source::path, true)};
    return {std::move(list), std::move(others), std::move(one)};
}

std::vector<MethodSpec> device_specs() {
    auto list = factor_spec("listDevices", "The devices that may skip the code.", {"GET", "/:id/devices"});
    list.returns = {whole_body("devices", {"object", true})};
    auto all = factor_spec("distrustDevices", "Trusts no device any more.", {"DELETE", "/:id/devices"});
    auto one = factor_spec("distrustDevice", "Trusts a device no more.", {"DELETE", "/:id/devices/:fk"});
    one.accepts = {argument("fk", {"number"}, ArgumentSpec::Source::path, true)};
    return {std::move(list), std::move(all), std::move(one)};
}

std::vector<MethodSpec> account_specs() {
    auto show =
        factor_spec("showEmail", "The email address of an account, and the one it is to have.", {"GET", "/:id/email"});
    show.returns = {whole_body("email", {"object"})};
    auto change = factor_spec("changeEmail", "Mails links to the new and to the old address: both have to agree.",
                              {"POST", "/:id/email"});
    change.accepts = {field("email")};
    change.returns = {whole_body("email", {"object"})};
    auto cancel =
        factor_spec("cancelEmailChange", "Ends a change of the email address that waits.", {"DELETE", "/:id/email"});
    auto name = factor_spec("changeUsername", "Changes the username of an account.", {"POST", "/:id/username"});
    name.accepts = {field("username")};
    name.returns = {whole_body("account", {"object"})};
    auto events = factor_spec("listEvents", "What happened to an account, newest first.", {"GET", "/:id/events"});
    events.accepts = {argument("limit", {"number"}, ArgumentSpec::Source::query, false),
                      argument("before", {"number"}, ArgumentSpec::Source::query, false)};
    events.returns = {whole_body("events", {"object", true})};
    auto whole = factor_spec("exportAccount", "All that is kept of an account and by it.", {"GET", "/:id/export"});
    whole.returns = {whole_body("account", {"object"})};
    return {std::move(show), std::move(change), std::move(cancel),
            std::move(name), std::move(events), std::move(whole)};
}

// Whoever has a link may use it, signed in or not.
std::vector<MethodSpec> link_specs() {
    MethodSpec agree;
    agree.name = "agreeToEmailChange";
    agree.description = "Agrees to a change of an email address, by a mailed link.";
    agree.accepts = {field("token")};
    agree.returns = {whole_body("result", {"object"})};
    agree.http = {{"POST", "/email-change/agree"}};
    MethodSpec refuse;
    refuse.name = "refuseEmailChange";
    refuse.description = "Refuses a change of an email address, by a mailed link.";
    refuse.accepts = {field("token")};
    refuse.http = {{"POST", "/email-change/refuse"}};
    return {std::move(agree), std::move(refuse)};
}

MethodSpec reauthenticate_spec() {
    MethodSpec spec;
    spec.name = "reauthenticate";
    spec.description = "Proves once more who it is, as some operations want it.";
    spec.accepts = {field("password"), field("twofactor"), field("challenge")};
    spec.returns = {whole_body("session", {"object"})};
    spec.http = {{"POST", "/reauthenticate"}};
    return spec;
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
    std::vector<MethodSpec> open{request_code_spec(), login_with_code_spec()};
    std::ranges::move(link_specs(), std::back_inserter(open));
    for (auto& spec : open) {
        model.rules.push_back(allow(model, spec.name, "$everyone"));
        add(model, std::move(spec));
    }
    for (auto specs : {factor_specs(), session_specs(), device_specs(), account_specs()}) {
        for (auto& spec : specs) {
            model.rules.push_back(allow(model, std::string{spec.short_name()}, "$owner"));
            add(model, std::move(spec));
        }
    }
    model.rules.push_back(allow(model, "reauthenticate", "$authenticated"));
    add(model, reauthenticate_spec());
}

}  // namespace

definition::MixinDefinition two_factor_mixin() {
    definition::MixinDefinition mixin;
    mixin.name = "TwoFactor";
    mixin.options = {
        {"channels", {"string", true}, check_channels},
        {"phone", {"string"}, check_phone},
        {"required", {"boolean"}, {}},
        {"code", {"object"}, check_code},
        {"tokenTtl", {"number"}, check_token_ttl},
        {"trustDays", {"number"}, check_trust},
        {"binding", {"string"}, check_binding},
    };
    mixin.apply = apply;
    mixin.check = check_whole;
    return mixin;
}

}  // namespace sallyport::methods

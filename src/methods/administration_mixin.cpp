// The Administration mixin as a value: which options it takes, which methods and rules it adds. No behaviour.

#include "methods/administration.hpp"
#include "methods/spec_words.hpp"

#include <algorithm>
#include <utility>

namespace sallyport::methods {
namespace {

using definition::Findings;
using definition::Located;
using definition::Model;
using definition::Rule;

constexpr auto mixin_name = "Administration";
constexpr auto usual_role = "admin";
constexpr int fresh_seconds = 300;

ArgumentSpec taken(std::string name, TypeName type, bool required = false) {
    return argument(std::move(name), std::move(type), ArgumentSpec::Source::unspecified, required);
}

MethodSpec look(std::string name, std::string path, std::string description, std::vector<ArgumentSpec> accepts) {
    MethodSpec spec;
    spec.name = std::move(name);
    spec.description = std::move(description);
    spec.accepts = std::move(accepts);
    spec.returns = {whole_body("found", {"object", true})};
    spec.http = {{"GET", "/administration/" + std::move(path)}};
    spec.access_type = "READ";
    return spec;
}

MethodSpec change(std::string name, std::string path, std::string description) {
    MethodSpec spec;
    spec.name = std::move(name);
    spec.description = std::move(description);
    spec.accepts = {taken("model", {"string"}), taken("id", {"any"}, true)};
    spec.returns = {whole_body("account", {"object"})};
    spec.http = {{"POST", "/administration/" + std::move(path)}};
    spec.access_type = "EXECUTE";
    return spec;
}

std::vector<MethodSpec> looks() {
    return {look("administerAccounts", "accounts", "Accounts, their factors and how many sessions they have.",
                 {taken("model", {"string"}), taken("find", {"string"}), taken("limit", {"number"}),
                  taken("skip", {"number"})}),
            look("administerLimits", "limits", "Limits that are full, or those of somebody.",
                 {taken("model", {"string"}), taken("id", {"string"}), taken("who", {"string"}),
                  taken("address", {"string"})}),
            look("administerEvents", "events", "The audit trail, newest first.",
                 {taken("model", {"string"}), taken("id", {"string"}), taken("who", {"string"}),
                  taken("event", {"string"}), taken("limit", {"number"})})};
}

std::vector<MethodSpec> changes() {
    auto lift = change("administerLift", "lift", "Forgets the limits of somebody.");
    lift.accepts = {taken("model", {"string"}), taken("id", {"any"}), taken("who", {"string"}),
                    taken("address", {"string"})};
    lift.returns = {whole_body("lifted", {"object"})};
    return {change("administerDisable", "disable", "Switches an account off, and ends its sessions."),
            change("administerEnable", "enable", "Switches an account on again."),
            change("administerSignOut", "sign-out", "Ends every session of an account."),
            change("administerTicket", "ticket", "A ticket, with which the owner of a lost factor enrols another."),
            std::move(lift)};
}

Rule rule(Model const& model, MethodSpec const& method, std::string permission, std::string role) {
    Rule made;
    made.model = model.name;
    made.properties = {method.name};
    made.access_type = method.access_type;
    made.permission = std::move(permission);
    made.principal_id = std::move(role);
    return made;
}

void add(Model& model, MethodSpec method, std::string const& role, int fresh_within) {
    model.rules.push_back(rule(model, method, "DENY", "$everyone"));
    auto let_in = rule(model, method, "ALLOW", role);
    let_in.second_factor = true;
    let_in.fresh_within_seconds = fresh_within;
    model.rules.push_back(std::move(let_in));
    model.methods.push_back(std::move(method));
}

std::string role_of(Json const& options) {
    auto const& role = options["role"];
    return role.is_string() ? role.as_string() : usual_role;
}

void apply(Model& model, Json const& options) {
    auto const role = role_of(options);
    for (auto& method : looks()) add(model, std::move(method), role, 0);
    for (auto& method : changes()) add(model, std::move(method), role, fresh_seconds);
}

// "$everyone" and its like are not given by anybody, so nothing would be closed.
void check_role(Located const& role, Model const&, Findings& findings) {
    auto const& name = role.value.as_string();
    if (!name.empty() && !name.starts_with('$')) return;
    findings.mistake(role.place, "\"role\" must be a role that is given to people",
                     R"(for example "role": "admin", given by sallyport user add --role admin)");
}

}  // namespace

definition::MixinDefinition administration_mixin() {
    definition::MixinDefinition mixin;
    mixin.name = mixin_name;
    mixin.options = {{"role", {"string"}, check_role}, {"models", {"string", true}, {}}};
    mixin.apply = apply;
    return mixin;
}

std::optional<Administration> administration_of(definition::Model const& model) {
    auto const found = std::ranges::find(model.mixins, mixin_name, &definition::Mixin::name);
    if (found == model.mixins.end()) return std::nullopt;
    Administration administration{.role = role_of(found->options), .models = {}};
    if (auto const& named = found->options["models"]; named.is_array()) {
        for (auto const& name : named.as_array()) administration.models.push_back(name.as_string());
    }
    if (administration.models.empty()) administration.models = {model.name};
    return administration;
}

}  // namespace sallyport::methods

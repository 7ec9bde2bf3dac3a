#include "definition/read_rule.hpp"

#include "definition/known_keys.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <utility>

namespace sallyport::definition {
namespace {

std::vector<std::string> const access_types{"*", "READ", "WRITE", "EXECUTE", "REPLICATE"};
std::vector<std::string> const permissions{"ALLOW", "DENY", "ALARM", "AUDIT", "DEFAULT"};

std::vector<std::string> method_names(Located const& property, Findings& findings) {
    if (property.is_string()) return {property.value.as_string()};
    std::vector<std::string> names;
    for (auto const& item : property.items) {
        if (item.is_string()) {
            names.push_back(item.value.as_string());
        } else {
            findings.mistake(item.place, "\"property\" lists names of methods", "write each between double quotes");
        }
    }
    return names;
}

/// The dollar is for LoopBack's own roles: with a misspelt one a rule would be for nobody.
void check_role(Located const& id, Findings& findings) {
    static std::vector<std::string> const roles{"$everyone", "$authenticated", "$unauthenticated", "$owner"};
    auto const role = to_display(id.value);
    if (is_without_dollar(role)) {
        findings.note(id.place,
                      fmt::format("\"{0}\" is a role that people are given, and not LoopBack's \"${0}\"", role),
                      fmt::format("did you mean \"${}\"?", role));
    }
    if (!role.starts_with('$') || std::ranges::find(roles, role) != roles.end()) return;
    if (role == "$related") {
        findings.note(id.place, "\"$related\" is known to LoopBack, but has no effect here");
        return;
    }
    auto hint = did_you_mean(role, roles);
    if (hint.empty()) hint = fmt::format("use {}; a role of your own has no \"$\"", one_of(roles));
    findings.mistake(id.place, fmt::format("there is no role \"{}\"", role), std::move(hint));
}

/// What we add to LoopBack's rules.
void read_conditions(Located const& located, Rule& rule, Findings& findings) {
    auto const* second = located.member("secondFactor");
    auto const* fresh = located.member("freshWithin");
    rule.second_factor = located.flag("secondFactor", false);
    if (fresh && fresh->value.value.is_number()) {
        auto const seconds = fresh->value.value.as_number();
        if (seconds < 1 || seconds > 31'536'000 || seconds != std::floor(seconds)) {
            findings.mistake(fresh->value.place, "\"freshWithin\" is a number of seconds, 1 to 31536000",
                             "300 asks for a login of the last five minutes");
        } else {
            rule.fresh_within_seconds = static_cast<int>(seconds);
        }
    }
    if (rule.permission == "ALLOW") return;
    for (auto const* condition : {second, fresh}) {
        if (!condition) continue;
        findings.mistake(condition->place, fmt::format("\"{}\" is a condition of rules that ALLOW", condition->name),
                         "take it out, or write \"permission\": \"ALLOW\"");
    }
}

}  // namespace

bool is_without_dollar(std::string_view role) {
    constexpr std::string_view names[] = {"everyone", "authenticated", "unauthenticated", "owner", "related"};
    return std::ranges::find(names, role) != std::end(names);
}

Rule read_rule(Located const& located, std::string const& model, Findings& findings) {
    Rule rule{.model = model, .properties = {"*"}, .principal_id = {}};
    check_keys(located, rule_keys(), "an access rule", findings);
    if (!located.is_object()) return rule;
    if (auto const* property = located.find("property")) rule.properties = method_names(*property, findings);
    if (auto const* type = located.find("accessType");
        type && require_word(*type, access_types, "access type", findings)) {
        rule.access_type = type->value.as_string();
    }
    if (auto const* permission = located.find("permission")) {
        if (require_word(*permission, permissions, "permission", findings))
            rule.permission = permission->value.as_string();
    } else {
        findings.mistake(located.place, "an access rule needs a \"permission\"", R"(use "ALLOW" or "DENY")");
    }
    if (auto const* type = located.find("principalType"); type && type->is_string())
        rule.principal_type = type->value.as_string();
    if (rule.principal_type == "APPLICATION") rule.principal_type = "APP";
    if (auto const* id = located.find("principalId"); id && is_of(*id, kinds::text | kinds::number)) {
        rule.principal_id = to_display(id->value);
        if (rule.principal_type == "ROLE") check_role(*id, findings);
    } else if (!id) {
        findings.mistake(located.place, "an access rule needs a \"principalId\"",
                         R"(for example "$everyone", "$owner" or a role's name)");
    }
    read_conditions(located, rule, findings);
    return rule;
}

}  // namespace sallyport::definition

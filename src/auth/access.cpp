// LoopBack gives every rule a number and lets the highest decide: first how exactly it names model, method and access
// type, then whom it names, then how strict it is. So the rules are put in that order once, and roles, which may cost a
// read, are asked from the top until one holds.

#include "auth/access.hpp"

#include "auth/factor.hpp"
#include "auth/two_factor_options.hpp"
#include "definition/principals.hpp"
#include "sallyport/error.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace sallyport::auth {
namespace {

using definition::Rule;

constexpr std::string_view everything = "*";
constexpr int no_match = -1;

enum Match : int { request_is_wide = 1, rule_is_wide = 2, exact = 3 };

bool contains(std::vector<std::string> const& names, std::string_view name) {
    return std::ranges::find(names, name) != names.end();
}

bool names_everything(Rule const& rule) {
    return rule.properties.empty() || (rule.properties.size() == 1 && rule.properties.front() == everything);
}

int match_model(Rule const& rule, AccessRequest const& request) {
    if (rule.model == request.model.name || request.model.is(rule.model)) return exact;
    return rule.model.empty() || rule.model == everything ? rule_is_wide : no_match;
}

int match_property(Rule const& rule, AccessRequest const& request) {
    auto const named = [&](std::string_view name) { return contains(rule.properties, name); };
    if (names_everything(rule)) return request.property == everything ? exact : rule_is_wide;
    if (named(request.property) || std::ranges::any_of(request.aliases, named)) return exact;
    return request.property == everything ? request_is_wide : no_match;
}

int match_access_type(Rule const& rule, AccessRequest const& request) {
    std::string_view const type = rule.access_type.empty() ? everything : std::string_view{rule.access_type};
    if (type == request.access_type || type == "EXECUTE") return exact;
    if (type == "WRITE" && request.access_type == "REPLICATE") return exact;
    if (type == everything) return rule_is_wide;
    return request.access_type == everything ? request_is_wide : no_match;
}

int weight_of_principal(Rule const& rule) {
    if (rule.principal_type == "USER") return 4;
    if (rule.principal_type == "APP") return 3;
    return rule.principal_type == "ROLE" ? 2 : 1;
}

int weight_of_role(Rule const& rule) {
    if (rule.principal_type != "ROLE") return 0;
    if (rule.principal_id == "$owner") return 4;
    if (rule.principal_id == "$related") return 3;
    if (rule.principal_id == "$authenticated" || rule.principal_id == "$unauthenticated") return 2;
    return rule.principal_id == "$everyone" ? 1 : 5;
}

// DEFAULT is -1, as in LoopBack, where it lowers the whole score by one.
int weight_of_permission(Rule const& rule) {
    constexpr std::array<std::string_view, 5> order{"DEFAULT", "ALLOW", "ALARM", "AUDIT", "DENY"};
    if (rule.permission.empty()) return 0;
    auto const found = std::ranges::find(order, rule.permission);
    return found == order.end() ? 0 : static_cast<int>(found - order.begin()) - 1;
}

bool is_wide(AccessRequest const& request) {
    return request.property == everything || request.access_type == everything;
}

bool says_nothing(Rule const& rule) { return rule.permission.empty() || rule.permission == "DEFAULT"; }

// Behind every rule that is as strong: of equals the first decides.
void add_by_strength(std::vector<ScoredRule>& rules, ScoredRule rule) {
    rules.insert(std::ranges::upper_bound(rules, rule.score, std::ranges::greater{}, &ScoredRule::score), rule);
}

// A row of the ACL table counts under any of the method's names, but only under the model's own.
bool is_about(Rule const& stored, AccessRequest const& request) {
    if (stored.model != request.model.name && stored.model != everything) return false;
    if (request.access_type == everything || stored.access_type.empty() || stored.access_type == everything)
        return true;
    return stored.access_type == request.access_type ||
           (request.access_type == "REPLICATE" && stored.access_type == "WRITE");
}

std::vector<ScoredRule> with_stored(std::vector<Rule> const& stored, std::vector<ScoredRule> const& own,
                                    AccessRequest const& request) {
    std::vector<ScoredRule> all;
    for (auto const& rule : stored) {
        if (!is_about(rule, request)) continue;
        if (auto const value = score(rule, request); value >= 0) add_by_strength(all, {value, &rule});
    }
    for (auto const& rule : own) add_by_strength(all, rule);
    return all;
}

// Nobody and old tokens have LoopBack's one scope.
bool is_scope_allowed(Caller const& caller, MethodSpec const& method) {
    static std::vector<std::string> const usual{"DEFAULT"};
    auto const& granted = caller.scopes.empty() ? usual : caller.scopes;
    auto const& wanted = method.access_scopes.empty() ? usual : method.access_scopes;
    return std::ranges::any_of(wanted, [&](auto const& scope) { return contains(granted, scope); });
}

// The roles that need no looking up; nothing for the others.
std::optional<bool> simple_role(std::string_view role, Caller const& caller) {
    if (role == "$everyone") return true;
    if (role == "$authenticated") return caller.is_known();
    if (role == "$unauthenticated") return !caller.is_known();
    return std::nullopt;
}

Json channels_of(Caller const& caller, definition::Registry const* models) {
    auto const* model = models == nullptr ? nullptr : models->find(caller.user_model);
    if (model == nullptr) return Json::array();
    auto const options = two_factor_options(*model);
    if (options) return JsonArray(options->channels.begin(), options->channels.end());
    return Json::array();
}

}  // namespace

int score(Rule const& rule, AccessRequest const& request) {
    auto const model = match_model(rule, request);
    auto const property = match_property(rule, request);
    auto const access_type = match_access_type(rule, request);
    if (model == no_match || property == no_match || access_type == no_match) return no_match;
    auto const named = (model * 4 + property) * 4 + access_type;
    return ((named * 4 + weight_of_principal(rule)) * 8 + weight_of_role(rule)) * 4 + weight_of_permission(rule);
}

std::string access_type_of(MethodSpec const& method) {
    constexpr std::array<std::string_view, 7> writes{"create",      "updateOrCreate", "upsertWithWhere", "upsert",
                                                     "destroyById", "deleteById",     "removeById"};
    constexpr std::array<std::string_view, 5> reads{"exists", "findById", "find", "findOne", "count"};
    if (!method.access_type.empty()) return method.access_type;
    // A method with several routes has no verb of its own in LoopBack.
    if (method.http.size() == 1 && (method.http.front().verb == "GET" || method.http.front().verb == "HEAD"))
        return "READ";
    auto const name = method.short_name();
    if (std::ranges::find(writes, name) != writes.end()) return "WRITE";
    return std::ranges::find(reads, name) != reads.end() ? "READ" : "EXECUTE";
}

std::vector<ScoredRule> applicable_rules(AccessRequest const& request) {
    std::vector<ScoredRule> found;
    for (auto const& rule : request.model.rules) {
        if (!names_everything(rule) && !contains(rule.properties, request.property)) continue;
        if (auto const value = score(rule, request); value >= 0) add_by_strength(found, {value, &rule});
    }
    return found;
}

std::string id_text(Json const& id) {
    if (id.is_nothing()) return {};
    return id.is_string() ? id.as_string() : to_text(id);
}

Access::Access(Rules rules, RoleCheck has_role, StoredRules stored_rules)
    : rules_{std::move(rules)},
      has_role_{std::move(has_role)},
      stored_rules_{std::move(stored_rules)},
      user_principal_{rules_.models == nullptr ? "" : definition::user_principal(*rules_.models)} {}

Task<> Access::require(Caller const& caller, AccessRequest const& request, MethodSpec const& method,
                       RoleQuestion const& about) const {
    auto const own_rules = applicable_rules(request);
    co_await require(caller, request, own_rules, method, about);
}

Task<> Access::require(Caller const& caller, AccessRequest const& request, std::vector<ScoredRule> const& own_rules,
                       MethodSpec const& method, RoleQuestion const& about) const {
    if (!is_scope_allowed(caller, method)) deny(caller, request.model, about.id);
    std::vector<Rule> stored;
    if (stored_rules_) stored = co_await stored_rules_(request.model);
    if (stored.empty()) {
        settle(caller, request, co_await winner(caller, request, own_rules, about), about.id);
    } else {
        auto const all = with_stored(stored, own_rules, request);
        settle(caller, request, co_await winner(caller, request, all, about), about.id);
    }
}

Task<std::vector<std::string>> Access::authorized_roles(Caller const& caller, AccessRequest const& request,
                                                        std::vector<ScoredRule> const& own_rules,
                                                        RoleQuestion const& about) const {
    std::vector<Rule> stored;
    if (stored_rules_) stored = co_await stored_rules_(request.model);
    std::vector<std::string> roles;
    Asked asked;
    for (auto const& [value, rule] : with_stored(stored, own_rules, request)) {
        if (rule->principal_type != "ROLE" || rule->permission == "DENY" || contains(roles, rule->principal_id))
            continue;
        if (co_await is_in_role(rule->principal_id, caller, about, asked)) roles.push_back(rule->principal_id);
    }
    co_return roles;
}

Task<bool> Access::is_in_role(std::string_view role, Caller const& caller, RoleQuestion const& about,
                              Asked& asked) const {
    if (auto const simple = simple_role(role, caller)) co_return *simple;
    auto const known = std::ranges::find(asked, role, &std::pair<std::string_view, bool>::first);
    if (known != asked.end()) co_return known->second;
    auto const holds = has_role_ && co_await has_role_(std::string{role}, caller, about);
    asked.emplace_back(role, holds);
    co_return holds;
}

// The strongest rule that is about this caller; null if there is none.
Task<Rule const*> Access::winner(Caller const& caller, AccessRequest const& request,
                                 std::vector<ScoredRule> const& rules, RoleQuestion const& about) const {
    Asked asked;
    for (auto const& [value, rule] : rules) {
        // A request for everything looks past rules that say nothing.
        if (says_nothing(*rule) && is_wide(request)) continue;
        auto holds = is_principal(caller, *rule);
        if (!holds && rule->principal_type == "ROLE")
            holds = co_await is_in_role(rule->principal_id, caller, about, asked);
        if (holds) co_return rule;
    }
    co_return nullptr;
}

bool Access::is_principal(Caller const& caller, Rule const& rule) const {
    if (!caller.is_known() || rule.principal_type == "ROLE") return false;
    return rule.principal_type == definition::principal_type(caller.user_model, user_principal_) &&
           id_text(caller.user_id) == rule.principal_id;
}

void Access::settle(Caller const& caller, AccessRequest const& request, Rule const* rule, Json const& id) const {
    if (rule == nullptr || says_nothing(*rule)) {
        auto const& stated = request.model.settings["defaultPermission"];
        auto const denied = stated.is_string() ? stated.as_string() == "DENY" : rules_.without_rule == Default::deny;
        if (denied) deny(caller, request.model, id);
    } else if (rule->permission == "DENY") {
        deny(caller, request.model, id);
    } else {
        require_conditions(caller, request, *rule);
        auto const is_watched = rule->permission == "ALARM" || rule->permission == "AUDIT";
        if (is_watched && rules_.watched) rules_.watched(caller, request, *rule);
    }
}

void Access::deny(Caller const& caller, definition::Model const& model, Json const& id) const {
    auto const status =
        caller.is_known() ? static_cast<int>(model.number("aclErrorStatus", rules_.denied_status)) : 401;
    switch (status) {
        case 401:
            throw Error{401, "Authorization Required", "AUTHORIZATION_REQUIRED"};
        case 404:
            throw Error{404, "could not find " + model.name + " with id " + to_display(id), "MODEL_NOT_FOUND"};
        default:
            throw Error{status, "Access Denied", "ACCESS_DENIED"};
    }
}

void Access::require_conditions(Caller const& caller, AccessRequest const& request, Rule const& rule) const {
    if (!rule.second_factor && rule.fresh_within_seconds == 0) return;
    auto const now = rules_.clock != nullptr ? rules_.clock->now() : SystemClock{}.now();
    auto const age = now - caller.authenticated_at;
    auto const is_fresh = rule.fresh_within_seconds == 0 || age <= std::int64_t{rule.fresh_within_seconds} * 1000;
    if (caller.is_known() && is_fresh && (!rule.second_factor || has_second(caller.factors))) return;
    if (!caller.is_known()) throw Error{401, "Authorization Required", "AUTHORIZATION_REQUIRED"};
    JsonObject details{{"channels", channels_of(caller, rules_.models)}};
    if (rule.fresh_within_seconds != 0) details.append("freshWithin", Json{rule.fresh_within_seconds});
    throw Error{401,
                "\"" + std::string{request.property} + "\" needs a more recent or stronger login: confirm it is you.",
                "STEP_UP_REQUIRED"}
        .with_details(std::move(details));
}

}  // namespace sallyport::auth

#include "app/unheld_role.hpp"

#include "definition/read_rule.hpp"
#include "methods/given_roles.hpp"
#include "sallyport/error.hpp"

#include <set>

namespace sallyport::app {
namespace {

std::set<std::string> roles_in_rules(definition::Project const& project) {
    std::set<std::string> names;
    for (auto const& [name, model] : project.models.all()) {
        if (!model.is_public) continue;
        for (auto const& rule : model.rules) {
            bool const is_role = rule.principal_type == "ROLE" && !rule.principal_id.starts_with('$') &&
                                 !definition::is_without_dollar(rule.principal_id);
            if (is_role && rule.permission != "DENY") names.insert(rule.principal_id);
        }
    }
    return names;
}

}  // namespace

std::string unheld_role(definition::Project const& project, methods::AccountParts const& account,
                        auth::RoleResolvers const& decided) {
    auto names = roles_in_rules(project);
    for (auto const& [name, resolver] : decided) names.erase(name);
    if (names.empty()) return {};
    auto const name = names.contains("admin") ? std::string{"admin"} : *names.begin();
    try {
        return methods::count_holders(account, name) == 0 ? name : std::string{};
    } catch (Error const&) {
        return {};  // No roles are kept.
    }
}

}  // namespace sallyport::app

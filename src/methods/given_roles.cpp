#include "methods/given_roles.hpp"

#include "auth/role.hpp"
#include "definition/principals.hpp"
#include "query/sql.hpp"
#include "sallyport/error.hpp"
#include "store/row.hpp"

#include <map>
#include <utility>

namespace sallyport::methods {
namespace {

model::StoredModel* keeper(AccountParts const& parts, std::string_view kind) {
    auto* found = auth::attached(parts.models, kind);
    return found != nullptr && found->keeps_records() ? found : nullptr;
}

std::string principal_type(AccountParts const& parts, model::StoredModel const& users) {
    return std::string{definition::principal_type(users.name(), definition::user_principal(parts.models.registry()))};
}

Where held_by(AccountParts const& parts, model::StoredModel const& users, std::vector<Json> const& ids) {
    JsonArray names;
    for (auto const& id : ids) names.emplace_back(to_display(id));
    return all_of({equals("principalType", Json{principal_type(parts, users)}),
                   compare("principalId", Operator::inq, std::move(names))});
}

Filter where(Where condition) {
    Filter filter;
    filter.where = std::move(condition);
    return filter;
}

}  // namespace

RoleKeepers role_keepers(AccountParts const& parts) {
    auto* const roles = keeper(parts, "Role");
    auto* const mappings = keeper(parts, "RoleMapping");
    if (roles == nullptr || mappings == nullptr || roles->store() != mappings->store()) {
        throw Error{400,
                    "this app keeps no roles: Role and RoleMapping need a data source in server/model-config.json"};
    }
    return {*roles, *mappings};
}

bool is_given_role(std::string_view name) { return !name.empty() && !name.starts_with('$'); }

void require_given_role(std::string_view name) {
    if (!is_given_role(name)) throw Error{400, "name a role, such as admin"};
}

Task<bool> give_role(store::Transaction& transaction, AccountParts const& parts, model::StoredModel const& users,
                     Json user_id, std::string name) {
    auto const keepers = role_keepers(parts);
    auto found = co_await keepers.roles.find_in(transaction, where(equals("name", Json{name})));
    if (found.empty()) {
        found.emplace_back(JsonObject{{"name", name}});
        co_await keepers.roles.create_in(transaction, found.front());
    }
    auto const role_id = keepers.roles.id_of(found.front());
    std::vector<Where> same{held_by(parts, users, {user_id}), equals("roleId", role_id)};
    auto const held = co_await keepers.mappings.find_in(transaction, where(all_of(std::move(same))));
    if (!held.empty()) co_return false;
    Json mapping{JsonObject{
        {"principalType", principal_type(parts, users)}, {"principalId", to_display(user_id)}, {"roleId", role_id}}};
    co_await keepers.mappings.create_in(transaction, mapping);
    co_return true;
}

Task<bool> take_role(store::Transaction& transaction, AccountParts const& parts, model::StoredModel const& users,
                     Json user_id, std::string name) {
    auto const keepers = role_keepers(parts);
    auto const found = co_await keepers.roles.find_in(transaction, where(equals("name", Json{name})));
    if (found.empty()) co_return false;
    std::vector<Where> same{held_by(parts, users, {user_id}), equals("roleId", keepers.roles.id_of(found.front()))};
    std::int64_t taken = 0;
    co_await keepers.mappings.delete_in(transaction, all_of(std::move(same)), taken);
    co_return taken > 0;
}

std::int64_t count_holders(AccountParts const& parts, std::string const& name) {
    auto const keepers = role_keepers(parts);
    auto const& roles = keepers.roles;
    auto const dialect = roles.store()->dialect();
    auto const selection = query::select(roles.table(), where(equals("name", Json{name})), dialect, true);
    JsonArray ids;
    roles.store()->inspect(selection.statement, [&](store::Row const& row) {
        ids.push_back(roles.id_of(store::read_record(row, roles.table(), selection)));
    });
    std::int64_t count = 0;
    auto const held = compare("roleId", Operator::inq, std::move(ids));
    roles.store()->inspect(query::count(keepers.mappings.table(), held, dialect),
                           [&](store::Row const& row) { count = row.integer(0); });
    return count;
}

Task<std::vector<std::vector<std::string>>> roles_of(AccountParts const& parts, model::StoredModel const& users,
                                                     std::vector<Json> ids) {
    std::vector<std::vector<std::string>> names(ids.size());
    auto* const roles = keeper(parts, "Role");
    auto* const mappings = keeper(parts, "RoleMapping");
    if (roles == nullptr || mappings == nullptr || ids.empty()) co_return names;
    std::map<std::string, std::string> named;
    for (auto const& role : co_await roles->find()) named[to_display(roles->id_of(role))] = to_display(role["name"]);
    std::map<std::string, std::vector<std::string>> held;
    for (auto const& mapping : co_await mappings->find(where(held_by(parts, users, ids)))) {
        auto const role = named.find(to_display(mapping["roleId"]));
        if (role != named.end()) held[to_display(mapping["principalId"])].push_back(role->second);
    }
    for (std::size_t i = 0; i < ids.size(); ++i) names[i] = held[to_display(ids[i])];
    co_return names;
}

Task<> take_roles(store::Transaction& transaction, AccountParts const& parts, model::StoredModel const& users,
                  Json user_id) {
    auto* const mappings = keeper(parts, "RoleMapping");
    if (mappings == nullptr || mappings->store() != users.store()) co_return;
    std::int64_t taken = 0;
    co_await mappings->delete_in(transaction, held_by(parts, users, {user_id}), taken);
}

}  // namespace sallyport::methods

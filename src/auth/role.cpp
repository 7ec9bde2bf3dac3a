#include "auth/role.hpp"

#include "definition/principals.hpp"
#include "definition/value.hpp"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

namespace sallyport::auth {
namespace {

using definition::Relation;

// The models that keep roles; null where the app has none.
struct RoleTables {
    model::Models& models;
    RoleResolvers const& resolvers;
    model::StoredModel* roles = nullptr;
    model::StoredModel* mappings = nullptr;
    std::string user_principal;
};

// JavaScript's truth of an id: 0, "" and nothing are none.
bool is_given(Json const& id) {
    if (id.is_number()) return id.as_number() != 0;
    if (id.is_string()) return !id.as_string().empty();
    return id.is_object();
}

bool same_id(Json const& left, Json const& right) {
    auto const text = id_text(left);
    return !text.empty() && text == id_text(right);
}

bool is_user_relation(Relation const& relation, definition::Registry const& models) {
    if (relation.kind != Relation::Kind::belongs_to || relation.is_polymorphic) return false;
    auto const* model = models.find(relation.model);
    return model != nullptr && model->is("User");
}

// ownerRelations: absent or false keeps LoopBack's older rule, true means every relation, a list the named ones.
enum class OwnerRule : std::uint8_t { first, every, named };

OwnerRule owner_rule(definition::Model const& model) {
    auto const& stated = model.settings["ownerRelations"];
    if (stated.is_array()) return OwnerRule::named;
    return stated.is_boolean() && stated.as_boolean() ? OwnerRule::every : OwnerRule::first;
}

bool is_named_owner(definition::Model const& model, Relation const& relation) {
    auto const& names = model.settings["ownerRelations"].as_array();
    return std::ranges::find(names, Json{relation.name}) != names.end();
}

// Whose id the property holds: of the user model its relation names, else of the one USER means.
bool may_hold(std::string_view property, Caller const& caller, definition::Model const& model,
              RoleTables const& tables) {
    for (auto const& relation : model.relations) {
        if (relation.foreign_key == property && is_user_relation(relation, tables.models.registry()))
            return relation.model == caller.user_model;
    }
    return caller.user_model == tables.user_principal;
}

// LoopBack's older rule: what `userId` or `owner` says is final. Nothing if neither says anything.
std::optional<bool> owner_by_property(Json const& record, Caller const& caller, definition::Model const& model,
                                      RoleTables const& tables) {
    for (std::string_view const property : {"userId", "owner"}) {
        auto const& value = record[property];
        if (!is_given(value) || model.relation(property) != nullptr) continue;
        if (may_hold(property, caller, model, tables)) return same_id(value, caller.user_id);
        return std::nullopt;
    }
    return std::nullopt;
}

Task<bool> owner_by_relation(Relation const& relation, Json const& record, Caller const& caller,
                             RoleTables const& tables) {
    auto const& key = record[relation.foreign_key];
    auto& users = tables.models.get(relation.model);
    auto const* id = users.definition().id();
    if (relation.primary_key.empty() || (id != nullptr && relation.primary_key == id->name))
        co_return same_id(key, caller.user_id);
    if (!is_given(key)) co_return false;
    Filter filter;
    filter.where = equals(relation.primary_key, key);
    auto const user = co_await users.find_one(std::move(filter));
    co_return user&& id != nullptr&& same_id((*user)[id->name], caller.user_id);
}

Task<bool> owns_record(Json const& record, Caller const& caller, definition::Model const& model,
                       RoleTables const& tables) {
    auto const rule = owner_rule(model);
    if (rule == OwnerRule::first) {
        if (auto const decided = owner_by_property(record, caller, model, tables)) co_return *decided;
    }
    for (auto const& relation : model.relations) {
        if (!is_user_relation(relation, tables.models.registry()) || relation.model != caller.user_model) continue;
        if (rule == OwnerRule::named && !is_named_owner(model, relation)) continue;
        auto const owns = co_await owner_by_relation(relation, record, caller, tables);
        if (owns || rule == OwnerRule::first) co_return owns;
    }
    co_return false;
}

Task<bool> is_owner(Caller const& caller, RoleQuestion const& about, RoleTables const& tables) {
    if (!caller.is_known() || !is_given(about.id)) co_return false;
    if (about.model.is("User") && about.model.name == caller.user_model) co_return same_id(about.id, caller.user_id);
    if (about.record != nullptr) co_return co_await owns_record(*about.record, caller, about.model, tables);
    auto id = definition::to_id(about.model, id_text(about.id));
    auto* model = tables.models.find(about.model.name);
    if (id.is_undefined() || model == nullptr || model->store() == nullptr) co_return false;
    auto record = co_await model->find_by_id(std::move(id));
    if (!record) co_return false;
    auto const owns = co_await owns_record(*record, caller, about.model, tables);
    if (about.loaded != nullptr) *about.loaded = std::move(*record);
    co_return owns;
}

Json typed(model::StoredModel const& model, std::string_view property, Json value) {
    auto const* found = model.definition().property(property);
    return found == nullptr ? value : definition::to_property_value(found->type, std::move(value));
}

Task<bool> is_mapped(std::string const& name, Caller const& caller, RoleTables const& tables) {
    if (tables.roles == nullptr || tables.mappings == nullptr || !caller.is_known()) co_return false;
    Filter by_name;
    by_name.where = equals("name", Json{name});
    auto const role = co_await tables.roles->find_one(std::move(by_name));
    auto const* id = tables.roles->definition().id();
    if (!role || id == nullptr) co_return false;

    auto& mappings = *tables.mappings;
    Json const type{std::string{definition::principal_type(caller.user_model, tables.user_principal)}};
    Filter mapped;
    mapped.where =
        all_of({equals("roleId", typed(mappings, "roleId", (*role)[id->name])), equals("principalType", type),
                equals("principalId", typed(mappings, "principalId", Json{id_text(caller.user_id)}))});
    mapped.limit = 1;
    co_return (co_await mappings.find_one(std::move(mapped))).has_value();
}

Task<bool> has_role(std::string const& role, Caller const& caller, RoleQuestion const& about,
                    RoleTables const& tables) {
    if (auto const own = tables.resolvers.find(role); own != tables.resolvers.end())
        co_return co_await own->second(caller, tables.models.get(about.model.name), about.id);
    if (role == "$owner") co_return co_await is_owner(caller, about, tables);
    if (role == "$everyone") co_return true;
    if (role == "$authenticated") co_return caller.is_known();
    if (role == "$unauthenticated") co_return !caller.is_known();
    co_return co_await is_mapped(role, caller, tables);
}

}  // namespace

model::StoredModel* attached(model::Models& models, std::string_view kind) {
    model::StoredModel* found = nullptr;
    for (auto* model : models.all()) {
        auto const& definition = model->definition();
        if (definition.data_source.empty() || !definition.is(kind)) continue;
        if (found == nullptr || found->name() == kind) found = model;
    }
    return found;
}

Access::RoleCheck role_check(model::Models& models, RoleResolvers const& resolvers) {
    // Shared by the copies of the function only.
    auto tables =
        std::make_shared<RoleTables const>(RoleTables{.models = models,
                                                      .resolvers = resolvers,
                                                      .roles = attached(models, "Role"),
                                                      .mappings = attached(models, "RoleMapping"),
                                                      .user_principal = definition::user_principal(models.registry())});
    return [tables](std::string const& role, Caller const& caller, RoleQuestion const& about) {
        return has_role(role, caller, about, *tables);
    };
}

}  // namespace sallyport::auth

#include "methods/owned.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace sallyport::methods {
namespace {

using definition::Relation;

constexpr auto mixin_name = "Owned";

struct Owned {
    definition::Model const& model;
    std::string property;
    std::string user_model;
    bool own_only = false;
    std::vector<std::string> unless;
    auth::Access::RoleCheck has_role;
};

definition::Mixin const* mixin_of(definition::Model const& model) {
    auto const found = std::ranges::find(model.mixins, mixin_name, &definition::Mixin::name);
    return found == model.mixins.end() ? nullptr : &*found;
}

bool leads_to_user(Relation const& relation, definition::Registry const& models) {
    if (relation.kind != Relation::Kind::belongs_to || relation.is_polymorphic) return false;
    auto const* user = models.find(relation.model);
    if (user == nullptr || !user->is("User") || user->id() == nullptr) return false;
    return relation.primary_key.empty() || relation.primary_key == user->id()->name;
}

Owned read_owned(definition::Model const& model, Relation const& relation, auth::Access::RoleCheck has_role) {
    auto const& options = mixin_of(model)->options;
    Owned owned{.model = model,
                .property = relation.foreign_key,
                .user_model = relation.model,
                .own_only = is_truthy(options["ownOnly"]),
                .unless = {},
                .has_role = std::move(has_role)};
    if (auto const& roles = options["unless"]; roles.is_array()) {
        for (auto const& role : roles.as_array()) owned.unless.push_back(role.as_string());
    }
    return owned;
}

Task<bool> is_bound(Owned const& owned, OperationOptions const& options) {
    if (!options.is_remote || options.caller == nullptr) co_return false;
    Json const no_record;
    for (auto const& role : owned.unless) {
        if (co_await owned.has_role(role, *options.caller, {owned.model, no_record, nullptr})) co_return false;
    }
    co_return true;
}

// undefined for nobody, and for an account of another user model, whose ids mean nothing here.
Json own_id(Owned const& owned, Caller const& caller) {
    return caller.user_model == owned.user_model ? caller.user_id : Json{};
}

void set_owner(JsonObject& values, std::string const& property, Json owner) {
    if (owner.is_undefined()) {
        values.erase(property);
    } else {
        values.set(property, std::move(owner));
    }
}

Task<> before_save(std::shared_ptr<Owned const> owned, HookContext& context) {
    if (!co_await is_bound(*owned, context.options)) co_return;
    auto const own = own_id(*owned, *context.options.caller);
    auto const& property = owned->property;
    if (context.is_new) {
        set_owner(context.values(), property, own);
    } else if (context.current == nullptr) {
        context.values().erase(property);
    } else {
        auto const& owner = (*context.current)[property];
        if (owned->own_only && !(owner == own)) {
            auto const& id = (*context.current)[owned->model.id()->name];
            throw Error{404, fmt::format("could not find a model with id {}", to_display(id)), "MODEL_NOT_FOUND"};
        }
        set_owner(context.values(), property, context.instance != nullptr ? owner : Json{});
    }
}

// What an account leaves behind when it is deleted: nothing, where the mixin says so.
void end_with_owner(model::StoredModel& model, definition::Relation const& relation) {
    auto& owners = model.models().get(relation.model);
    if (owners.store() != model.store()) {
        throw std::runtime_error{fmt::format(
            "{}: \"endsWithOwner\" of the mixin Owned needs {} in the same data source", model.name(), owners.name())};
    }
    auto const end = [&model, &owners, property = relation.foreign_key](HookContext& context) -> Task<> {
        return
            [](model::StoredModel& ended, model::StoredModel& users, std::string name, HookContext& happens) -> Task<> {
                Filter filter;
                if (happens.where != nullptr) filter.where = *happens.where;
                JsonArray ids;
                for (auto const& user : co_await users.find(std::move(filter))) ids.push_back(users.id_of(user));
                happens.also([&ended, theirs = compare(name, Operator::inq, std::move(ids))](Transaction& transaction,
                                                                                             Json const&) -> Task<> {
                    return [](Transaction& inside, model::StoredModel& records, Where where) -> Task<> {
                        co_await inside.delete_all(records, std::move(where));
                    }(transaction, ended, theirs);
                });
            }(model, owners, property, context);
    };
    owners.observe_own(Moment::before_delete, end);
}

Task<> narrow(std::shared_ptr<Owned const> owned, HookContext& context) {
    if (!co_await is_bound(*owned, context.options)) co_return;
    auto own = own_id(*owned, *context.options.caller);
    auto theirs = own.is_undefined() ? any_of({}) : equals(owned->property, std::move(own));
    context.filter->where = all_of({std::move(context.filter->where), std::move(theirs)});
}

}  // namespace

definition::MixinDefinition owned_mixin() {
    definition::MixinDefinition mixin;
    mixin.name = mixin_name;
    mixin.options = {{"relation", {"string"}, {}},
                     {"ownOnly", {"boolean"}, {}},
                     {"unless", {"string", true}, {}},
                     {"endsWithOwner", {"boolean"}, {}}};
    return mixin;
}

Relation const* owner_relation(definition::Model const& model, definition::Registry const& models) {
    auto const* const mixin = mixin_of(model);
    if (mixin == nullptr) return nullptr;
    auto const& named = mixin->options["relation"];
    for (auto const& relation : model.relations) {
        if (named.is_string() && named.as_string() != relation.name) continue;
        if (leads_to_user(relation, models)) return &relation;
    }
    return nullptr;
}

void add_owners(model::Models& models, auth::Access::RoleCheck const& has_role) {
    for (auto* model : models.all()) {
        auto const* const relation = owner_relation(model->definition(), models.registry());
        if (relation == nullptr) continue;
        // Shared by the two hooks.
        auto const owned = std::make_shared<Owned const>(read_owned(model->definition(), *relation, has_role));
        model->observe(Moment::before_save, [owned](HookContext& context) { return before_save(owned, context); });
        if (is_truthy(mixin_of(model->definition())->options["endsWithOwner"])) end_with_owner(*model, *relation);
        if (!owned->own_only) continue;
        model->observe(Moment::access, [owned](HookContext& context) { return narrow(owned, context); });
    }
}

}  // namespace sallyport::methods

#include "model/joins.hpp"

#include "model/stored_model.hpp"
#include "sallyport/ascii.hpp"

#include <algorithm>
#include <string_view>

namespace sallyport::model {
namespace {

using Kind = definition::Relation::Kind;
using definition::Relation;

std::string id_name(StoredModel const& model) {
    return model.definition().id() ? model.definition().id()->name : std::string{"id"};
}

std::string primary_key(Relation const& relation, StoredModel const& owner) {
    return relation.primary_key.empty() ? id_name(owner) : relation.primary_key;
}

FixedValues discriminator_of(StoredModel const& model, Relation const& relation) {
    if (!relation.is_polymorphic || relation.kind == Kind::belongs_to) return {};
    return {{relation.discriminator, relation.is_inverted ? relation.model : model.name()}};
}

// Anybody may write a name into a discriminator: it leads to what is served anyway, or leads back here by its own
// definition, and never to tokens.
bool may_be_reached(StoredModel const& reached, StoredModel const& model, Relation const& relation) {
    auto const& definition = reached.definition();
    if (!reached.keeps_records() || definition.is("AccessToken")) return false;
    return definition.is_public || std::ranges::any_of(definition.relations, [&](Relation const& back) {
               return back.is_polymorphic && back.discriminator == relation.discriminator &&
                      (back.model == model.name() || back.through == model.name());
           });
}

}  // namespace

Join join_of(StoredModel const& model, Relation const& relation, StoredModel const& related) {
    if (relation.kind == Kind::belongs_to) return {relation.foreign_key, primary_key(relation, related), {}};
    return {primary_key(relation, model), relation.foreign_key, discriminator_of(model, relation)};
}

Through through_of(StoredModel const& model, Relation const& relation) {
    auto& through = model.models().get(relation.through);
    return {&through, primary_key(relation, model), relation.foreign_key, relation.key_through,
            discriminator_of(model, relation)};
}

bool is_through(Relation const& relation) {
    return relation.kind == Kind::has_many_through || relation.kind == Kind::has_and_belongs_to_many;
}

bool is_embedded(Relation const& relation) {
    return relation.kind == Kind::embeds_one || relation.kind == Kind::embeds_many;
}

Where where_of(FixedValues const& values) {
    std::vector<Where> parts;
    for (auto const& [name, value] : values) parts.push_back(equals(name, value));
    return all_of(std::move(parts));
}

StoredModel* reached_model(StoredModel const& model, Relation const& relation, Json const& record) {
    auto const& named = record[relation.discriminator];
    if (!named.is_string()) return nullptr;
    auto* reached = model.models().find(named.as_string());
    if (reached == nullptr) {
        auto const all = model.models().all();
        auto const found = std::ranges::find_if(
            all, [&](StoredModel const* other) { return same_letters(other->name(), named.as_string()); });
        reached = found == all.end() ? nullptr : *found;
    }
    return reached != nullptr && may_be_reached(*reached, model, relation) ? reached : nullptr;
}

}  // namespace sallyport::model

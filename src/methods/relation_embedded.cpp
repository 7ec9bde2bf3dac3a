#include "methods/relation_embedded.hpp"

#include "crypto/digest.hpp"
#include "crypto/random.hpp"

#include <algorithm>
#include <utility>

namespace sallyport::methods {
namespace {

constexpr std::size_t object_id_bytes = 12;

Json next_number(JsonArray const& list, std::string const& id) {
    double highest = 0;
    for (auto const& item : list) {
        if (auto const& value = item[id]; value.is_number()) highest = std::max(highest, value.as_number());
    }
    return highest + 1;
}

}  // namespace

definition::Model as_sent(definition::Model model) {
    using Kind = definition::PropertyType::Kind;
    for (auto& property : model.properties) {
        if (property.type.kind == Kind::number || property.type.kind == Kind::string) property.type.kind = Kind::any;
    }
    return model;
}

void give_id(Road const& road, JsonArray const& list, Json& data) {
    auto const* id = road.related().definition().id();
    if (id == nullptr || road.relation.is_persistent) return;
    if (road.relation.kind == definition::Relation::Kind::embeds_one && !id->is_generated) return;
    if (!road.relation.forces_ids && !std::as_const(data)[id->name].is_nothing()) return;
    auto const is_number = id->type.kind == definition::PropertyType::Kind::number;
    data.as_object().set(id->name, is_number ? next_number(list, id->name)
                                             : Json{crypto::to_hex(crypto::random_bytes(object_id_bytes))});
}

Task<Json> new_item(Invocation const& call, Road const& road, Json const& owner, JsonArray const& list, Json data,
                    std::vector<HookContext::Also>& also) {
    check_data(road, data);
    copy_properties(road, owner, {}, data);
    give_id(road, list, data);
    auto const options = options_for(call);
    if (road.relation.is_persistent) co_return co_await road.related().create(std::move(data), options);
    co_return co_await road.related().check_embedded(std::move(data), nullptr, options, also);
}

}  // namespace sallyport::methods

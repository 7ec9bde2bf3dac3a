// Relation routes: /Products/7/reviews and its kin. Each kind of relation has its file; here each relation is given to
// its kind, and what is nested below another comes last.

#include "methods/crud.hpp"
#include "methods/relation_embedded.hpp"
#include "methods/relation_road.hpp"
#include "methods/token_relation.hpp"

#include <memory>
#include <utility>

namespace sallyport::methods {
namespace {

using Kind = definition::Relation::Kind;

struct Declaration {
    void (*add)(Routes const&);
    Reach reach;
};

Declaration declaration_of(Kind kind) {
    switch (kind) {
        case Kind::has_many:
            return {add_many, reach_many};
        case Kind::has_one:
            return {add_one, reach_one};
        case Kind::belongs_to:
            return {add_owner, reach_one};
        case Kind::has_many_through:
        case Kind::has_and_belongs_to_many:
            return {add_through, reach_through};
        case Kind::references_many:
            return {add_references, reach_reference};
        case Kind::embeds_one:
            return {add_embedded_one, reach_embedded_one};
        case Kind::embeds_many:
            break;
    }
    return {add_embedded_many, reach_embedded_item};
}

// Nothing where the other side keeps no records.
std::shared_ptr<Road const> road_of(model::StoredModel& model, definition::Relation const& relation,
                                    std::shared_ptr<CrudRules const> const& rules) {
    auto* related = model.models().find(relation.model);
    auto const reaches_any = relation.kind == Kind::belongs_to && relation.is_polymorphic;
    if (reaches_any) related = nullptr;
    auto const is_kept = related != nullptr && (related->keeps_records() || model::is_embedded(relation));
    if (!is_kept && !reaches_any) return nullptr;
    if (model::is_through(relation)) {
        auto const* through = model.models().find(relation.through);
        if (through == nullptr || !through->keeps_records()) return nullptr;
    }
    Road road{relation, model, related, rules};
    if (relation.kind == Kind::embeds_many) road.items = as_sent(related->definition());
    return std::make_shared<Road const>(std::move(road));
}

}  // namespace

void add_relations(model::Models& models, CrudRules const& rules) {
    auto const shared = std::make_shared<CrudRules const>(rules);
    std::vector<std::shared_ptr<Road const>> nesting;
    for (auto* model : models.all()) {
        if (!model->keeps_records()) continue;
        if (model->definition().is("AccessToken")) end_sessions_with(*model);
        for (auto const& relation : model->definition().relations) {
            auto road = road_of(*model, relation, shared);
            if (!road) continue;
            declaration_of(relation.kind).add(Routes{road});
            if (relation.nest_remoting && road->reached != nullptr) nesting.push_back(std::move(road));
        }
    }
    for (auto const& road : nesting) add_nested(road, declaration_of(road->relation.kind).reach);
}

}  // namespace sallyport::methods

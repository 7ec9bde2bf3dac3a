#include "methods/relation_join.hpp"

#include "methods/token_relation.hpp"

#include <fmt/format.h>

#include <utility>

namespace sallyport::methods {
namespace {

model::Join join_of(Road const& road) { return model::join_of(road.model, road.relation, road.related()); }

Where nothing() {
    Where where;
    where.kind = Where::Kind::any;
    return where;
}

}  // namespace

bool leads_to_tokens(Road const& road) { return road.related().definition().is("AccessToken"); }

Task<Where> mine(Invocation& call, Road const& road, Json const& record) {
    auto const join = join_of(road);
    auto const& key = record[join.property];
    if (key.is_nothing()) co_return nothing();
    auto where = all_of({equals(join.foreign, key), road.scope().where});
    if (!leads_to_tokens(road)) co_return all_of({std::move(where), model::where_of(join.fixed)});
    // Whose a token is stands in the sessions, whatever its row says.
    co_return all_of({std::move(where), co_await tokens_of(road.related(), call.model.name(), key)});
}

void own(Road const& road, Json const& record, Json& data) {
    auto const join = join_of(road);
    auto fixed = join.fixed;
    fixed.emplace_back(join.foreign, record[join.property]);
    copy_properties(road, record, fixed, data);
}

void keep_foreign_key(Road const& road, Json const& record, Json const& data) {
    auto const foreign = join_of(road).foreign;
    auto const& given = data[foreign];
    auto const& own = record[foreign];
    if (given.is_undefined() || to_display(given) == to_display(own)) return;
    throw Error{
        400, fmt::format("Cannot override foreign key {} from {} to {}", foreign, to_display(own), to_display(given))};
}

}  // namespace sallyport::methods

// hasMany: /Products/7/reviews. Every method starts from a record of this side (404 without it), and the foreign key is
// ours to set, whatever the client sent.

#include "methods/relation_join.hpp"
#include "methods/token_relation.hpp"
#include "model/scope.hpp"
#include "query/parse.hpp"

#include <utility>

namespace sallyport::methods {
namespace {

Task<Json> related_one(Invocation& call, Road const& road, Json fk) {
    auto const record = co_await instance_of(call);
    auto& related = road.related();
    auto const id = related.to_id(fk);
    if (id.is_undefined()) throw no_instance(road, fk);
    auto by_id = leads_to_tokens(road) ? with_token(to_display(fk)) : equals(related.definition().id()->name, id);
    Filter filter;
    filter.where = all_of({std::move(by_id), co_await mine(call, road, record)});
    auto found = co_await related.find_one(std::move(filter), options_for(call));
    if (!found) throw no_instance(road, fk);
    co_return std::move(*found);
}

Task<Result> get(Invocation& call, Road const& road) {
    co_await require_related(call, road);
    auto const record = co_await instance_of(call);
    auto& related = road.related();
    auto filter = query::read_filter(call.argument("filter"), related.definition(), related.models().registry(),
                                     query::joined(road.rules->filter));
    model::add_scope(filter, road.scope());
    filter.where = all_of({co_await mine(call, road, record), std::move(filter.where)});
    co_return co_await reply_with_list(call, related, std::move(filter), *road.rules);
}

Task<Result> create(Invocation& call, Road const& road) {
    co_await require_related(call, road);
    auto const record = co_await instance_of(call);
    auto data = related_data(call, road);
    for_each_record(data, [&](Json& item) { own(road, record, item); });
    co_return co_await reply_with_new(call, road.related(), std::move(data));
}

Task<Result> remove_all(Invocation& call, Road const& road) {
    co_await require_related(call, road);
    auto const record = co_await instance_of(call);
    co_await road.related().delete_all(co_await mine(call, road, record), options_for(call));
    co_return std::monostate{};
}

Task<Result> count(Invocation& call, Road const& road) {
    co_await require_related(call, road);
    auto const record = co_await instance_of(call);
    auto where = co_await mine(call, road, record);
    if (auto const& given = call.argument("where"); !given.is_nothing()) {
        auto const& definition = road.related().definition();
        where = all_of({std::move(where), query::read_where(given, definition, query::joined(road.rules->filter))});
    }
    co_return Json{co_await road.related().count(std::move(where), options_for(call))};
}

Task<Result> find_by_id(Invocation& call, Road const& road) {
    co_await require_related(call, road);
    co_return road.related().visible(co_await related_one(call, road, call.argument("fk")), call.caller);
}

Task<Result> update_by_id(Invocation& call, Road const& road) {
    co_await require_related(call, road);
    auto record = co_await related_one(call, road, call.argument("fk"));
    keep_foreign_key(road, record, call.argument("data"));
    co_return co_await reply_with_changed(call, road, std::move(record));
}

Task<Result> destroy_by_id(Invocation& call, Road const& road) {
    co_await require_related(call, road);
    auto const found = co_await related_one(call, road, call.argument("fk"));
    co_await road.related().delete_by_id(road.related().id_of(found), options_for(call));
    co_return std::monostate{};
}

}  // namespace

Task<std::optional<Json>> reach_many(Invocation& call, Road const& road, Json fk) {
    co_return co_await related_one(call, road, std::move(fk));
}

void add_many(Routes const& routes) {
    auto const path = routes.path();
    routes.add("get", "READ", {"GET", path}, {Routes::filter()}, {whole(routes.road().name(), routes.many())}, get);
    routes.add("create", "WRITE", {"POST", path}, {Routes::one_or_many()}, {whole("data", routes.one())}, create);
    routes.add("delete", "WRITE", {"DELETE", path}, {}, {}, remove_all);
    routes.add("count", "READ", {"GET", path + "/count"}, {Routes::where()}, {Routes::counted()}, count);
    routes.add("findById", "READ", {"GET", routes.item_path()}, {Routes::fk()}, {whole("result", routes.one())},
               find_by_id);
    routes.add("updateById", "WRITE", {"PUT", routes.item_path()}, {Routes::fk(), Routes::changes()},
               {whole("result", routes.one())}, update_by_id);
    routes.add("destroyById", "WRITE", {"DELETE", routes.item_path()}, {Routes::fk()}, {}, destroy_by_id);
}

}  // namespace sallyport::methods

// referencesMany: /Playlists/1/tracks, where the playlist holds a list of ids. The list is changed from what it holds
// at that moment, so that of two requests at once neither is lost.

#include "methods/relation_road.hpp"
#include "model/scope.hpp"
#include "query/parse.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <unordered_map>
#include <utility>

namespace sallyport::methods {
namespace {

JsonArray ids_in(Json const& list) { return list.is_array() ? list.as_array() : JsonArray{}; }

bool holds(JsonArray const& ids, Json const& id) {
    return std::ranges::any_of(ids, [&](Json const& held) { return is_same_id(held, id); });
}

std::string const& id_name(Road const& road) { return road.related().definition().id()->name; }

Where with_ids(Road const& road, JsonArray ids) { return compare(id_name(road), Operator::inq, std::move(ids)); }

// The list with more in it. In a coroutine of its own: a lambda's captures do not live as long as its coroutine.
Task<Json> extended(Json now, JsonArray added, bool in_front) {
    auto ids = ids_in(now);
    for (auto& id : added) ids.insert(in_front ? ids.begin() : ids.end(), std::move(id));
    co_return Json{std::move(ids)};
}

Task<Json> reduced(Json now, JsonArray removed) {
    auto ids = ids_in(now);
    auto const gone = std::erase_if(ids, [&](Json const& id) {
        return std::ranges::any_of(removed, [&](Json const& asked) { return is_same_id(id, asked); });
    });
    co_return gone == 0 ? Json{} : Json{std::move(ids)};
}

Task<> add_to_list(Invocation const& call, Road const& road, Json const& owner, JsonArray added) {
    co_await road.model.change_property(
        road.model.id_of(owner), road.relation.property,
        [&](Json now, auto&) { return extended(std::move(now), added, road.relation.prepends); }, options_for(call));
}

Task<> take_from_list(Invocation const& call, Road const& road, Json const& owner, JsonArray removed) {
    co_await road.model.change_property(
        road.model.id_of(owner), road.relation.property,
        [&](Json now, auto&) { return reduced(std::move(now), removed); }, options_for(call));
}

// In the order of the list; the page is cut from that.
Task<Result> list_in_order(Invocation& call, Road const& road, Filter filter, JsonArray const& ids) {
    auto& related = road.related();
    auto const shows_id = filter.fields.has(id_name(road));
    auto const first = static_cast<std::size_t>(std::max<std::int64_t>(filter.skip, 0));
    auto const most = filter.limit ? static_cast<std::size_t>(*filter.limit) : ids.size();
    model::add_field(filter.fields, id_name(road));
    filter.limit.reset();
    filter.skip = 0;
    auto const options = options_for(call);
    auto const check = include_check(call, *road.rules);
    std::unordered_map<std::string, Json> found;
    for (auto& record : co_await model::find_with(related, std::move(filter), options, check)) {
        auto id = to_display(related.id_of(record));
        if (!shows_id) record.as_object().erase(id_name(road));
        found.emplace(std::move(id), related.visible(std::move(record), call.caller));
    }
    JsonArray list;
    std::size_t place = 0;
    for (auto const& id : ids) {
        auto record = found.extract(to_display(id));  // Listed once, however often it is named.
        if (record.empty()) continue;
        if (place++ >= first && list.size() < most) list.push_back(std::move(record.mapped()));
    }
    co_return Json{std::move(list)};
}

Task<Result> get(Invocation& call, Road const& road) {
    co_await require_related(call, road);
    auto const owner = co_await instance_of(call);
    auto const ids = ids_in(owner[road.relation.property]);
    auto& related = road.related();
    auto filter = query::read_filter(call.argument("filter"), related.definition(), related.models().registry(),
                                     query::joined(road.rules->filter));
    model::add_scope(filter, road.scope());
    filter.where = all_of({with_ids(road, ids), std::move(filter.where)});
    if (!filter.order.empty()) co_return co_await reply_with_list(call, related, std::move(filter), *road.rules);
    co_return co_await list_in_order(call, road, std::move(filter), ids);
}

Task<Result> count(Invocation& call, Road const& road) {
    co_await require_related(call, road);
    auto const owner = co_await instance_of(call);
    auto where = all_of({with_ids(road, ids_in(owner[road.relation.property])), road.scope().where});
    if (auto const& given = call.argument("where"); !given.is_nothing()) {
        auto const& definition = road.related().definition();
        where = all_of({std::move(where), query::read_where(given, definition, road.rules->filter)});
    }
    co_return Json{co_await road.related().count(std::move(where), options_for(call))};
}

// New records whose owner could not take them are taken back.
Task<> add_or_undo(Invocation const& call, Road const& road, Json const& owner, JsonArray ids) {
    std::exception_ptr failure;
    try {
        co_await add_to_list(call, road, owner, ids);
    } catch (...) {
        failure = std::current_exception();
    }
    if (!failure) co_return;
    co_await road.related().delete_all(with_ids(road, std::move(ids)), options_for(call));
    std::rethrow_exception(failure);
}

Task<Result> create(Invocation& call, Road const& road) {
    co_await require_related(call, road);
    auto& related = road.related();
    refuse_writing_tokens(related);
    auto const owner = co_await instance_of(call);
    auto data = related_data(call, road);
    for_each_record(data, [&](Json& item) { copy_properties(road, owner, {}, item); });
    if (!data.is_array()) {
        auto made = co_await related.create(std::move(data), options_for(call));
        co_await add_or_undo(call, road, owner, {related.id_of(made)});
        co_return related.visible(std::move(made), call.caller);
    }
    JsonArray ids;
    JsonArray list;
    for (auto& made : co_await related.create_all(std::move(data.as_array()), options_for(call))) {
        ids.push_back(related.id_of(made));
        list.push_back(related.visible(std::move(made), call.caller));
    }
    co_await add_or_undo(call, road, owner, std::move(ids));
    co_return Json{std::move(list)};
}

// LoopBack would remove every record of the related model; these are the ones the list names, in the scope.
Task<Result> remove_all(Invocation& call, Road const& road) {
    co_await require_related(call, road);
    auto const owner = co_await instance_of(call);
    Filter filter;
    filter.where = all_of({with_ids(road, ids_in(owner[road.relation.property])), road.scope().where});
    filter.fields.only = {id_name(road)};
    JsonArray ids;
    for (auto const& record : co_await road.related().find(std::move(filter), options_for(call))) {
        ids.push_back(road.related().id_of(record));
    }
    co_await take_from_list(call, road, owner, ids);
    co_await road.related().delete_all(with_ids(road, std::move(ids)), options_for(call));
    co_return std::monostate{};
}

Task<std::optional<Json>> in_scope(Invocation const& call, Road const& road, Json const& fk) {
    auto id = road.related().to_id(fk);
    if (id.is_undefined()) co_return std::nullopt;
    Filter filter;
    filter.where = all_of({equals(id_name(road), std::move(id)), road.scope().where});
    co_return co_await road.related().find_one(std::move(filter), options_for(call));
}

Task<Json> referenced(Invocation& call, Road const& road, Json fk) {
    auto const owner = co_await instance_of(call);
    auto found = co_await in_scope(call, road, fk);
    if (!found) throw no_instance(road, fk);
    auto const& list = owner[road.relation.property];
    if (holds(ids_in(list), road.related().id_of(*found))) co_return std::move(*found);
    throw Error{
        400, fmt::format("Key mismatch: {}.{}: {}, {}.{}: {}", road.model.name(), road.relation.property, to_text(list),
                         road.related().name(), id_name(road), to_display(road.related().id_of(*found)))};
}

Task<Result> find_by_id(Invocation& call, Road const& road) {
    co_await require_related(call, road);
    co_return road.related().visible(co_await referenced(call, road, call.argument("fk")), call.caller);
}

Task<Result> update_by_id(Invocation& call, Road const& road) {
    co_await require_related(call, road);
    co_return co_await reply_with_changed(call, road, co_await referenced(call, road, call.argument("fk")));
}

Task<Result> destroy_by_id(Invocation& call, Road const& road) {
    co_await require_related(call, road);
    auto const found = co_await referenced(call, road, call.argument("fk"));
    auto const id = road.related().id_of(found);
    co_await take_from_list(call, road, co_await instance_of(call), {id});
    co_await road.related().delete_by_id(id, options_for(call));
    co_return std::monostate{};
}

Task<Result> link(Invocation& call, Road const& road) {
    co_await require_related(call, road);
    auto const owner = co_await instance_of(call);
    auto found = co_await in_scope(call, road, call.argument("fk"));
    if (!found) co_return Json{nullptr};
    co_await add_to_list(call, road, owner, {road.related().id_of(*found)});
    co_return road.related().visible(std::move(*found), call.caller);
}

Task<Result> unlink(Invocation& call, Road const& road) {
    co_await require_related(call, road);
    auto const owner = co_await instance_of(call);
    co_await take_from_list(call, road, owner, {call.argument("fk")});
    co_return std::monostate{};
}

Task<Result> exists(Invocation& call, Road const& road) {
    co_await require_related(call, road);
    auto const owner = co_await instance_of(call);
    if (holds(ids_in(owner[road.relation.property]), call.argument("fk"))) co_return Json{true};
    throw not_found(road.model.name(), to_display(call.id));
}

}  // namespace

Task<std::optional<Json>> reach_reference(Invocation& call, Road const& road, Json fk) {
    co_return co_await referenced(call, road, std::move(fk));
}

void add_references(Routes const& routes) {
    auto const path = routes.path();
    auto const one = whole("result", routes.one());
    auto const& name = routes.road().name();
    routes.add("get", "READ", {"GET", path}, {Routes::filter()}, {whole(name, routes.many())}, get);
    routes.add("create", "WRITE", {"POST", path}, {Routes::one_or_many()}, {whole("data", routes.one())}, create);
    routes.add("delete", "WRITE", {"DELETE", path}, {}, {}, remove_all);
    routes.add("count", "READ", {"GET", path + "/count"}, {Routes::where()}, {Routes::counted()}, count);
    routes.add("findById", "READ", {"GET", routes.item_path()}, {Routes::fk()}, {one}, find_by_id);
    routes.add("updateById", "WRITE", {"PUT", routes.item_path()}, {Routes::fk(), Routes::changes()}, {one},
               update_by_id);
    routes.add("destroyById", "WRITE", {"DELETE", routes.item_path()}, {Routes::fk()}, {}, destroy_by_id);
    routes.add("link", "WRITE", {"PUT", routes.link_path()}, {Routes::fk()}, {whole(name, routes.one())}, link);
    routes.add("unlink", "WRITE", {"DELETE", routes.link_path()}, {Routes::fk()}, {}, unlink);
    routes.add("exists", "READ", {"HEAD", routes.link_path()}, {Routes::fk()}, {whole("exists", {"boolean", false})},
               exists);
}

}  // namespace sallyport::methods

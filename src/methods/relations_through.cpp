// hasMany through and hasAndBelongsToMany: /Physicians/1/patients. A row of the through model stands for each pair;
// linking makes one, and never two. The relation's own scope chooses among these rows, as it does in LoopBack.

#include "methods/relation_road.hpp"
#include "model/scope.hpp"
#include "query/parse.hpp"

#include <fmt/format.h>

#include <cmath>
#include <exception>
#include <unordered_map>
#include <utility>

namespace sallyport::methods {
namespace {

/// One record of this side, and the rows that lead on from it.
struct Side {
    Json record;
    model::Through through;
    Where rows;

    Json const& key() const { return record[through.property]; }
    Where row_to(Json id) const { return all_of({equals(through.far, std::move(id)), rows}); }
};

Task<Side> side_of(Invocation& call, Road const& road) {
    Side side{co_await instance_of(call), model::through_of(road.model, road.relation), {}};
    side.rows =
        all_of({equals(side.through.near, side.key()), model::where_of(side.through.fixed), road.scope().where});
    if (side.key().is_nothing()) throw Error{400, fmt::format("This record has no `{}` yet.", side.through.property)};
    co_return side;
}

// Ids of the other side as the rows name them, one for each row.
Task<JsonArray> linked_ids(Invocation const& call, Road const& road, Side const& side) {
    Filter filter;
    model::add_scope(filter, road.scope());
    filter.where = side.rows;
    filter.include.clear();
    filter.fields = {.only = {side.through.far}, .except = {}};
    JsonArray ids;
    for (auto const& row : co_await side.through.model->find(std::move(filter), options_for(call))) {
        if (auto const& id = row[side.through.far]; !id.is_nothing()) ids.push_back(id);
    }
    co_return ids;
}

Where with_ids(Road const& road, JsonArray ids) {
    return compare(road.related().definition().id()->name, Operator::inq, std::move(ids));
}

// Without a filter: in the order of the rows, and as often as there are rows.
Task<Result> list_by_rows(Invocation& call, Road const& road, JsonArray ids) {
    auto& related = road.related();
    auto const limit = static_cast<std::size_t>(road.rules->filter.max_limit);
    if (limit != 0 && ids.size() > limit) ids.resize(limit);
    Filter filter;
    filter.where = with_ids(road, ids);
    std::unordered_map<std::string, Json> found;
    for (auto& record : co_await related.find(std::move(filter), options_for(call))) {
        auto id = to_display(related.id_of(record));
        found.emplace(std::move(id), related.visible(std::move(record), call.caller));
    }
    JsonArray list;
    for (auto const& id : ids) {
        if (auto const record = found.find(to_display(id)); record != found.end()) list.push_back(record->second);
    }
    co_return Json{std::move(list)};
}

Task<Result> get(Invocation& call, Road const& road) {
    co_await require_related(call, road);
    auto const side = co_await side_of(call, road);
    auto ids = co_await linked_ids(call, road, side);
    if (call.argument("filter").is_nothing()) co_return co_await list_by_rows(call, road, std::move(ids));
    auto& related = road.related();
    auto filter = query::read_filter(call.argument("filter"), related.definition(), related.models().registry(),
                                     query::joined(road.rules->filter));
    filter.where = all_of({with_ids(road, std::move(ids)), std::move(filter.where)});
    co_return co_await reply_with_list(call, related, std::move(filter), *road.rules);
}

Task<Json> link_to(Invocation const& call, Road const& road, Side const& side, Json id, Json data) {
    copy_properties(road, side.record, side.through.fixed, data);
    data.as_object().set(side.through.near, side.key());
    data.as_object().set(side.through.far, id);
    auto where = side.row_to(std::move(id));
    auto linked = co_await side.through.model->find_or_create(std::move(where), std::move(data), options_for(call));
    co_return std::move(linked.record);
}

// What could not be linked is taken back, as LoopBack does.
Task<> link_or_undo(Invocation const& call, Road const& road, Side const& side, Json id) {
    std::exception_ptr failure;
    try {
        co_await link_to(call, road, side, id, Json::object());
    } catch (...) {
        failure = std::current_exception();
    }
    if (!failure) co_return;
    co_await road.related().delete_by_id(std::move(id), options_for(call));
    std::rethrow_exception(failure);
}

Task<Result> create(Invocation& call, Road const& road) {
    co_await require_related(call, road);
    refuse_writing_tokens(road.related());
    auto const side = co_await side_of(call, road);
    refuse_writing_tokens(*side.through.model);
    auto& related = road.related();
    auto data = related_data(call, road);
    if (!data.is_array()) {
        auto made = co_await related.create(std::move(data), options_for(call));
        co_await link_or_undo(call, road, side, related.id_of(made));
        co_return related.visible(std::move(made), call.caller);
    }
    JsonArray list;
    for (auto& made : co_await related.create_all(std::move(data.as_array()), options_for(call))) {
        co_await link_or_undo(call, road, side, related.id_of(made));
        list.push_back(related.visible(std::move(made), call.caller));
    }
    co_return Json{std::move(list)};
}

// The links go, not what they lead to.
Task<Result> remove_all(Invocation& call, Road const& road) {
    co_await require_related(call, road);
    auto const side = co_await side_of(call, road);
    co_await side.through.model->delete_all(side.rows, options_for(call));
    co_return std::monostate{};
}

// LoopBack counts rows, and a condition is one on them.
Task<Result> count(Invocation& call, Road const& road) {
    co_await require_related(call, road);
    auto const side = co_await side_of(call, road);
    auto where = side.rows;
    if (auto const& given = call.argument("where"); !given.is_nothing()) {
        auto const& definition = side.through.model->definition();
        where = all_of({std::move(where), query::read_where(given, definition, query::joined(road.rules->filter))});
    }
    co_return Json{co_await side.through.model->count(std::move(where), options_for(call))};
}

Json id_from(Road const& road, Json const& fk) {
    auto id = road.related().to_id(fk);
    auto const is_none = id.is_undefined() || (id.is_number() && !std::isfinite(id.as_number()));
    if (is_none) throw no_instance(road, fk);
    return id;
}

Task<bool> is_linked(Invocation const& call, Road const& road, Side const& side, Json const& fk) {
    auto id = road.related().to_id(fk);
    if (id.is_undefined()) co_return false;
    co_return co_await side.through.model->count(side.row_to(std::move(id)), options_for(call)) > 0;
}

std::string pair_of(Road const& road, Side const& side, Json const& fk, std::string_view comma) {
    return fmt::format("{} for ({}.{}{}{}.{})", side.through.model->name(), road.model.name(), to_display(side.key()),
                       comma, road.related().name(), to_display(fk));
}

Task<Json> linked_record(Invocation& call, Road const& road, Json fk) {
    auto const side = co_await side_of(call, road);
    if (!co_await is_linked(call, road, side, fk)) {
        throw Error{404, "No relation found in " + pair_of(road, side, fk, ",")};
    }
    auto found = co_await road.related().find_by_id(fk, {}, options_for(call));
    if (!found) throw no_instance(road, fk);
    co_return std::move(*found);
}

Task<Result> find_by_id(Invocation& call, Road const& road) {
    co_await require_related(call, road);
    co_return road.related().visible(co_await linked_record(call, road, call.argument("fk")), call.caller);
}

Task<Result> update_by_id(Invocation& call, Road const& road) {
    co_await require_related(call, road);
    co_return co_await reply_with_changed(call, road, co_await linked_record(call, road, call.argument("fk")));
}

Task<Result> destroy_by_id(Invocation& call, Road const& road) {
    co_await require_related(call, road);
    auto const& fk = call.argument("fk");
    auto const side = co_await side_of(call, road);
    if (!co_await is_linked(call, road, side, fk)) {
        throw Error{404, "No record found in " + pair_of(road, side, fk, " ,")};
    }
    auto const id = id_from(road, fk);
    co_await side.through.model->delete_all(side.row_to(id), options_for(call));
    co_await road.related().delete_by_id(id, options_for(call));
    co_return std::monostate{};
}

Task<Result> link(Invocation& call, Road const& road) {
    co_await require_related(call, road);
    auto const side = co_await side_of(call, road);
    refuse_writing_tokens(*side.through.model);
    auto const id = id_from(road, call.argument("fk"));
    auto row = co_await link_to(call, road, side, id, object_argument(call, "data"));
    co_return side.through.model->visible(std::move(row), call.caller);
}

Task<Result> unlink(Invocation& call, Road const& road) {
    co_await require_related(call, road);
    auto const side = co_await side_of(call, road);
    auto const id = road.related().to_id(call.argument("fk"));
    if (!id.is_undefined()) co_await side.through.model->delete_all(side.row_to(id), options_for(call));
    co_return std::monostate{};
}

Task<Result> exists(Invocation& call, Road const& road) {
    co_await require_related(call, road);
    auto const side = co_await side_of(call, road);
    if (co_await is_linked(call, road, side, call.argument("fk"))) co_return Json{true};
    throw not_found(road.model.name(), to_display(call.id));
}

}  // namespace

Task<std::optional<Json>> reach_through(Invocation& call, Road const& road, Json fk) {
    co_return co_await linked_record(call, road, std::move(fk));
}

void add_through(Routes const& routes) {
    auto const path = routes.path();
    auto const one = whole("result", routes.one());
    auto const& name = routes.road().name();
    auto const row = whole(name, {routes.road().relation.through, false});
    routes.add("get", "READ", {"GET", path}, {Routes::filter()}, {whole(name, routes.many())}, get);
    routes.add("create", "WRITE", {"POST", path}, {Routes::one_or_many()}, {whole("data", routes.one())}, create);
    routes.add("delete", "WRITE", {"DELETE", path}, {}, {}, remove_all);
    routes.add("count", "READ", {"GET", path + "/count"}, {Routes::where()}, {Routes::counted()}, count);
    routes.add("findById", "READ", {"GET", routes.item_path()}, {Routes::fk()}, {one}, find_by_id);
    routes.add("updateById", "WRITE", {"PUT", routes.item_path()}, {Routes::fk(), Routes::changes()}, {one},
               update_by_id);
    routes.add("destroyById", "WRITE", {"DELETE", routes.item_path()}, {Routes::fk()}, {}, destroy_by_id);
    routes.add("link", "WRITE", {"PUT", routes.link_path()}, {Routes::fk(), body_data("More about the link")}, {row},
               link);
    routes.add("unlink", "WRITE", {"DELETE", routes.link_path()}, {Routes::fk()}, {}, unlink);
    routes.add("exists", "READ", {"HEAD", routes.link_path()}, {Routes::fk()}, {whole("exists", {"boolean", false})},
               exists);
}

}  // namespace sallyport::methods

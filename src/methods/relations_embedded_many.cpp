// embedsMany: /Profiles/1/contacts, a list of records inside the profile. The list is changed from what it holds at
// that moment, so that of two requests at once neither is lost.

#include "methods/relation_embedded.hpp"
#include "model/embedded.hpp"
#include "model/scope.hpp"
#include "query/parse.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace sallyport::methods {
namespace {

using Also = std::vector<HookContext::Also>;

JsonArray items_in(Json const& list) { return list.is_array() ? list.as_array() : JsonArray{}; }

JsonArray::iterator item_with(Road const& road, JsonArray& list, Json const& fk) {
    return std::ranges::find_if(list, [&](Json const& item) { return is_same_id(road.related().id_of(item), fk); });
}

Task<> change_list(Invocation const& call, Road const& road, Json const& owner,
                   model::StoredModel::PropertyChange change) {
    co_await road.model.change_property(road.model.id_of(owner), road.relation.property, std::move(change),
                                        options_for(call));
}

Task<Result> get(Invocation& call, Road const& road) {
    auto const owner = co_await instance_of(call);
    auto& related = road.related();
    auto rules = road.rules->filter;
    rules.max_depth = std::nullopt;  // LoopBack goes through the list itself.
    auto filter = query::read_filter(call.argument("filter"), *road.items, related.models().registry(), rules);
    model::add_scope(filter, road.scope());
    auto list = co_await model::matching_items(road.model, items_in(owner[road.relation.property]), filter.where);
    auto const options = options_for(call);
    auto const check = include_check(call, *road.rules);
    co_await model::include(related, list, filter.include, options, check);
    for (auto& item : list) item = related.visible(std::move(item), call.caller);
    co_return Json{std::move(list)};
}

Task<Result> count(Invocation& call, Road const& road) {
    auto const owner = co_await instance_of(call);
    auto where = road.scope().where;
    if (auto const& given = call.argument("where"); !given.is_nothing())
        where = all_of({std::move(where), query::read_where(given, *road.items, road.rules->filter)});
    auto const list = co_await model::matching_items(road.model, items_in(owner[road.relation.property]), where);
    co_return Json{list.size()};
}

/// What a change of the list is made of; lives while it is tried.
struct Change {
    Invocation const& call;
    Road const& road;
    Json const& owner;
    std::vector<Json> done{};  ///< The records that were made, changed or removed.
};

// Records made for a persistent relation are made once, however often the list is tried.
Task<Json> with_new(Change& change, Json now, Also& also) {
    auto list = items_in(now);
    auto const is_made = change.road.relation.is_persistent && !change.done.empty();
    if (!is_made) change.done.clear();
    auto data = is_made ? Json{JsonArray(change.done.begin(), change.done.end())} : change.call.argument("data");
    if (!data.is_array()) data = JsonArray{std::move(data)};
    for (auto& item : data.as_array()) {
        auto made = is_made ? std::move(item)
                            : co_await new_item(change.call, change.road, change.owner, list, std::move(item), also);
        list.insert(change.road.relation.prepends ? list.begin() : list.end(), made);
        if (!is_made) change.done.push_back(std::move(made));
    }
    co_return Json{std::move(list)};
}

Task<Result> create(Invocation& call, Road const& road) {
    auto const owner = co_await instance_of(call);
    Change change{call, road, owner};
    co_await change_list(call, road, owner,
                         [&](Json now, Also& also) { return with_new(change, std::move(now), also); });
    auto& related = road.related();
    for (auto& item : change.done) {
        if (!road.relation.is_persistent) co_await related.after_embedded(item, true, options_for(call));
        item = related.visible(std::move(item), call.caller);
    }
    if (!call.argument("data").is_array()) co_return std::move(change.done.front());
    co_return Json{JsonArray(change.done.begin(), change.done.end())};
}

Task<Json> with_changed(Change& change, Json now, Also& also) {
    auto list = items_in(now);
    auto const item = item_with(change.road, list, change.call.argument("fk"));
    change.done.clear();
    if (item == list.end()) co_return Json{};
    auto data = change.call.argument("data");
    check_data(change.road, data);
    *item = co_await change.road.related().check_embedded(std::move(data), &*item, options_for(change.call), also);
    change.done.push_back(*item);
    co_return Json{std::move(list)};
}

// LoopBack answers null for an id that the list does not hold.
Task<Result> update_by_id(Invocation& call, Road const& road) {
    auto const owner = co_await instance_of(call);
    Change change{call, road, owner};
    co_await change_list(call, road, owner,
                         [&](Json now, Also& also) { return with_changed(change, std::move(now), also); });
    if (change.done.empty()) co_return Json{nullptr};
    co_await road.related().after_embedded(change.done.front(), false, options_for(call));
    co_return road.related().visible(std::move(change.done.front()), call.caller);
}

// Takes out the one that `fk` names; all of them without.
Task<Json> without(Change& change, std::optional<Json> fk, Json now, Also& also) {
    auto list = items_in(now);
    change.done.clear();
    JsonArray kept;
    for (auto& item : list) {
        auto const& id = change.road.related().id_of(item);
        auto const goes = !fk || (!id.is_nothing() && to_display(id) == to_display(*fk));
        if (goes) co_await change.road.related().before_unembedding(item, options_for(change.call), also);
        if (goes) {
            change.done.push_back(std::move(item));
        } else {
            kept.push_back(std::move(item));
        }
    }
    co_return change.done.empty() ? Json{} : Json{std::move(kept)};
}

Task<Result> remove(Invocation& call, Road const& road, std::optional<Json> fk) {
    auto const owner = co_await instance_of(call);
    Change change{call, road, owner};
    co_await change_list(call, road, owner,
                         [&](Json now, Also& also) { return without(change, fk, std::move(now), also); });
    for (auto const& item : change.done) co_await road.related().after_unembedding(item, options_for(call));
    co_return std::monostate{};
}

Task<Result> destroy_by_id(Invocation& call, Road const& road) { return remove(call, road, call.argument("fk")); }

Task<Result> remove_all(Invocation& call, Road const& road) { return remove(call, road, std::nullopt); }

Task<Result> find_by_id(Invocation& call, Road const& road) {
    auto found = co_await reach_embedded_item(call, road, call.argument("fk"));
    if (!found) throw not_found(road.related().name(), to_display(call.argument("fk")));
    co_return road.related().visible(std::move(*found), call.caller);
}

}  // namespace

Task<std::optional<Json>> reach_embedded_item(Invocation& call, Road const& road, Json fk) {
    auto const owner = co_await instance_of(call);
    auto list = items_in(owner[road.relation.property]);
    auto const item = item_with(road, list, fk);
    if (item == list.end()) co_return std::nullopt;
    co_return std::move(*item);
}

void add_embedded_many(Routes const& routes) {
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

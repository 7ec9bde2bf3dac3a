// hasOne, /Teams/1/captain: as hasMany, with one record on the other side. belongsTo, /Reviews/1/product: {} without a
// foreign key, null for one that leads nowhere.

#include "methods/relation_join.hpp"
#include "model/scope.hpp"

#include <fmt/format.h>

#include <utility>

namespace sallyport::methods {
namespace {

Task<std::optional<Json>> the_one(Invocation& call, Road const& road) {
    auto const record = co_await instance_of(call);
    Filter filter;
    model::add_scope(filter, road.scope());
    filter.where = co_await mine(call, road, record);
    co_return co_await road.related().find_one(std::move(filter), options_for(call));
}

Task<Json> require_one(Invocation& call, Road const& road) {
    auto found = co_await the_one(call, road);
    if (found) co_return std::move(*found);
    throw Error{404, fmt::format("No \"{}\" instance(s) found", road.related().name()), "MODEL_NOT_FOUND"};
}

Task<Result> get_one(Invocation& call, Road const& road) {
    co_await require_related(call, road);
    co_return road.related().visible(co_await require_one(call, road), call.caller);
}

Task<Result> create_one(Invocation& call, Road const& road) {
    co_await require_related(call, road);
    refuse_writing_tokens(road.related());
    auto const record = co_await instance_of(call);
    auto data = call.argument("data");
    check_data(road, data);
    own(road, record, data);
    auto where = co_await mine(call, road, record);
    auto made = co_await road.related().find_or_create(std::move(where), std::move(data), options_for(call));
    if (!made.is_new) {
        throw Error{409,
                    fmt::format("HasOne relation cannot create more than one instance of {}", road.related().name())};
    }
    co_return road.related().visible(std::move(made.record), call.caller);
}

Task<Result> update_one(Invocation& call, Road const& road) {
    co_await require_related(call, road);
    auto record = co_await require_one(call, road);
    keep_foreign_key(road, record, call.argument("data"));
    co_return co_await reply_with_changed(call, road, std::move(record));
}

Task<Result> destroy_one(Invocation& call, Road const& road) {
    co_await require_related(call, road);
    auto const found = co_await require_one(call, road);
    co_await road.related().delete_by_id(road.related().id_of(found), options_for(call));
    co_return std::monostate{};
}

// belongsTo

// The model a record leads to; null for none.
model::StoredModel* reached_from(Road const& road, Json const& record) {
    return road.reached != nullptr ? road.reached : model::reached_model(road.model, road.relation, record);
}

Task<std::optional<Json>> owner_of(Invocation& call, Road const& road, model::StoredModel& owners, Json key) {
    Filter filter;
    model::add_scope(filter, road.scope());
    filter.where = all_of(
        {equals(model::join_of(road.model, road.relation, owners).foreign, std::move(key)), std::move(filter.where)});
    co_return co_await owners.find_one(std::move(filter), options_for(call));
}

Task<Result> get_owner(Invocation& call, Road const& road) {
    if (road.reached != nullptr) co_await require_related(call, road);
    auto const record = co_await instance_of(call);
    auto const& key = record[road.relation.foreign_key];
    if (key.is_nothing()) co_return Json::object();
    auto* owners = reached_from(road, record);
    if (owners == nullptr) co_return Json{nullptr};
    co_await require_read(call, *road.rules, *owners);
    auto found = co_await owner_of(call, road, *owners, key);
    if (!found) co_return Json{nullptr};
    co_return owners->visible(std::move(*found), call.caller);
}

}  // namespace

Task<std::optional<Json>> reach_one(Invocation& call, Road const& road, Json /*fk*/) {
    if (road.relation.kind != definition::Relation::Kind::belongs_to) co_return co_await the_one(call, road);
    auto const record = co_await instance_of(call);
    auto const& key = record[road.relation.foreign_key];
    if (key.is_nothing() || road.reached == nullptr) co_return std::nullopt;
    co_return co_await owner_of(call, road, *road.reached, key);
}

void add_one(Routes const& routes) {
    auto const path = routes.path();
    auto const& name = routes.road().name();
    routes.add("get", "READ", {"GET", path}, {Routes::refresh()}, {whole(name, routes.one())}, get_one);
    routes.add("create", "WRITE", {"POST", path}, {body_data("The new record")}, {whole("data", routes.one())},
               create_one);
    routes.add("update", "WRITE", {"PUT", path}, {Routes::changes()}, {whole("data", routes.one())}, update_one);
    routes.add("destroy", "WRITE", {"DELETE", path}, {}, {}, destroy_one);
}

void add_owner(Routes const& routes) {
    routes.add("get", "READ", {"GET", routes.path()}, {Routes::refresh()}, {whole(routes.road().name(), routes.one())},
               get_owner);
}

}  // namespace sallyport::methods

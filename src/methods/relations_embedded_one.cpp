// embedsOne: /Profiles/1/billingAddress, one record inside the profile. Never set it is no content; removed, 404.

#include "methods/relation_embedded.hpp"

#include <fmt/format.h>

#include <utility>

namespace sallyport::methods {
namespace {

using Also = std::vector<HookContext::Also>;

/// What a change of the property makes; lives while it is tried.
struct Change {
    Invocation const& call;
    Road const& road;
    Json const& owner;
    Json done{};
    bool is_new = false;
};

Task<Json> replaced(Change& change, Also& also) {
    auto const is_made = change.road.relation.is_persistent && change.is_new;
    if (!is_made) {
        change.done = co_await new_item(change.call, change.road, change.owner, {}, change.call.argument("data"), also);
    }
    change.is_new = true;
    co_return change.done;
}

// LoopBack makes one where there is none.
Task<Json> changed(Change& change, Json now, Also& also) {
    if (!now.is_object()) co_return co_await replaced(change, also);
    auto data = change.call.argument("data");
    check_data(change.road, data);
    change.is_new = false;
    change.done = co_await change.road.related().check_embedded(std::move(data), &now, options_for(change.call), also);
    co_return change.done;
}

Task<Json> emptied(Change& change, Json now, Also& also) {
    if (!now.is_object()) co_return Json{};
    co_await change.road.related().before_unembedding(now, options_for(change.call), also);
    change.done = std::move(now);
    co_return Json{nullptr};
}

Task<> change_property(Change& change, model::StoredModel::PropertyChange how) {
    co_await change.road.model.change_property(change.road.model.id_of(change.owner), change.road.relation.property,
                                               std::move(how), options_for(change.call));
}

Task<Result> reply(Change change) {
    auto& related = change.road.related();
    auto const is_kept = change.is_new && change.road.relation.is_persistent;
    if (!is_kept) co_await related.after_embedded(change.done, change.is_new, options_for(change.call));
    co_return related.visible(std::move(change.done), change.call.caller);
}

Task<Result> get(Invocation& call, Road const& road) {
    auto const owner = co_await instance_of(call);
    auto const& value = owner[road.relation.property];
    if (value.is_undefined()) co_return std::monostate{};
    if (value.is_object()) co_return road.related().visible(value, call.caller);
    throw Error{404, fmt::format("No \"{}\" instance(s) found", road.related().name()), "MODEL_NOT_FOUND"};
}

Task<Result> create(Invocation& call, Road const& road) {
    auto const owner = co_await instance_of(call);
    Change change{call, road, owner};
    co_await change_property(change, [&](Json const&, Also& also) { return replaced(change, also); });
    co_return co_await reply(std::move(change));
}

Task<Result> update(Invocation& call, Road const& road) {
    auto const owner = co_await instance_of(call);
    Change change{call, road, owner};
    co_await change_property(change, [&](Json now, Also& also) { return changed(change, std::move(now), also); });
    co_return co_await reply(std::move(change));
}

Task<Result> destroy(Invocation& call, Road const& road) {
    auto const owner = co_await instance_of(call);
    Change change{call, road, owner};
    co_await change_property(change, [&](Json now, Also& also) { return emptied(change, std::move(now), also); });
    if (!change.done.is_undefined()) co_await road.related().after_unembedding(change.done, options_for(call));
    co_return std::monostate{};
}

}  // namespace

Task<std::optional<Json>> reach_embedded_one(Invocation& call, Road const& road, Json /*fk*/) {
    auto const owner = co_await instance_of(call);
    auto const& value = owner[road.relation.property];
    co_return value.is_object() ? std::optional{value} : std::nullopt;
}

void add_embedded_one(Routes const& routes) {
    auto const path = routes.path();
    routes.add("get", "READ", {"GET", path}, {Routes::refresh()}, {whole(routes.road().name(), routes.one())}, get);
    routes.add("create", "WRITE", {"POST", path}, {body_data("The new record")}, {whole("data", routes.one())}, create);
    routes.add("update", "WRITE", {"PUT", path}, {Routes::changes()}, {whole("data", routes.one())}, update);
    routes.add("destroy", "WRITE", {"DELETE", path}, {}, {}, destroy);
}

}  // namespace sallyport::methods

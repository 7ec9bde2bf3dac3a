#include "methods/relation_road.hpp"

#include "methods/sent_account.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace sallyport::methods {

Task<> require_related(Invocation const& call, Road const& road) {
    co_await require_read(call, *road.rules, road.related());
}

Error no_instance(Road const& road, Json const& fk) {
    return {404, fmt::format("No instance with id {} found for {}", to_display(fk), road.related().name())};
}

bool is_same_id(Json const& held, Json const& asked) {
    if (held.is_nothing()) return false;
    if (held.is_number() && asked.is_string()) return held.as_number() == to_number(asked);
    return to_display(held) == to_display(asked);
}

void check_data(Road const& road, Json& data) {
    if (data.is_nothing()) data = Json::object();
    if (!data.is_object()) throw Error{400, "Value is not an object."};
    if (road.related().definition().is("User")) drop_odd_password(data);
}

void for_each_record(Json& data, std::function<void(Json&)> const& change) {
    if (data.is_array()) {
        std::ranges::for_each(data.as_array(), change);
    } else {
        change(data);
    }
}

Json related_data(Invocation const& call, Road const& road) {
    auto data = call.argument("data");
    for_each_record(data, [&](Json& item) { check_data(road, item); });
    return data;
}

void copy_properties(Road const& road, Json const& record, model::FixedValues const& fixed, Json& data) {
    auto& members = data.as_object();
    if (!road.relation.inverts_copies) {
        for (auto const& [there, here] : road.relation.copies) {
            members.erase(there);
            if (auto const& value = record[here]; !value.is_undefined()) members.set(there, value);
        }
    }
    for (auto const& [name, value] : fixed) members.set(name, value);
}

Task<Result> reply_with_changed(Invocation& call, Road const& road, Json record) {
    refuse_writing_tokens(road.related());
    auto data = call.argument("data");
    check_data(road, data);
    auto changed = co_await road.related().patch(std::move(record), std::move(data), options_for(call));
    co_return road.related().visible(std::move(changed), call.caller);
}

void Routes::add(std::string_view verb, std::string access_type, RouteSpec route, std::vector<ArgumentSpec> accepts,
                 std::vector<ReturnSpec> returns, Body body) const {
    MethodSpec spec;
    spec.name = fmt::format("prototype.__{}__{}", verb, road_->name());
    spec.is_static = false;
    spec.accepts = std::move(accepts);
    spec.returns = std::move(returns);
    spec.http = {std::move(route)};
    spec.access_type = std::move(access_type);
    spec.description = fmt::format("The relation {}: {}.", road_->name(), verb);
    road_->model.add_method(std::move(spec), [road = road_, body](Invocation& call) { return body(call, *road); });
}

ArgumentSpec Routes::filter() { return query_object("filter", "Which of them, in which order, how much of each"); }

ArgumentSpec Routes::where() { return query_object("where", "Condition on the records"); }

ArgumentSpec Routes::one_or_many() {
    auto argument = body_data("The new record, or an array of them");
    argument.allows_array = true;
    return argument;
}

ArgumentSpec Routes::refresh() {
    return {.name = "refresh", .type = {"boolean", false}, .source = ArgumentSpec::Source::query};
}

}  // namespace sallyport::methods

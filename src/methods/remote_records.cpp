#include "methods/remote_records.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace sallyport::methods {
namespace {

Json visible_list(model::StoredModel const& model, std::vector<Json> records, Caller const& caller) {
    return model.visible(Json{std::move(records)}, caller);
}

// Where a list says how many there are beyond it: "items 20-39/57" (RFC 9110 section 14.4) and the number alone.
Task<> add_counts(Invocation& call, model::StoredModel& model, Filter const& filter) {
    auto const total = co_await model.count(filter.where, options_for(call));
    auto const first = std::min(filter.skip, total);
    auto const last = filter.limit ? std::min(first + *filter.limit, total) : total;
    auto const range =
        last > first ? fmt::format("items {}-{}/{}", first, last - 1, total) : fmt::format("items */{}", total);
    call.response_headers.emplace_back("Content-Range", range);
    call.response_headers.emplace_back("X-Total-Count", std::to_string(total));
}

}  // namespace

model::StoredModel& model_of(Invocation& call) { return static_cast<model::StoredModel&>(call.model); }

OperationOptions options_for(Invocation const& call) { return {.caller = &call.caller, .is_remote = true}; }

model::IncludeCheck include_check(Invocation const& call, CrudRules const& rules) {
    if (!rules.require_read) return {};
    return [&call, &rules](model::StoredModel& related) { return rules.require_read(call.caller, related); };
}

Task<> require_read(Invocation const& call, CrudRules const& rules, model::StoredModel& related) {
    if (rules.require_read) co_await rules.require_read(call.caller, related);
}

void refuse_writing_tokens(model::StoredModel const& model) {
    if (model.definition().is("AccessToken"))
        throw Error{403, "Access tokens are made by logging in.", "ACCESS_DENIED"};
}

Task<Result> reply_with_list(Invocation& call, model::StoredModel& model, Filter filter, CrudRules const& rules) {
    if (model.definition().flag("listCounts", false)) co_await add_counts(call, model, filter);
    if (model.reads_are_plain(filter)) co_return co_await model.find_text(std::move(filter));
    auto const options = options_for(call);
    auto const check = include_check(call, rules);
    auto records = co_await model::find_with(model, std::move(filter), options, check);
    co_return visible_list(model, std::move(records), call.caller);
}

Task<Result> reply_with_new(Invocation& call, model::StoredModel& model, Json data) {
    refuse_writing_tokens(model);
    if (!data.is_array()) {
        co_return model.visible(co_await model.create(std::move(data), options_for(call)), call.caller);
    }
    for (auto& item : data.as_array()) {
        if (item.is_nothing()) item = Json::object();
        if (!item.is_object()) throw Error{400, "Some of array items are not an object."};
    }
    co_return visible_list(model, co_await model.create_all(std::move(data.as_array()), options_for(call)),
                           call.caller);
}

Task<Json> instance_of(Invocation& call) {
    if (!call.instance.is_undefined()) co_return call.instance;
    auto found = co_await call.model.find_by_id(call.id, {}, options_for(call));
    if (!found) {
        throw Error{404, fmt::format("could not find a model with id {}", to_display(call.id)), "MODEL_NOT_FOUND"};
    }
    co_return std::move(*found);
}

Json object_argument(Invocation const& call, std::string_view name) {
    auto const& value = call.argument(name);
    if (value.is_nothing()) return Json::object();
    if (!value.is_object()) throw Error{400, "Value is not an object."};
    return value;
}

ArgumentSpec query_object(std::string name, std::string description) {
    return {.name = std::move(name), .type = {"object", false}, .description = std::move(description)};
}

ArgumentSpec id_in_path(std::string name, std::string description) {
    return {.name = std::move(name),
            .type = {"any", false},
            .required = true,
            .source = ArgumentSpec::Source::path,
            .description = std::move(description)};
}

ArgumentSpec body_data(std::string description) {
    return {.name = "data",
            .type = {"object", false},
            .source = ArgumentSpec::Source::body,
            .description = std::move(description)};
}

ReturnSpec whole(std::string name, TypeName type) {
    return {.name = std::move(name), .type = std::move(type), .root = true};
}

}  // namespace sallyport::methods

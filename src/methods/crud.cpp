#include "methods/crud.hpp"

#include "methods/change_stream.hpp"
#include "methods/named_scopes.hpp"
#include "methods/remote_records.hpp"
#include "query/parse.hpp"
#include "query/parse_where.hpp"

#include <fmt/format.h>

#include <initializer_list>
#include <memory>

namespace sallyport::methods {
namespace {

using Rules = CrudRules const&;

// The bodies. Each is a coroutine of its own; the rules live as long as the models.

Filter filter_of(Invocation& call, Rules rules) {
    auto& model = model_of(call);
    return query::read_filter(call.argument("filter"), model.definition(), model.models().registry(), rules.filter);
}

// A bulk change without a condition is more likely a slip than a wish: {} says that all are meant.
Where where_of(Invocation& call, Rules rules) {
    if (call.argument("where").is_nothing()) throw Error{400, "where is a required argument"};
    return query::read_where(call.argument("where"), model_of(call).definition(), rules.filter);
}

Error unknown_id(Invocation& call) { return not_found(call.model.name(), to_display(call.argument("id"))); }

// Of a record that was read whole, what the filter asks for.
Json picked(Json record, Fields const& fields) {
    if (fields.empty()) return record;
    JsonObject kept;
    for (auto& [name, value] : record.as_object()) {
        if (fields.has(name)) kept.append(std::move(name), std::move(value));
    }
    return kept;
}

Task<Result> create(Invocation& call) {
    auto const& data = call.argument("data");
    co_return co_await reply_with_new(call, model_of(call), data.is_nothing() ? Json::object() : data);
}

Task<Result> patch_or_create(Invocation& call) {
    auto& model = model_of(call);
    refuse_writing_tokens(model);
    co_return model.visible(co_await model.patch_or_create(object_argument(call, "data"), options_for(call)),
                            call.caller);
}

Task<Result> replace_or_create(Invocation& call) {
    auto& model = model_of(call);
    refuse_writing_tokens(model);
    co_return model.visible(co_await model.replace_or_create(object_argument(call, "data"), options_for(call)),
                            call.caller);
}

Task<Result> upsert_with_where(Invocation& call, Rules rules) {
    auto& model = model_of(call);
    refuse_writing_tokens(model);
    auto where = where_of(call, rules);
    auto record = co_await model.upsert_with_where(std::move(where), object_argument(call, "data"), options_for(call));
    co_return model.visible(std::move(record), call.caller);
}

Task<Result> exists(Invocation& call) {
    auto const found = co_await call.model.exists(call.argument("id"), options_for(call));
    if (!found && call.request.verb == "HEAD") throw unknown_id(call);
    co_return Json{found};
}

// Of a filter the parts that mean something for this method; what the others say is not even read.
Filter filter_of(Invocation& call, Rules rules, std::initializer_list<std::string_view> parts) {
    auto const& given = call.argument("filter");
    JsonObject heeded;
    for (auto const part : parts) heeded.set(part, given[part]);
    auto& model = model_of(call);
    return query::read_filter(Json{std::move(heeded)}, model.definition(), model.models().registry(), rules.filter);
}

Task<Result> find_by_id(Invocation& call, Rules rules) {
    auto& model = model_of(call);
    auto filter = filter_of(call, rules, {"fields", "include"});
    // Where the access check has read the record already.
    auto const is_here = call.instance.is_object() && filter.include.empty();
    if (is_here) co_return model.visible(picked(call.instance, filter.fields), call.caller);
    if (model.reads_are_plain(filter)) {
        auto text = co_await model.find_by_id_text(call.argument("id"), std::move(filter));
        if (!text) throw unknown_id(call);
        co_return std::move(*text);
    }
    auto const id = model.to_id(call.argument("id"));
    if (id.is_undefined()) throw unknown_id(call);
    filter.where = equals(model.definition().id()->name, id);
    filter.limit = 1;
    filter.skip = 0;
    auto const options = options_for(call);
    auto const check = include_check(call, rules);
    auto found = co_await model::find_with(model, std::move(filter), options, check);
    if (found.empty()) throw unknown_id(call);
    co_return model.visible(std::move(found.front()), call.caller);
}

Task<Result> find(Invocation& call, Rules rules) {
    co_return co_await reply_with_list(call, model_of(call), filter_of(call, rules), rules);
}

Task<Result> find_one(Invocation& call, Rules rules) {
    auto& model = model_of(call);
    query::require_depth(call.argument("filter"), model.definition(), rules.filter);  // Of all parts.
    auto filter = filter_of(call, rules, {"where", "order", "skip", "offset", "fields", "include"});
    filter.limit = 1;
    auto const options = options_for(call);
    auto const check = include_check(call, rules);
    auto found = co_await model::find_with(model, std::move(filter), options, check);
    if (found.empty()) throw not_found(model.name(), "undefined");
    co_return model.visible(std::move(found.front()), call.caller);
}

Task<Result> replace_by_id(Invocation& call) {
    auto& model = model_of(call);
    refuse_writing_tokens(model);
    auto record = co_await model.replace_by_id(call.argument("id"), object_argument(call, "data"), options_for(call));
    co_return model.visible(std::move(record), call.caller);
}

Task<Result> update_all(Invocation& call, Rules rules) {
    auto& model = model_of(call);
    refuse_writing_tokens(model);
    auto where = where_of(call, rules);
    auto const changed = co_await model.update_all(std::move(where), object_argument(call, "data"), options_for(call));
    co_return JsonObject{{"count", changed}};
}

Task<Result> delete_by_id(Invocation& call) {
    co_return JsonObject{{"count", co_await call.model.delete_by_id(call.argument("id"), options_for(call))}};
}

Task<Result> count(Invocation& call, Rules rules) {
    Where where;
    auto const& given = call.argument("where");
    if (!given.is_nothing()) where = query::read_where(given, model_of(call).definition(), rules.filter);
    co_return Json{co_await call.model.count(std::move(where), options_for(call))};
}

Task<Result> patch_attributes(Invocation& call) {
    auto& model = model_of(call);
    refuse_writing_tokens(model);
    auto current = co_await instance_of(call);
    auto record = co_await model.patch(std::move(current), object_argument(call, "data"), options_for(call));
    co_return model.visible(std::move(record), call.caller);
}

// The declarations: names, aliases and routes are LoopBack's.

constexpr auto filter_text =
    "Which records, in which order, how much of each: {\"where\", \"order\", \"limit\", \"skip\", \"fields\", "
    "\"include\"}";
constexpr auto where_text = "Condition on the records";
// These two are LoopBack's own words: generated clients and their documentation carry them.
constexpr auto record_text = "Model instance data";
constexpr auto changes_text = "An object of model property name/value pairs";

ArgumentSpec where_in_query() {
    auto argument = query_object("where", where_text);
    argument.source = ArgumentSpec::Source::query;
    return argument;
}

ArgumentSpec one_or_many() {
    auto argument = body_data(record_text);
    argument.allows_array = true;
    return argument;
}

void add_creating(model::StoredModel& model, std::shared_ptr<CrudRules const> const& rules, bool replace_on_put) {
    TypeName const one{model.name(), false};
    model.add_method({.name = "create",
                      .accepts = {one_or_many()},
                      .returns = {whole("data", one)},
                      .http = {{"POST", "/"}},
                      .access_type = "WRITE",
                      .description = "Makes a record, or several."},
                     create);
    std::vector<RouteSpec> patching{{"PATCH", "/"}};
    std::vector<RouteSpec> replacing{{"POST", "/replaceOrCreate"}};
    (replace_on_put ? replacing : patching).push_back({"PUT", "/"});
    model.add_method({.name = "patchOrCreate",
                      .aliases = {"upsert", "updateOrCreate"},
                      .accepts = {body_data(record_text)},
                      .returns = {whole("data", one)},
                      .http = patching,
                      .access_type = "WRITE",
                      .description = "Changes the record with the given id, or makes one.",
                      .record_argument = "data"},
                     patch_or_create);
    model.add_method({.name = "replaceOrCreate",
                      .accepts = {body_data(record_text)},
                      .returns = {whole("data", one)},
                      .http = replacing,
                      .access_type = "WRITE",
                      .description = "Replaces the record with the given id, or makes one.",
                      .record_argument = "data"},
                     replace_or_create);
    model.add_method({.name = "upsertWithWhere",
                      .aliases = {"patchOrCreateWithWhere"},
                      .accepts = {where_in_query(), body_data(changes_text)},
                      .returns = {whole("data", one)},
                      .http = {{"POST", "/upsertWithWhere"}},
                      .access_type = "WRITE",
                      .description = "Changes the one record that matches, or makes one."},
                     [rules](Invocation& call) { return upsert_with_where(call, *rules); });
}

void add_reading(model::StoredModel& model, std::shared_ptr<CrudRules const> const& rules) {
    TypeName const one{model.name(), false};
    model.add_method({.name = "exists",
                      .accepts = {id_in_path("id", "Id of the record")},
                      .returns = {{.name = "exists", .type = {"boolean", false}}},
                      .http = {{"GET", "/:id/exists"}, {"HEAD", "/:id"}},
                      .access_type = "READ",
                      .description = "Says whether there is such a record."},
                     exists);
    model.add_method(
        {.name = "findById",
         .accepts = {id_in_path("id", "Id of the record"), query_object("filter", "Its fields and what to include")},
         .returns = {whole("data", one)},
         .http = {{"GET", "/:id"}},
         .access_type = "READ",
         .description = "Gives one record."},
        [rules](Invocation& call) { return find_by_id(call, *rules); });
    model.add_method({.name = "find",
                      .accepts = {query_object("filter", filter_text)},
                      .returns = {whole("data", {model.name(), true})},
                      .http = {{"GET", "/"}},
                      .access_type = "READ",
                      .description = "Gives the records that match."},
                     [rules](Invocation& call) { return find(call, *rules); });
    model.add_method({.name = "findOne",
                      .accepts = {query_object("filter", filter_text)},
                      .returns = {whole("data", one)},
                      .http = {{"GET", "/findOne"}},
                      .access_type = "READ",
                      .description = "Gives the first record that matches."},
                     [rules](Invocation& call) { return find_one(call, *rules); });
    model.add_method({.name = "count",
                      .accepts = {query_object("where", where_text)},
                      .returns = {{.name = "count", .type = {"number", false}}},
                      .http = {{"GET", "/count"}},
                      .access_type = "READ",
                      .description = "Counts the records that match."},
                     [rules](Invocation& call) { return count(call, *rules); });
}

void add_changing(model::StoredModel& model, std::shared_ptr<CrudRules const> const& rules, bool replace_on_put) {
    TypeName const one{model.name(), false};
    std::vector<RouteSpec> replacing{{"POST", "/:id/replace"}};
    std::vector<RouteSpec> patching{{"PATCH", "/:id"}};
    (replace_on_put ? replacing : patching).push_back({"PUT", "/:id"});
    model.add_method({.name = "replaceById",
                      .accepts = {id_in_path("id", "Id of the record"), body_data(record_text)},
                      .returns = {whole("data", one)},
                      .http = replacing,
                      .access_type = "WRITE",
                      .description = "Replaces one record: properties not given are gone."},
                     replace_by_id);
    model.add_method({.name = "updateAll",
                      .aliases = {"update"},
                      .accepts = {where_in_query(), body_data(changes_text)},
                      .returns = {whole("info", {"object", false})},
                      .http = {{"POST", "/update"}},
                      .access_type = "WRITE",
                      .description = "Changes every record that matches, and counts them."},
                     [rules](Invocation& call) { return update_all(call, *rules); });
    model.add_method({.name = "deleteById",
                      .aliases = {"destroyById", "removeById"},
                      .accepts = {id_in_path("id", "Id of the record")},
                      .returns = {whole("count", {"object", false})},
                      .http = {{"DELETE", "/:id"}},
                      .access_type = "WRITE",
                      .description = "Removes one record."},
                     delete_by_id);
    model.add_method({.name = "prototype.patchAttributes",
                      .aliases = {"updateAttributes"},
                      .is_static = false,
                      .accepts = {body_data(changes_text)},
                      .returns = {whole("data", one)},
                      .http = patching,
                      .access_type = "WRITE",
                      .description = "Changes the given properties of one record."},
                     patch_attributes);
}

}  // namespace

void add_crud(model::Models& models, CrudRules const& rules) {
    auto const shared = std::make_shared<CrudRules const>(rules);
    for (auto* model : models.all()) {
        if (!model->keeps_records()) continue;
        auto const replace_on_put = model->definition().flag("replaceOnPUT", true);
        add_creating(*model, shared, replace_on_put);
        add_reading(*model, shared);
        add_changing(*model, shared, replace_on_put);
        add_change_stream(*model, shared);
        add_named_scopes(*model, shared);
    }
}

}  // namespace sallyport::methods

// Relation routes: /Products/7/reviews and its kin. Every one starts from a record of this side (404 without it), and
// the foreign key is ours to set, whatever the client sent.

#include "auth/access_token.hpp"
#include "auth/account_id.hpp"
#include "methods/account_guard.hpp"
#include "methods/crud.hpp"
#include "methods/remote_records.hpp"
#include "model/scope.hpp"
#include "query/parse.hpp"
#include "query/table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>

namespace sallyport::methods {
namespace {

using Kind = definition::Relation::Kind;

/// A relation, as its methods need it. Lives as long as the models.
struct Road {
    definition::Relation const& relation;
    model::StoredModel& related;
    model::Join join;
    Filter scope;
    std::shared_ptr<CrudRules const> rules;

    std::string const& name() const { return relation.name; }
    std::string path() const { return "/:id/" + relation.path; }
    bool leads_to_tokens() const { return related.definition().is("AccessToken"); }

    /// What a client may give a related record: as its own routes take it.
    void check(Json& data) const {
        if (related.definition().is("User")) drop_odd_password(data);
    }
};

Where nothing() {
    Where where;
    where.kind = Where::Kind::any;
    return where;
}

// Two user models may have the same ids; whose a token is stands beside it, not in LoopBack's column.
Task<Where> tokens_of(model::StoredModel& tokens, std::string user_model, Json user_id) {
    JsonArray ids;
    co_await tokens.store()->read({"SELECT id FROM sallyport_sessions WHERE user_model = ?1 AND user_id = ?2",
                                   {std::move(user_model), auth::Account::of({}, user_id).id}},
                                  [&](store::Row const& row) { ids.emplace_back(row.text(0)); });
    auto where = equals("id", Json{std::move(ids)});
    where.op = Operator::inq;
    co_return where;
}

// The records on the other side that belong to `record`.
Task<Where> mine(Invocation& call, Road const& road, Json const& record) {
    auto const& key = record[road.join.property];
    if (key.is_nothing()) co_return nothing();
    auto where = all_of({equals(road.join.foreign, key), road.scope.where});
    if (!road.leads_to_tokens()) co_return where;
    co_return all_of({std::move(where), co_await tokens_of(road.related, call.model.name(), key)});
}

// A token is named by itself or by its handle; what is stored is neither.
Where with_token(std::string const& presented) {
    auto const is_handle =
        presented.size() == 8 && presented.find_first_not_of("0123456789abcdef") == std::string::npos;
    if (!is_handle) return equals("id", auth::stored_id(presented));
    auto where = equals("id", "sha256:" + presented + "%");
    where.op = Operator::like;
    return where;
}

Error no_instance(Road const& road, Json const& fk) {
    return {404, fmt::format("No instance with id {} found for {}", to_display(fk), road.related.name())};
}

// The related record that the path names.
Task<Json> related_one(Invocation& call, Road const& road) {
    auto const& fk = call.argument("fk");
    auto const record = co_await instance_of(call);
    auto const id = road.related.to_id(fk);
    if (id.is_undefined()) throw no_instance(road, fk);
    auto by_id = road.leads_to_tokens() ? with_token(to_display(fk)) : equals(road.related.definition().id()->name, id);
    Filter filter;
    filter.where = all_of({std::move(by_id), co_await mine(call, road, record)});
    auto found = co_await road.related.find_one(std::move(filter), options_for(call));
    if (!found) throw no_instance(road, fk);
    co_return std::move(*found);
}

void keep_foreign_key(Road const& road, Json const& record, Json const& data) {
    auto const& given = data[road.join.foreign];
    auto const& own = record[road.join.foreign];
    if (given.is_undefined() || to_display(given) == to_display(own)) return;
    throw Error{400, fmt::format("Cannot override foreign key {} from {} to {}", road.join.foreign, to_display(own),
                                 to_display(given))};
}

Task<Result> change(Invocation& call, Road const& road, Json record) {
    refuse_writing_tokens(road.related);
    auto data = object_argument(call, "data");
    road.check(data);
    keep_foreign_key(road, record, data);
    auto changed = co_await road.related.patch(std::move(record), std::move(data), options_for(call));
    co_return road.related.visible(std::move(changed), call.caller);
}

void own(Road const& road, Json const& key, Json& data) {
    if (data.is_nothing()) data = Json::object();
    if (!data.is_object()) throw Error{400, "Value is not an object."};
    road.check(data);
    data.as_object().set(road.join.foreign, key);
    for (auto const& [name, value] : model::fixed_values(road.scope.where, road.related.definition())) {
        data.as_object().set(name, value);
    }
}

// hasMany

Task<Result> get_many(Invocation& call, Road const& road) {
    co_await require_read(call, *road.rules, road.related);
    auto const record = co_await instance_of(call);
    auto filter = query::read_filter(call.argument("filter"), road.related.definition(),
                                     road.related.models().registry(), road.rules->filter);
    model::add_scope(filter, road.scope);
    filter.where = all_of({co_await mine(call, road, record), std::move(filter.where)});
    co_return co_await reply_with_list(call, road.related, std::move(filter), *road.rules);
}

Task<Result> create_many(Invocation& call, Road const& road) {
    co_await require_read(call, *road.rules, road.related);
    auto const record = co_await instance_of(call);
    auto const& key = record[road.join.property];
    auto data = call.argument("data");
    if (data.is_array()) {
        for (auto& item : data.as_array()) own(road, key, item);
    } else {
        own(road, key, data);
    }
    co_return co_await reply_with_new(call, road.related, std::move(data));
}

Task<Result> delete_many(Invocation& call, Road const& road) {
    co_await require_read(call, *road.rules, road.related);
    auto const record = co_await instance_of(call);
    co_await road.related.delete_all(co_await mine(call, road, record), options_for(call));
    co_return std::monostate{};
}

Task<Result> count_many(Invocation& call, Road const& road) {
    co_await require_read(call, *road.rules, road.related);
    auto const record = co_await instance_of(call);
    auto where = co_await mine(call, road, record);
    if (auto const& given = call.argument("where"); !given.is_nothing()) {
        where = all_of({std::move(where), query::read_where(given, road.related.definition(), road.rules->filter)});
    }
    co_return Json{co_await road.related.count(std::move(where), options_for(call))};
}

Task<Result> find_by_id(Invocation& call, Road const& road) {
    co_await require_read(call, *road.rules, road.related);
    co_return road.related.visible(co_await related_one(call, road), call.caller);
}

Task<Result> update_by_id(Invocation& call, Road const& road) {
    co_await require_read(call, *road.rules, road.related);
    co_return co_await change(call, road, co_await related_one(call, road));
}

Task<Result> destroy_by_id(Invocation& call, Road const& road) {
    co_await require_read(call, *road.rules, road.related);
    auto const found = co_await related_one(call, road);
    co_await road.related.delete_by_id(road.related.id_of(found), options_for(call));
    co_return std::monostate{};
}

// hasOne

Task<std::optional<Json>> the_one(Invocation& call, Road const& road) {
    auto const record = co_await instance_of(call);
    Filter filter;
    filter.where = co_await mine(call, road, record);
    co_return co_await road.related.find_one(std::move(filter), options_for(call));
}

Task<Json> require_one(Invocation& call, Road const& road) {
    auto found = co_await the_one(call, road);
    if (found) co_return std::move(*found);
    throw Error{404, fmt::format("No \"{}\" instance(s) found", road.related.name()), "MODEL_NOT_FOUND"};
}

Task<Result> get_one(Invocation& call, Road const& road) {
    co_await require_read(call, *road.rules, road.related);
    co_return road.related.visible(co_await require_one(call, road), call.caller);
}

Task<Result> create_one(Invocation& call, Road const& road) {
    co_await require_read(call, *road.rules, road.related);
    auto const record = co_await instance_of(call);
    auto data = object_argument(call, "data");
    own(road, record[road.join.property], data);
    if (co_await the_one(call, road)) {
        throw Error{409,
                    fmt::format("HasOne relation cannot create more than one instance of {}", road.related.name())};
    }
    co_return co_await reply_with_new(call, road.related, std::move(data));
}

Task<Result> update_one(Invocation& call, Road const& road) {
    co_await require_read(call, *road.rules, road.related);
    co_return co_await change(call, road, co_await require_one(call, road));
}

Task<Result> destroy_one(Invocation& call, Road const& road) {
    co_await require_read(call, *road.rules, road.related);
    auto const found = co_await require_one(call, road);
    co_await road.related.delete_by_id(road.related.id_of(found), options_for(call));
    co_return std::monostate{};
}

// belongsTo: {} without a foreign key, null for one that leads nowhere.

Task<Result> get_owner(Invocation& call, Road const& road) {
    co_await require_read(call, *road.rules, road.related);
    auto const record = co_await instance_of(call);
    if (record[road.join.property].is_nothing()) co_return Json::object();
    auto found = co_await the_one(call, road);
    if (!found) co_return Json{nullptr};
    co_return road.related.visible(std::move(*found), call.caller);
}

// A token's row and what stands beside it go together.

Task<> end_sessions(store::Transaction& transaction, std::string statement) {
    co_await transaction.run({std::move(statement), {}});
}

Task<> also_end_sessions(HookContext& context, std::string statement) {
    context.also([statement = std::move(statement)](store::Transaction& transaction, Json const&) {
        return end_sessions(transaction, statement);
    });
    co_return;
}

void end_sessions_with(model::StoredModel& tokens) {
    auto statement = fmt::format("DELETE FROM sallyport_sessions WHERE id NOT IN (SELECT id FROM {})",
                                 query::quote(tokens.table().name));
    tokens.observe(Moment::before_delete, [statement = std::move(statement)](HookContext& context) {
        return also_end_sessions(context, statement);
    });
}

// The declarations.

using Body = Task<Result> (*)(Invocation&, Road const&);

class Declaring {
public:
    Declaring(model::StoredModel& model, std::shared_ptr<Road const> road) : model_{model}, road_{std::move(road)} {}

    void add_has_many() const {
        TypeName const one{road_->related.name(), false};
        TypeName const many{road_->related.name(), true};
        auto one_or_many = body_data("The new record, or an array of them");
        one_or_many.allows_array = true;
        auto const fk = id_in_path("fk", "Id of the related record");
        auto const path = road_->path();
        add("get", "READ", {"GET", path}, {query_object("filter", "Which of them, in which order, how much of each")},
            {whole(road_->name(), many)}, get_many);
        add("create", "WRITE", {"POST", path}, {one_or_many}, {whole("data", one)}, create_many);
        add("delete", "WRITE", {"DELETE", path}, {}, {}, delete_many);
        add("count", "READ", {"GET", path + "/count"}, {query_object("where", "Condition on the records")},
            {{.name = "count", .type = {"number", false}}}, count_many);
        add("findById", "READ", {"GET", path + "/:fk"}, {fk}, {whole("result", one)}, find_by_id);
        add("updateById", "WRITE", {"PUT", path + "/:fk"}, {fk, body_data("The properties to set")},
            {whole("result", one)}, update_by_id);
        add("destroyById", "WRITE", {"DELETE", path + "/:fk"}, {fk}, {}, destroy_by_id);
    }

    void add_has_one() const {
        TypeName const one{road_->related.name(), false};
        auto const path = road_->path();
        add("get", "READ", {"GET", path}, {refresh()}, {whole(road_->name(), one)}, get_one);
        add("create", "WRITE", {"POST", path}, {body_data("The new record")}, {whole("data", one)}, create_one);
        add("update", "WRITE", {"PUT", path}, {body_data("The properties to set")}, {whole("data", one)}, update_one);
        add("destroy", "WRITE", {"DELETE", path}, {}, {}, destroy_one);
    }

    void add_belongs_to() const {
        add("get", "READ", {"GET", road_->path()}, {refresh()}, {whole(road_->name(), {road_->related.name(), false})},
            get_owner);
    }

private:
    static ArgumentSpec refresh() {
        return {.name = "refresh", .type = {"boolean", false}, .source = ArgumentSpec::Source::query};
    }

    void add(std::string_view verb, std::string access_type, RouteSpec route, std::vector<ArgumentSpec> accepts,
             std::vector<ReturnSpec> returns, Body body) const {
        MethodSpec spec;
        spec.name = fmt::format("prototype.__{}__{}", verb, road_->name());
        spec.is_static = false;
        spec.accepts = std::move(accepts);
        spec.returns = std::move(returns);
        spec.http = {std::move(route)};
        spec.access_type = std::move(access_type);
        spec.description = fmt::format("The relation {}: {}.", road_->name(), verb);
        model_.add_method(std::move(spec), [road = road_, body](Invocation& call) { return body(call, *road); });
    }

    model::StoredModel& model_;
    std::shared_ptr<Road const> road_;
};

void add_relation(model::StoredModel& model, definition::Relation const& relation,
                  std::shared_ptr<CrudRules const> const& rules) {
    auto* related = model.models().find(relation.model);
    if (related == nullptr || !related->keeps_records() || relation.is_polymorphic) return;
    Declaring const declaring{
        model, std::make_shared<Road const>(Road{relation, *related, model::join_of(model, relation, *related),
                                                 model.relation_scope(relation.name), rules})};
    switch (relation.kind) {
        case Kind::has_many:
            return declaring.add_has_many();
        case Kind::has_one:
            return declaring.add_has_one();
        case Kind::belongs_to:
            return declaring.add_belongs_to();
        case Kind::has_many_through:
        case Kind::has_and_belongs_to_many:
        case Kind::references_many:
        case Kind::embeds_one:
        case Kind::embeds_many:
            return;
    }
}

}  // namespace

void add_relations(model::Models& models, CrudRules const& rules) {
    auto const shared = std::make_shared<CrudRules const>(rules);
    for (auto* model : models.all()) {
        if (!model->keeps_records()) continue;
        if (model->definition().name == "AccessToken") end_sessions_with(*model);
        for (auto const& relation : model->definition().relations) add_relation(*model, relation, shared);
    }
}

}  // namespace sallyport::methods

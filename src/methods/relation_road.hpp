// What the methods of a relation share: the two sides, how a record here becomes a condition there, and how the methods
// are declared. Each kind of relation has a file: relations_many, _one, _through, _references, _embedded.

#pragma once

#include "methods/remote_records.hpp"
#include "model/joins.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sallyport::methods {

/// A relation, as its methods need it. Lives as long as the models.
struct Road {
    definition::Relation const& relation;
    model::StoredModel& model;
    model::StoredModel* reached;  ///< Null for a polymorphic belongsTo.
    std::shared_ptr<CrudRules const> rules;
    std::optional<definition::Model> items{};  ///< Of embedsMany: the related model, as its items are compared.

    std::string const& name() const { return relation.name; }
    std::string path() const { return "/:id/" + relation.path; }
    model::StoredModel& related() const { return *reached; }
    Filter const& scope() const { return model.relation_scope(relation.name); }
};

/// The related record that `fk` names, or the only one for relations to one; nothing where there is none. Throws where
/// the relation's own routes would.
using Reach = std::function<Task<std::optional<Json>>(Invocation& call, Road const& road, Json fk)>;

/// Throws unless the caller may read the related model, where the rules say that this is looked at.
Task<> require_related(Invocation const& call, Road const& road);

/// "No instance with id 3 found for Review": 404.
Error no_instance(Road const& road, Json const& fk);

/// Whether `held`, of a list, is the id that a client names `asked`: for a number, "07" and " 7" name 7, as elsewhere.
bool is_same_id(Json const& held, Json const& asked);

/// What a client sent for a related record, as the related model's own routes take it. Throws Error 400 for anything
/// but an object; nothing at all is an empty one.
void check_data(Road const& road, Json& data);

/// The same for an array of them, too.
Json related_data(Invocation const& call, Road const& road);

/// Sets what the relation fixes in a new record on the other side (LoopBack's "properties" and the discriminator).
void copy_properties(Road const& road, Json const& record, model::FixedValues const& fixed, Json& data);

/// The same for each of an array.
void for_each_record(Json& data, std::function<void(Json&)> const& change);

/// Changes a related record and replies with it.
Task<Result> reply_with_changed(Invocation& call, Road const& road, Json record);

/// Declares methods: __VERB__REL under prototype.
class Routes {
public:
    using Body = Task<Result> (*)(Invocation&, Road const&);

    explicit Routes(std::shared_ptr<Road const> road) : road_{std::move(road)} {}

    Road const& road() const { return *road_; }

    void add(std::string_view verb, std::string access_type, RouteSpec route, std::vector<ArgumentSpec> accepts,
             std::vector<ReturnSpec> returns, Body body) const;

    TypeName one() const { return {road_->reached ? road_->reached->name() : "PersistedModel", false}; }
    TypeName many() const { return {one().name, true}; }

    /// "/:id/REL", "/:id/REL/:fk", "/:id/REL/rel/:fk"
    std::string path() const { return road_->path(); }
    std::string item_path() const { return path() + "/:fk"; }
    std::string link_path() const { return path() + "/rel/:fk"; }

    static ArgumentSpec fk() { return id_in_path("fk", "Id of the related record"); }
    static ArgumentSpec filter();
    static ArgumentSpec where();
    static ArgumentSpec one_or_many();
    static ArgumentSpec changes() { return body_data("The properties to set"); }
    static ArgumentSpec refresh();
    static ReturnSpec counted() { return {.name = "count", .type = {"number", false}}; }

private:
    std::shared_ptr<Road const> road_;
};

// The kinds: each declares its methods.

void add_many(Routes const& routes);
void add_one(Routes const& routes);
void add_owner(Routes const& routes);
void add_through(Routes const& routes);
void add_references(Routes const& routes);
void add_embedded_many(Routes const& routes);
void add_embedded_one(Routes const& routes);

// And how a single related record is reached, for the routes nested below it.

Task<std::optional<Json>> reach_many(Invocation& call, Road const& road, Json fk);
Task<std::optional<Json>> reach_one(Invocation& call, Road const& road, Json fk);
Task<std::optional<Json>> reach_through(Invocation& call, Road const& road, Json fk);
Task<std::optional<Json>> reach_reference(Invocation& call, Road const& road, Json fk);
Task<std::optional<Json>> reach_embedded_item(Invocation& call, Road const& road, Json fk);
Task<std::optional<Json>> reach_embedded_one(Invocation& call, Road const& road, Json fk);

/// Adds the related model's own relation methods below this relation: /books/1/pages/2/notes.
void add_nested(std::shared_ptr<Road const> const& road, Reach const& reach);

}  // namespace sallyport::methods

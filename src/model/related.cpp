// Includes are answered relation by relation: the keys of all parents are gathered, one query finds every related
// record, and each goes to the parents whose key it has. What a related record includes is found the same way, one
// level down.

#include "model/related.hpp"

#include "model/including.hpp"
#include "model/scope.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace sallyport::model {
namespace {

using Kind = definition::Relation::Kind;
using definition::Relation;

Relation const& relation_of(StoredModel const& model, std::string const& name) {
    if (auto const* relation = model.definition().relation(name)) return *relation;
    throw Error{400, fmt::format("Relation \"{}\" is not defined for {} model", name, model.name())};
}

bool reaches_many_models(Relation const& relation) {
    return relation.kind == Kind::belongs_to && relation.is_polymorphic;
}

StoredModel& related_of(StoredModel const& model, Relation const& relation) {
    auto* related = model.models().find(relation.model);
    if (related != nullptr && (related->keeps_records() || is_embedded(relation))) return *related;
    throw Error{400, fmt::format("Relation \"{}\" of {} leads to no records.", relation.name, model.name())};
}

Task<> include_one(Including const& include) {
    if (reaches_many_models(include.relation)) co_return co_await include_polymorphic(include);
    auto& related = related_of(include.model, include.relation);
    // What is embedded is part of a record that the caller may read already.
    if (include.check && !is_embedded(include.relation)) co_await include.check(related);
    switch (include.relation.kind) {
        case Kind::belongs_to:
        case Kind::has_one:
        case Kind::has_many:
            co_return co_await include_joined(include, related);
        case Kind::has_many_through:
        case Kind::has_and_belongs_to_many:
            co_return co_await include_through(include, related);
        case Kind::references_many:
            co_return co_await include_references(include, related);
        case Kind::embeds_one:
        case Kind::embeds_many:
            co_return co_await include_embedded(include, related);
    }
}

// The properties of a record that say which others belong to it.
std::vector<std::string> keys_for(StoredModel const& model, Relation const& relation) {
    if (reaches_many_models(relation)) return {relation.foreign_key, relation.discriminator};
    if (is_through(relation)) return {through_of(model, relation).property};
    if (is_embedded(relation) || relation.kind == Kind::references_many) return {relation.property};
    return {join_of(model, relation, related_of(model, relation)).property};
}

// Fields that only the include needs: read too, and taken out again.
std::vector<std::string> add_keys(StoredModel const& model, Filter& filter) {
    std::vector<std::string> added;
    if (filter.fields.empty()) return added;
    for (auto const& wanted : filter.include) {
        auto const& relation = relation_of(model, wanted.relation);
        if (relation.disable_include) continue;
        for (auto const& key : keys_for(model, relation)) {
            if (filter.fields.has(key)) continue;
            added.push_back(key);
            add_field(filter.fields, key);
        }
    }
    return added;
}

}  // namespace

Task<> include(StoredModel& model, std::vector<Json>& records, std::vector<Include> const& includes,
               OperationOptions const& options, IncludeCheck const& check, Level level) {
    if (records.empty()) co_return;
    for (auto const& wanted : includes) {
        auto const& relation = relation_of(model, wanted.relation);
        if (relation.disable_include) continue;
        Including const include{model, relation, records, wanted, options, check, level};
        co_await include_one(include);
    }
}

Task<std::vector<Json>> find_with(StoredModel& model, Filter filter, OperationOptions const& options,
                                  IncludeCheck const& check, Level level) {
    co_await model.prepare_read(filter, options);
    auto const extra = add_keys(model, filter);
    auto const includes = std::move(filter.include);
    filter.include.clear();
    auto records = co_await model.read_records(std::move(filter), options);
    co_await include(model, records, includes, options, check, level);
    for (auto& record : records) {
        for (auto const& name : extra) record.as_object().erase(name);
    }
    co_return records;
}

}  // namespace sallyport::model

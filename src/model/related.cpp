// Includes are answered relation by relation: the keys of all parents are gathered, one query finds every related
// record, and each goes to the parents whose key it has. What a related record includes is found the same way, one
// level down.

#include "model/related.hpp"

#include "model/scope.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

namespace sallyport::model {
namespace {

using Kind = definition::Relation::Kind;

// Keys in one query: well below the number of values a statement may bind.
constexpr std::size_t keys_per_query = 10000;

// Records by the text of their key: 2 and "2" meet, as they do in LoopBack.
using Groups = std::unordered_map<std::string, std::vector<Json>>;

JsonArray keys_of(std::vector<Json> const& records, std::string const& property) {
    JsonArray keys;
    std::unordered_set<std::string> seen;
    for (auto const& record : records) {
        auto const& key = record[property];
        if (!key.is_nothing() && seen.insert(to_display(key)).second) keys.push_back(key);
    }
    return keys;
}

Where one_of(std::string property, JsonArray keys) {
    auto where = equals(std::move(property), Json{std::move(keys)});
    where.op = Operator::inq;
    return where;
}

// Each parent has its own share of a limited list.
void cut(std::vector<Json>& records, Filter const& page) {
    auto const skip = std::min(records.size(), static_cast<std::size_t>(std::max<std::int64_t>(page.skip, 0)));
    records.erase(records.begin(), records.begin() + static_cast<std::ptrdiff_t>(skip));
    if (page.limit && static_cast<std::size_t>(*page.limit) < records.size()) {
        records.resize(static_cast<std::size_t>(*page.limit));
    }
}

void add_field(Fields& fields, std::string const& name) {
    std::erase(fields.except, name);
    if (!fields.only.empty() && !fields.has(name)) fields.only.push_back(name);
}

// What a client asked for within the include; its limit only where one was written, not the list's own.
Filter scope_of(StoredModel const& model, Include const& include, Join const& join) {
    auto scope = include.scope.empty() ? Filter{} : include.scope.front();
    add_scope(scope, model.relation_scope(include.relation));
    add_field(scope.fields, join.foreign);
    return scope;
}

Task<Groups> find_related(StoredModel& related, Filter scope, JsonArray keys, Join const& join,
                          OperationOptions const& options, IncludeCheck const& check) {
    Groups groups;
    auto const page = scope;
    scope.limit.reset();
    scope.skip = 0;
    for (std::size_t start = 0; start < keys.size(); start += keys_per_query) {
        auto const end = std::min(keys.size(), start + keys_per_query);
        auto const first = keys.begin() + static_cast<std::ptrdiff_t>(start);
        auto filter = scope;
        filter.where = all_of(
            {one_of(join.foreign, JsonArray(first, keys.begin() + static_cast<std::ptrdiff_t>(end))), scope.where});
        for (auto& record : co_await find_with(related, std::move(filter), options, check)) {
            groups[to_display(record[join.foreign])].push_back(std::move(record));
        }
    }
    for (auto& [key, records] : groups) cut(records, page);
    co_return groups;
}

void hand_out(std::vector<Json>& records, definition::Relation const& relation, Join const& join,
              Groups const& groups) {
    static std::vector<Json> const nothing;
    for (auto& record : records) {
        auto const& key = record[join.property];
        auto const found = key.is_nothing() ? groups.end() : groups.find(to_display(key));
        auto const& mine = found == groups.end() ? nothing : found->second;
        if (relation.kind == Kind::has_many) {
            record.as_object().set(relation.name, JsonArray(mine.begin(), mine.end()));
        } else if (!mine.empty()) {
            record.as_object().set(relation.name, mine.front());
        }
    }
}

definition::Relation const& relation_of(StoredModel const& model, std::string const& name) {
    if (auto const* relation = model.definition().relation(name)) return *relation;
    throw Error{400, fmt::format("Relation \"{}\" is not defined for {} model", name, model.name())};
}

StoredModel& related_of(StoredModel const& model, definition::Relation const& relation) {
    auto const joins =
        relation.kind == Kind::belongs_to || relation.kind == Kind::has_one || relation.kind == Kind::has_many;
    auto* related = model.models().find(relation.model);
    if (related == nullptr || relation.is_polymorphic || !joins) {
        throw Error{501, fmt::format("Relation \"{}\" of {} cannot be included yet.", relation.name, model.name())};
    }
    return *related;
}

Task<> include_one(StoredModel& model, std::vector<Json>& records, Include const& wanted,
                   OperationOptions const& options, IncludeCheck const& check) {
    auto const& relation = relation_of(model, wanted.relation);
    if (relation.disable_include) co_return;
    auto& related = related_of(model, relation);
    if (check) co_await check(related);
    auto const join = join_of(model, relation, related);
    auto const groups = co_await find_related(related, scope_of(model, wanted, join), keys_of(records, join.property),
                                              join, options, check);
    hand_out(records, relation, join, groups);
}

// Fields that only the include needs: read too, and taken out again.
std::vector<std::string> add_keys(StoredModel const& model, Filter& filter) {
    std::vector<std::string> added;
    if (filter.fields.empty()) return added;
    for (auto const& wanted : filter.include) {
        auto const& relation = relation_of(model, wanted.relation);
        if (relation.disable_include) continue;
        auto const key = join_of(model, relation, related_of(model, relation)).property;
        if (filter.fields.has(key)) continue;
        added.push_back(key);
        add_field(filter.fields, key);
    }
    return added;
}

}  // namespace

Join join_of(StoredModel const& model, definition::Relation const& relation, StoredModel const& related) {
    auto const primary_key = [&](StoredModel const& owner) {
        if (!relation.primary_key.empty()) return relation.primary_key;
        return owner.definition().id() ? owner.definition().id()->name : std::string{"id"};
    };
    if (relation.kind == Kind::belongs_to) return {relation.foreign_key, primary_key(related)};
    return {primary_key(model), relation.foreign_key};
}

Task<> include(StoredModel& model, std::vector<Json>& records, std::vector<Include> const& includes,
               OperationOptions const& options, IncludeCheck const& check) {
    if (records.empty()) co_return;
    for (auto const& wanted : includes) co_await include_one(model, records, wanted, options, check);
}

Task<std::vector<Json>> find_with(StoredModel& model, Filter filter, OperationOptions const& options,
                                  IncludeCheck const& check) {
    co_await model.prepare_read(filter, options);
    auto const extra = add_keys(model, filter);
    auto const includes = std::move(filter.include);
    filter.include.clear();
    auto records = co_await model.read_records(std::move(filter), options);
    co_await include(model, records, includes, options, check);
    for (auto& record : records) {
        for (auto const& name : extra) record.as_object().erase(name);
    }
    co_return records;
}

}  // namespace sallyport::model

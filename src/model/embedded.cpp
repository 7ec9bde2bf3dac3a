#include "model/embedded.hpp"

#include "model/joins.hpp"
#include "query/items.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <numeric>
#include <stdexcept>
#include <unordered_set>
#include <utility>

namespace sallyport::model {
namespace {

using Kind = definition::Relation::Kind;
using definition::Relation;

bool has_duplicates(JsonArray const& list) {
    std::unordered_set<std::string> seen;
    for (auto const& key : list) {
        if (!seen.insert(to_display(key)).second) return true;
    }
    return false;
}

void check_one(StoredModel const& related, Relation const& relation, Json const& item, std::vector<Problem>& problems) {
    if (!item.is_object()) {
        problems.push_back({relation.name, "invalid", "is invalid: it is no object"});
        return;
    }
    if (!relation.validates) return;
    auto const found = related.problems_of(item.as_object(), Origin::embedded);
    if (found.empty()) return;
    auto const& first = found.front();
    problems.push_back({relation.name, "invalid", fmt::format("is invalid: `{}` {}", first.property, first.message)});
}

void check_item(StoredModel const& related, Relation const& relation, std::size_t index, Json const& item,
                std::vector<Problem>& problems) {
    if (!item.is_object()) {
        problems.push_back({relation.property, "invalid", "contains invalid item"});
        return;
    }
    auto const found = related.problems_of(item.as_object(), Origin::embedded);
    if (found.empty()) return;
    auto const& id = related.id_of(item);
    auto const which = is_truthy(id) ? fmt::format("contains invalid item: `{}`", to_display(id))
                                     : fmt::format("contains invalid item at index `{}`", index);
    problems.push_back({relation.property, "invalid",
                        fmt::format("{} (`{}` {})", which, found.front().property, found.front().message)});
}

void check_list(StoredModel const& related, Relation const& relation, JsonArray const& list,
                std::vector<Problem>& problems) {
    if (auto const* id = related.definition().id()) {
        JsonArray ids;
        for (auto const& item : list) ids.push_back(item[id->name]);
        if (has_duplicates(ids)) {
            problems.push_back({relation.property, "uniqueness", fmt::format("contains duplicate `{}`", id->name)});
        }
    }
    if (!relation.validates) return;
    for (std::size_t i = 0; i < list.size(); ++i) check_item(related, relation, i, list[i], problems);
}

// What is embedded has no store of its own, nor has what stands in it.
store::Store& some_store(StoredModel const& model) {
    if (auto* own = model.store()) return *own;
    auto const all = model.models().all();
    auto const found = std::ranges::find_if(all, [](StoredModel const* other) { return other->store() != nullptr; });
    if (found == all.end()) throw std::logic_error{"records without a store"};
    return *(*found)->store();
}

}  // namespace

void add_embedded_problems(StoredModel const& owner, JsonObject const& record, std::vector<Problem>& problems) {
    for (auto const& relation : owner.definition().relations) {
        auto const is_list = relation.kind == Kind::embeds_many || relation.kind == Kind::references_many;
        if (!is_list && relation.kind != Kind::embeds_one) continue;
        auto const* related = owner.models().find(relation.model);
        auto const* value = record.find(relation.property);
        if (related == nullptr || value == nullptr || value->is_nothing()) continue;
        if (relation.kind == Kind::embeds_one) {
            check_one(*related, relation, *value, problems);
        } else if (!value->is_array()) {
            continue;
        } else if (relation.kind == Kind::embeds_many) {
            check_list(*related, relation, value->as_array(), problems);
        } else if (has_duplicates(value->as_array())) {
            problems.push_back(
                {relation.name, "uniqueness", fmt::format("contains duplicate `{}` instance", relation.model)});
        }
    }
}

Task<Json> StoredModel::check_embedded(Json data, Json const* current, OperationOptions const& options,
                                       std::vector<Also>& also) {
    auto [record, unknown] = draft(std::move(data));
    HookContext context{.model = *this, .options = options, .is_new = current == nullptr, .current = current};
    if (current == nullptr) {
        fill(record);
        context.instance = &record;
    } else {
        set_scope_values(record);
        context.data = &record;
    }
    auto const whole = [&] {
        if (current == nullptr) return record;
        auto merged = *current;
        for (auto const& [name, value] : std::as_const(record).as_object()) merged.as_object().set(name, value);
        return merged;
    };
    co_await run_hooks(Moment::before_save, context);
    co_await validate(whole(), unknown, Origin::embedded, options);
    co_await run_hooks(Moment::persist, context);
    std::ranges::move(context.additions, std::back_inserter(also));
    auto made = whole();
    settle(made);
    co_return made;
}

Task<> StoredModel::after_embedded(Json& record, bool is_new, OperationOptions const& options) {
    HookContext context{.model = *this, .options = options, .is_new = is_new, .instance = &record};
    co_await run_hooks(Moment::after_save, context);
}

Task<> StoredModel::before_unembedding(Json const& record, OperationOptions const& options, std::vector<Also>& also) {
    HookContext context{.model = *this, .options = options, .current = &record};
    co_await run_hooks(Moment::before_delete, context);
    std::ranges::move(context.additions, std::back_inserter(also));
}

Task<> StoredModel::after_unembedding(Json const& record, OperationOptions const& options) {
    HookContext context{.model = *this, .options = options, .current = &record};
    co_await run_hooks(Moment::after_delete, context);
}

Task<std::vector<std::size_t>> matching_places(StoredModel const& model, Json const& list, Where const& where) {
    std::vector<std::size_t> places;
    if (where.matches_everything()) {
        places.resize(list.as_array().size());
        std::iota(places.begin(), places.end(), std::size_t{0});
        co_return places;
    }
    auto& store = some_store(model);
    co_await store.read(query::select_items(list, where, store.dialect()),
                        [&](store::Row const& row) { places.push_back(static_cast<std::size_t>(row.integer(0))); });
    co_return places;
}

Task<JsonArray> matching_items(StoredModel const& model, JsonArray list, Where const& where) {
    Json all{std::move(list)};
    JsonArray found;
    for (auto const place : co_await matching_places(model, all, where))
        found.push_back(std::move(all.as_array()[place]));
    co_return found;
}

}  // namespace sallyport::model

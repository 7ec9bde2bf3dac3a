// Writes that start from what is stored: looked at once more in the transaction that writes, so that two requests at
// once neither make a thing twice nor lose what the other did.

#include "model/stored_model.hpp"
#include "query/sql.hpp"
#include "store/row.hpp"

#include <fmt/format.h>

namespace sallyport::model {
namespace {

// Of each round at least one request succeeds: with fewer at once on one record than this, all do.
constexpr int most_rounds = 64;

// Someone else was faster. Undoes the transaction, and no one but change_property sees it.
struct Overtaken : std::exception {};

Error no_such_record(Json const& id) {
    return {404, fmt::format("could not find a model with id {}", to_display(id)), "MODEL_NOT_FOUND"};
}

}  // namespace

Task<std::optional<Json>> StoredModel::find_matching(store::Transaction& transaction, Where const& where) const {
    Filter filter;
    filter.where = where;
    filter.limit = 1;
    auto const selection = query::select(table_, filter, store_->dialect(), true);
    std::optional<Json> found;
    co_await transaction.read(selection.statement,
                              [&](store::Row const& row) { found = store::read_record(row, table_, selection); });
    co_return found;
}

Task<> StoredModel::insert_unless(store::Transaction& transaction, FoundOrMade& made, HookContext& context,
                                  Where const& taken) const {
    if (auto found = co_await find_matching(transaction, taken)) {
        made = {.record = std::move(*found), .is_new = false};
        co_return;
    }
    co_await insert_row(transaction, made.record, context);
}

Task<StoredModel::FoundOrMade> StoredModel::find_or_create(Where where, Json data, OperationOptions options) {
    Filter filter;
    filter.where = where;
    if (auto found = co_await find_one(std::move(filter), options)) {
        auto [record, unknown] = draft(std::move(data));  // What could not be created is refused, as LoopBack does.
        fill(record);
        co_await validate(record, unknown, Origin::fresh, options);
        co_return FoundOrMade{std::move(*found), false};
    }
    co_return co_await create_unless(std::move(data), options, Checks::all, &where);
}

Task<> StoredModel::require_unchanged(store::Transaction& transaction, Json const& id,
                                      Unchanged const& unchanged) const {
    Fields only;
    only.only.push_back(unchanged.property);
    auto const selection = select_by_id(id, only, true);
    std::optional<Json> now;
    co_await transaction.read(selection.statement,
                              [&](store::Row const& row) { now = store::read_record(row, table_, selection); });
    if (!now) throw no_such_record(id);
    if (!(std::as_const(*now)[unchanged.property] == unchanged.value)) throw Overtaken{};
}

Task<std::optional<Json>> StoredModel::patch_unchanged(Json id, Unchanged const& unchanged, Json value,
                                                       OperationOptions const& options) {
    auto current = co_await find_by_id(id, {}, options);
    if (!current) throw no_such_record(id);
    if (value.is_undefined()) co_return current;
    try {
        co_return co_await patch_checked(std::move(*current), JsonObject{{unchanged.property, std::move(value)}},
                                         options, Checks::all, &unchanged);
    } catch (Overtaken const&) {
        co_return std::nullopt;
    }
}

Task<Json> StoredModel::change_property(Json id, std::string property, PropertyChange change,
                                        OperationOptions options) {
    require_store();
    auto const key = to_id(id);
    Fields only;
    only.only.push_back(property);
    for (int round = 0; round < most_rounds; ++round) {
        // As it is stored: `loaded` hooks may show it otherwise.
        auto const stored = key.is_undefined() ? std::nullopt : co_await read_by_id(key, only);
        if (!stored) throw no_such_record(id);
        Unchanged unchanged{.property = property, .value = std::as_const(*stored)[property], .also = {}};
        auto value = co_await change(unchanged.value, unchanged.also);
        auto record = co_await patch_unchanged(key, unchanged, std::move(value), options);
        if (record) co_return std::move(*record);
    }
    throw unavailable(fmt::format("`{}` is being changed by too many at once. Try again shortly.", property));
}

}  // namespace sallyport::model

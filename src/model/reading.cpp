// Reading records: as records, for hooks and includes, or as the text of a reply.

#include "definition/value.hpp"
#include "model/related.hpp"
#include "model/scope.hpp"
#include "model/stored_model.hpp"
#include "query/sql.hpp"
#include "store/row.hpp"

#include <cmath>

namespace sallyport::model {
namespace {

store::Plan plan_of(query::Selection const& selection) {
    return selection.is_point ? store::Plan::point : store::Plan::scan;
}

}  // namespace

Json StoredModel::to_id(Json const& value) const {
    auto const* id = definition_.id();
    if (id == nullptr || value.is_nothing()) return {};
    using Kind = definition::PropertyType::Kind;
    if (value.is_string() && id->type.kind == Kind::string) return value;
    if (value.is_number() && id->type.kind == Kind::number) return std::isnan(value.as_number()) ? Json{} : value;
    return definition::to_id(definition_, to_display(value));
}

Json const& StoredModel::id_of(Json const& record) const {
    static Json const none;
    auto const* id = definition_.id();
    return id == nullptr ? none : record[id->name];
}

Task<> StoredModel::prepare_read(Filter& filter, OperationOptions const& options) {
    if (has_hooks(Moment::access)) {
        HookContext context{.model = *this, .options = options, .filter = &filter};
        co_await run_hooks(Moment::access, context);
    }
    if (default_scope_) add_scope(filter, *default_scope_);
}

Task<std::vector<Json>> StoredModel::read_records(Filter filter, OperationOptions const& options) {
    require_store();
    auto const selection = query::select(table_, filter, store_->dialect(), true);
    std::vector<Json> records;
    co_await store_->read(
        selection.statement,
        [&](store::Row const& row) { records.push_back(store::read_record(row, table_, selection)); },
        plan_of(selection));
    co_await run_loaded_hooks(records, options);
    co_return records;
}

query::Selection StoredModel::select_by_id(Json const& id, Fields const& fields, bool with_hidden) const {
    auto value = query::to_column(table_.columns[table_.id].storage, id);
    if (fields.empty()) return statements_.by_id(std::move(value), with_hidden);
    return query::select_by_id(table_, std::move(value), fields, with_hidden);
}

Task<std::optional<Json>> StoredModel::read_by_id(Json const& id, Fields const& fields) {
    require_store();
    auto const selection = select_by_id(id, fields, true);
    std::optional<Json> record;
    co_await store_->read(
        selection.statement, [&](store::Row const& row) { record = store::read_record(row, table_, selection); },
        store::Plan::point);
    co_return record;
}

Task<std::vector<Json>> StoredModel::find(Filter filter, OperationOptions options) {
    IncludeCheck const everything;
    co_return co_await find_with(*this, std::move(filter), options, everything);
}

Task<std::optional<Json>> StoredModel::find_one(Filter filter, OperationOptions options) {
    filter.limit = 1;
    auto found = co_await find(std::move(filter), options);
    if (found.empty()) co_return std::nullopt;
    co_return std::move(found.front());
}

Task<std::optional<Json>> StoredModel::find_by_id(Json id, Filter filter, OperationOptions options) {
    require_store();
    auto const key = to_id(id);
    if (key.is_undefined()) co_return std::nullopt;
    auto const is_plain =
        filter.include.empty() && !default_scope_ && !has_hooks(Moment::access) && !has_hooks(Moment::loaded);
    if (is_plain) co_return co_await read_by_id(key, filter.fields);
    Filter by_id;
    by_id.where = equals(definition_.id()->name, key);
    by_id.fields = std::move(filter.fields);
    by_id.include = std::move(filter.include);
    co_return co_await find_one(std::move(by_id), options);
}

Task<bool> StoredModel::exists(Json id, OperationOptions options) {
    require_store();
    auto const key = to_id(id);
    if (key.is_undefined()) co_return false;
    if (default_scope_ || has_hooks(Moment::access)) {
        co_return co_await count(equals(definition_.id()->name, key), options) != 0;
    }
    Fields only_id;
    only_id.only.push_back(definition_.id()->name);
    co_return (co_await read_by_id(key, only_id)).has_value();
}

Task<std::int64_t> StoredModel::count(Where where, OperationOptions options) {
    require_store();
    Filter filter;
    filter.where = std::move(where);
    co_await prepare_read(filter, options);
    std::int64_t found = 0;
    co_await store_->read(query::count(table_, filter.where, store_->dialect()),
                          [&](store::Row const& row) { found = row.integer(0); });
    co_return found;
}

Task<bool> StoredModel::matches(Json const& record, Where const& where) const {
    if (where.matches_everything()) co_return true;
    bool holds = false;
    co_await store_->read(
        query::count_in(table_, record.as_object(), where, store_->dialect()),
        [&](store::Row const& row) { holds = row.integer(0) != 0; }, store::Plan::point);
    co_return holds;
}

bool StoredModel::may_come_by(std::string_view property) const {
    auto const* column = table_.column(property);
    auto const is_ordered = default_scope_ && !default_scope_->order.empty();
    return !is_ordered && column != nullptr && column->storage != query::Storage::json;
}

bool StoredModel::reads_are_plain(Filter const& filter) const {
    return rows_are_plain_ && filter.include.empty() && !has_hooks(Moment::access) && !has_hooks(Moment::loaded);
}

Task<std::optional<JsonText>> StoredModel::find_by_id_text(Json id, Filter filter) {
    auto const key = to_id(id);
    if (key.is_undefined()) co_return std::nullopt;
    auto const selection = select_by_id(key, filter.fields, false);
    std::optional<JsonText> found;
    co_await store_->read(
        selection.statement,
        [&](store::Row const& row) { store::append_row(found.emplace().text, row, table_, selection); },
        store::Plan::point);
    co_return found;
}

Task<JsonText> StoredModel::find_text(Filter filter) {
    auto const selection = query::select(table_, filter, store_->dialect(), false);
    JsonText list{"["};
    co_await store_->read(
        selection.statement,
        [&](store::Row const& row) {
            if (list.text.size() > 1) list.text += ',';
            store::append_row(list.text, row, table_, selection);
        },
        plan_of(selection));
    list.text += ']';
    co_return list;
}

}  // namespace sallyport::model

// What the additions of a hook do to the records of a model: inside the hook's transaction, without hooks of their own.

#include "definition/value.hpp"
#include "model/record_transaction.hpp"
#include "model/scope.hpp"
#include "model/stored_model.hpp"
#include "model/validation_error.hpp"
#include "query/sql.hpp"
#include "store/row.hpp"

#include <utility>

namespace sallyport::model {

Task<> StoredModel::add_to(store::Transaction& transaction, HookContext& context, Json id) const {
    context.once_committed.clear();
    RecordTransaction records{*this, transaction, context};
    for (auto const& addition : context.additions) co_await addition(records, id);
}

Filter StoredModel::in_default_scope(Filter filter) const {
    if (default_scope_) add_scope(filter, *default_scope_);
    return filter;
}

Task<std::vector<Json>> StoredModel::find_in(store::Transaction& transaction, Filter filter) const {
    auto const selection = query::select(table_, in_default_scope(std::move(filter)), store_->dialect(), true);
    std::vector<Json> records;
    co_await transaction.read(selection.statement, [&](store::Row const& row) {
        records.push_back(store::read_record(row, table_, selection));
    });
    co_return records;
}

Task<> StoredModel::create_in(store::Transaction& transaction, Json& record, Origin origin) const {
    auto [drafted, unknown] = draft(std::move(record));
    record = std::move(drafted);
    fill(record);
    auto problems = rules_.check(record.as_object(), origin);
    for (auto const& name : unknown) problems.push_back({name, "unknown-property", "is not defined in the model"});
    if (validates_ && !problems.empty()) throw validation_error(definition_, record.as_object(), problems);
    try {
        co_await add_row(transaction, record.as_object());
    } catch (store::UniqueViolation const& violation) {
        throw conflict(violation, record);
    }
    settle(record);
}

Task<> StoredModel::update_in(store::Transaction& transaction, Where const& where, Json data,
                              std::int64_t& changed) const {
    auto changes = draft(std::move(data)).record;
    changes.as_object().erase(definition_.id()->name);
    set_scope_values(changes);
    auto const scoped = in_default_scope({.where = where}).where;
    auto const& members = changes.as_object();
    try {
        changed = co_await transaction.run(query::update(table_, scoped, members, store_->dialect()));
    } catch (store::UniqueViolation const& violation) {
        throw conflict(violation, changes);
    }
}

Task<> StoredModel::delete_in(store::Transaction& transaction, Where const& where, std::int64_t& deleted) const {
    auto const scoped = in_default_scope({.where = where}).where;
    deleted = co_await transaction.run(query::remove(table_, scoped, store_->dialect()));
}

}  // namespace sallyport::model

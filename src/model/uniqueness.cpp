// What must be unique: looked at in the transaction that writes, so that two requests cannot both find room, and once
// more by the database where it has an index.

#include "model/stored_model.hpp"
#include "model/validation_error.hpp"
#include "query/sql.hpp"

#include <fmt/format.h>
#include <re2/re2.h>

#include <algorithm>

namespace sallyport::model {
namespace {

Where taken(Uniqueness const& unique, JsonObject const& record) {
    auto same = equals(unique.property, *record.find(unique.property));
    if (unique.ignore_case && same.value.is_string()) {
        same.op = Operator::regexp;
        same.value = "^" + RE2::QuoteMeta(same.value.as_string()) + "$";
        same.options = "i";
    }
    std::vector<Where> parts{std::move(same)};
    for (auto const& name : unique.scoped_to) {
        if (auto const* value = record.find(name); value != nullptr && !value->is_undefined())
            parts.push_back(equals(name, *value));
    }
    return all_of(std::move(parts));
}

bool concerns(Uniqueness const& unique, JsonObject const& changed) {
    return changed.contains(unique.property) ||
           std::ranges::any_of(unique.scoped_to, [&](std::string const& name) { return changed.contains(name); });
}

// The message for a violated index on a property: the declared one, or what LoopBack's User says.
std::string message_for(definition::Model const& model, std::vector<Uniqueness> const& rules,
                        std::string const& property) {
    auto const rule = std::ranges::find(rules, property, &Uniqueness::property);
    if (rule != rules.end()) return rule->message;
    if (model.is("User") && property == "email") return "Email already exists";
    if (model.is("User") && property == "username") return "User already exists";
    return Uniqueness{}.message;
}

}  // namespace

Task<std::vector<Problem>> StoredModel::duplicates(JsonObject const& record, JsonObject const& changed,
                                                   Read const& read) const {
    std::vector<Problem> problems;
    auto const& id = table_.columns[table_.id];
    auto const* own = record.find(id.property);
    auto const own_key = own ? query::to_column(id.storage, *own) : query::Value{};
    for (auto const& unique : rules_.uniqueness()) {
        auto const* value = record.find(unique.property);
        if (value == nullptr || is_blank(*value) || !concerns(unique, changed)) continue;
        Filter filter;
        filter.where = taken(unique, record);
        filter.fields.only.push_back(id.property);
        filter.limit = 2;
        bool is_taken = false;
        auto selection = query::select(table_, filter, store_->dialect(), true);
        co_await read(std::move(selection.statement),
                      [&](store::Row const& row) { is_taken = is_taken || row.value(0) != own_key; });
        if (is_taken) problems.push_back({unique.property, "uniqueness", unique.message});
    }
    co_return problems;
}

Task<> StoredModel::require_unique(store::Transaction& transaction, JsonObject const& record,
                                   JsonObject const& changed) const {
    auto const problems =
        co_await duplicates(record, changed, [&](store::Statement statement, store::RowReader reader) {
            return transaction.read(std::move(statement), std::move(reader));
        });
    if (!problems.empty()) throw validation_error(definition_, record, problems);
}

Error StoredModel::conflict(store::UniqueViolation const& violation, Json const& record) const {
    std::string property;
    if (violation.table == table_.name && !violation.columns.empty()) {
        auto const column = std::ranges::find(table_.columns, violation.columns.front(), &query::Column::name);
        if (column != table_.columns.end()) property = column->property;
    }
    if (property.empty()) return {409, fmt::format("{} collides with what is stored already.", name())};
    if (violation.columns.size() == 1 && property == table_.columns[table_.id].property) {
        return {409, fmt::format("Duplicate entry for {}.{}", name(), property)};
    }
    return validation_error(definition_, record.as_object(),
                            {{property, "uniqueness", message_for(definition_, rules_.uniqueness(), property)}});
}

}  // namespace sallyport::model

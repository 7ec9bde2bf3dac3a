// Whole statements. Conditions are in where_sql.cpp.
//
// The text of a statement depends only on the table and the shape of the question, never on a value, so that a store
// finds it prepared.

#include "query/sql.hpp"

#include "query/where_sql.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace sallyport::query {
namespace {

constexpr double integer_bound = 9223372036854775808.0;  // 2^63

Value number_value(Storage storage, double number) {
    if (std::isnan(number)) return {};
    auto const is_whole = number == std::trunc(number) && std::abs(number) < integer_bound;
    if (storage == Storage::integer && is_whole) return static_cast<std::int64_t>(number);
    return number;
}

Value date_value(double milliseconds) {
    if (!std::isfinite(milliseconds) || std::abs(milliseconds) >= integer_bound) return {};
    return static_cast<std::int64_t>(milliseconds);
}

bool is_id(Table const& table, Column const& column) { return table.has_id() && &column == &table.columns[table.id]; }

bool is_null(Value const& value) { return std::holds_alternative<std::monostate>(value); }

void append_limits(Builder& builder, Filter const& filter) {
    if (filter.limit) {
        builder.sql += " LIMIT " + builder.place(*filter.limit);
    } else if (filter.skip > 0) {
        builder.sql += " LIMIT -1";
    }
    if (filter.skip > 0) builder.sql += " OFFSET " + builder.place(filter.skip);
}

// Whether the condition holds for no row where the property is absent or null.
bool needs_value(Where const& where, std::string_view property) {
    auto const needs = [&](Where const& part) { return needs_value(part, property); };
    if (where.kind == Where::Kind::all) return std::ranges::any_of(where.parts, needs);
    if (where.kind != Where::Kind::comparison || where.property != property) return false;
    if (where.op == Operator::eq) return !where.value.is_nothing();
    return where.op == Operator::inq && std::ranges::none_of(where.value.as_array(), &Json::is_nothing);
}

// NULL, which sorts first, stands for an absent value; a value set to null counts as zero among numbers and dates.
std::string order_term(Builder& builder, std::string const& property, Where const& where) {
    auto const& table = builder.table;
    if (auto const* column = table.column(property); column != nullptr && column->storage != Storage::json) {
        auto const& name = column->sql;
        auto const is_plain = !table.has_more || column->storage == Storage::text || is_id(table, *column);
        if (is_plain || needs_value(where, property)) return name;  // An index may give this order.
        return fmt::format("CASE WHEN {0} IS NULL THEN sallyport_at({1}, {2}, 1) ELSE {0} END", name, builder.more(),
                           builder.place(json_path(property)));
    }
    auto const target = builder.json_target(property);
    return target ? fmt::format("sallyport_at({}, {}, {})", target->document, target->path, target->decodings) : "NULL";
}

// What is asked for near a point comes nearest first.
void add_distances(Builder& builder, Where const& where, std::vector<std::string>& terms) {
    if (where.kind == Where::Kind::comparison && where.op == Operator::near) terms.push_back(distance(builder, where));
    if (where.kind != Where::Kind::all) return;
    for (auto const& part : where.parts) add_distances(builder, part, terms);
}

void append_order(Builder& builder, Filter const& filter) {
    auto const& table = builder.table;
    std::vector<std::string> terms;
    add_distances(builder, filter.where, terms);
    auto by_id = false;
    for (auto const& order : filter.order) {
        by_id = by_id || (table.has_id() && table.columns[table.id].property == order.property);
        terms.push_back(order_term(builder, order.property, filter.where) + (order.descending ? " DESC" : ""));
        if (by_id) break;  // Nothing is left to decide.
    }
    if (!by_id && table.has_id()) terms.push_back(table.columns[table.id].sql);
    if (!terms.empty()) builder.sql += fmt::format(" ORDER BY {}", fmt::join(terms, ", "));
}

// "SELECT columns FROM table".
Selection start_selection(Builder& builder, Fields const& fields, bool with_hidden) {
    auto const& table = builder.table;
    Selection selection{.statement = {},
                        .columns = {},
                        .with_more = table.has_more,
                        .more_is_whole = false,
                        .fields = fields,
                        .with_hidden = with_hidden,
                        .is_point = false};
    selection.columns.reserve(table.columns.size());
    auto& sql = builder.sql;
    sql.reserve(64 * table.columns.size());
    sql = "SELECT ";
    auto hides = false;
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
        auto const& column = table.columns[i];
        hides = hides || (column.is_hidden && !with_hidden);
        if ((column.is_hidden && !with_hidden) || !fields.has(column.property)) continue;
        if (!selection.columns.empty()) sql += ", ";
        sql += column.sql;
        selection.columns.push_back(i);
    }
    if (table.has_more) {
        if (!selection.columns.empty()) sql += ", ";
        sql += builder.more();
    } else if (selection.columns.empty()) {
        sql += "NULL";
    }
    selection.more_is_whole = fields.empty() && !hides;
    sql += " FROM ";
    sql += quote(table.name);
    return selection;
}

bool is_point(Table const& table, Where const& where) {
    if (where.kind == Where::Kind::all) {
        return std::ranges::any_of(where.parts, [&](Where const& part) { return is_point(table, part); });
    }
    if (where.kind != Where::Kind::comparison || where.op != Operator::eq || where.value.is_nothing()) return false;
    auto const* column = table.column(where.property);
    return column != nullptr && column->is_unique;
}

// What `_more` holds of a record: unknown properties, and null for known ones set to null. "" for nothing.
std::string more_text(Table const& table, JsonObject const& record) {
    JsonObject more;
    for (auto const& [name, value] : record) {
        if (value.is_undefined()) continue;
        auto const* column = table.column(name);
        if (column == nullptr) {
            more.append(name, value);
        } else if (!is_id(table, *column) && is_null(to_column(column->storage, value))) {
            more.append(name, nullptr);
        }
    }
    return more.empty() ? std::string{} : to_text(Json{std::move(more)});
}

Value column_value(Column const& column, JsonObject const& record) {
    auto const* value = record.find(column.property);
    return value == nullptr ? Value{} : to_column(column.storage, *value);
}

Value more_value(Table const& table, JsonObject const& record) {
    auto text = more_text(table, record);
    return text.empty() ? Value{} : Value{std::move(text)};
}

std::string insert_text(Table const& table) {
    std::vector<std::string> names;
    std::vector<std::string> places;
    auto const add = [&](std::string name) {
        names.push_back(std::move(name));
        places.push_back(fmt::format("?{}", names.size()));
    };
    for (auto const& column : table.columns) add(quote(column.name));
    if (table.has_more) add("_more");
    return fmt::format("INSERT INTO {} ({}) VALUES ({})", quote(table.name), fmt::join(names, ", "),
                       fmt::join(places, ", "));
}

std::vector<Value> insert_values(Table const& table, JsonObject const& record) {
    std::vector<Value> values;
    values.reserve(table.columns.size() + 1);
    for (auto const& column : table.columns) values.push_back(column_value(column, record));
    if (table.has_more) values.push_back(more_value(table, record));
    return values;
}

}  // namespace

Selection select(Table const& table, Filter const& filter, Dialect dialect, bool with_hidden) {
    Builder builder{table, dialect};
    auto selection = start_selection(builder, filter.fields, with_hidden);
    selection.is_point = is_point(table, filter.where);
    append_where(builder, filter.where);
    if (!selection.is_point) append_order(builder, filter);
    append_limits(builder, filter);
    selection.statement = builder.finish();
    return selection;
}

Selection select_by_id(Table const& table, Value id, Fields const& fields, bool with_hidden) {
    Builder builder{table};
    auto selection = start_selection(builder, fields, with_hidden);
    selection.is_point = true;
    builder.sql += fmt::format(" WHERE {} = {}", table.columns[table.id].sql, builder.place(std::move(id)));
    selection.statement = builder.finish();
    return selection;
}

Statement count(Table const& table, Where const& where, Dialect dialect) {
    Builder builder{table, dialect};
    builder.sql = "SELECT count(*) FROM " + quote(table.name);
    append_where(builder, where);
    return builder.finish();
}

Statement count_in(Table const& table, JsonObject const& record, Where const& where, Dialect dialect) {
    Builder builder{table, dialect};
    std::vector<std::string> names;
    std::vector<std::string> places;
    for (auto const& column : table.columns) {
        names.push_back(quote(column.name));
        places.push_back(builder.place(column_value(column, record)));
    }
    if (table.has_more) {
        names.emplace_back("_more");
        places.push_back(builder.place(more_value(table, record)));
    }
    // A common table expression hides the table whose name it has, so conditions read as they always do.
    builder.sql = fmt::format("WITH {0} ({1}) AS (VALUES ({2})) SELECT count(*) FROM {0}", quote(table.name),
                              fmt::join(names, ", "), fmt::join(places, ", "));
    append_where(builder, where);
    return builder.finish();
}

FixedStatements::FixedStatements(Table const& table)
    : shown_{select_by_id(table, {}, {}, false)},
      whole_{select_by_id(table, {}, {}, true)},
      insert_{insert_text(table)} {}

Selection FixedStatements::by_id(Value id, bool with_hidden) const {
    auto selection = with_hidden ? whole_ : shown_;
    selection.statement.values.front() = std::move(id);
    return selection;
}

Statement FixedStatements::insert(Table const& table, JsonObject const& record) const {
    return {insert_, insert_values(table, record)};
}

Statement replace(Table const& table, Value id, JsonObject const& record) {
    Builder builder{table};
    std::vector<std::string> assignments;
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
        if (i == table.id) continue;
        auto const& column = table.columns[i];
        assignments.push_back(quote(column.name) + " = " + builder.place(column_value(column, record)));
    }
    if (table.has_more) assignments.push_back("_more = " + builder.place(more_value(table, record)));
    // A table that is nothing but its id still answers whether the row is there.
    if (assignments.empty()) assignments.push_back(fmt::format("{0} = {0}", quote(table.columns[table.id].name)));
    builder.sql = fmt::format("UPDATE {} SET {} WHERE {} = {}", quote(table.name), fmt::join(assignments, ", "),
                              table.columns[table.id].sql, builder.place(std::move(id)));
    return builder.finish();
}

Statement update(Table const& table, Where const& where, JsonObject const& changes, Dialect dialect) {
    Builder builder{table, dialect};
    std::vector<std::string> assignments;
    JsonArray known;  // A null that `_more` holds for one of these is history.
    for (auto const& column : table.columns) {
        auto const* value = changes.find(column.property);
        if (value == nullptr || value->is_undefined()) continue;
        assignments.push_back(quote(column.name) + " = " + builder.place(to_column(column.storage, *value)));
        known.emplace_back(column.property);
    }
    if (table.has_more && !changes.empty()) {
        auto more = more_text(table, changes);
        auto const places = fmt::format("{}, {}", builder.place(more.empty() ? Value{} : Value{std::move(more)}),
                                        builder.place(to_text(Json{std::move(known)})));
        assignments.push_back(fmt::format("_more = sallyport_merge(_more, {})", places));
    }
    if (assignments.empty()) assignments.push_back("rowid = rowid");
    builder.sql = fmt::format("UPDATE {} SET {}", quote(table.name), fmt::join(assignments, ", "));
    append_where(builder, where);
    return builder.finish();
}

Statement remove(Table const& table, Where const& where, Dialect dialect) {
    Builder builder{table, dialect};
    builder.sql = "DELETE FROM " + quote(table.name);
    append_where(builder, where);
    return builder.finish();
}

Value to_column(Storage storage, Json const& value) {
    if (value.is_nothing()) return {};
    switch (storage) {
        case Storage::text:
            return value.is_object() || value.is_array() ? to_text(value) : to_display(value);
        case Storage::real:
        case Storage::integer:
            return number_value(storage, to_number(value));
        case Storage::boolean:
            return std::int64_t{is_truthy(value)};
        case Storage::date:
            return date_value(value.is_string() ? parse_date(value.as_string()) : to_number(value));
        case Storage::json:
            return to_text(value);
    }
    return {};
}

std::string json_path(std::string_view dotted) {
    JsonArray names;
    for (std::size_t start = 0; start <= dotted.size();) {
        auto const end = std::min(dotted.find('.', start), dotted.size());
        names.emplace_back(dotted.substr(start, end - start));
        start = end + 1;
    }
    return to_text(Json{std::move(names)});
}

std::string like_to_regexp(std::string_view pattern) {
    std::string out;
    for (char const c : pattern) {
        if (c == '%') {
            out += ".*";
        } else if (c == '_') {
            out += '.';
        } else {
            constexpr std::string_view special = R"(\^$.|?*+()[]{})";
            if (special.contains(c)) out += '\\';
            out += c;
        }
    }
    return out;
}

}  // namespace sallyport::query

// Null never compares: a row without the value is found by eq null, neq, nin and the negated patterns only, as
// LoopBack's memory connector has it. A value that cannot be brought into the column's kind equals nothing.

#include "query/where_sql.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <cmath>
#include <span>

namespace sallyport::query {
namespace {

constexpr std::string_view always = "1";
constexpr std::string_view never = "0";

std::string condition(Builder& builder, Where const& where);

// Terms joined as a balanced tree: SQLite limits how deep an expression may nest, and a chain of ORs is as deep as
// long.
std::string joined(std::span<std::string const> terms, std::string_view word) {
    if (terms.size() == 1) return terms.front();
    auto const half = terms.size() / 2;
    return fmt::format("({} {} {})", joined(terms.first(half), word), word, joined(terms.subspan(half), word));
}

std::string any_of(std::vector<std::string> const& terms) {
    return terms.empty() ? std::string{never} : joined(terms, "OR");
}

std::string all_of(std::vector<std::string> const& terms) {
    return terms.empty() ? std::string{always} : joined(terms, "AND");
}

bool is_negated(Operator op) {
    return op == Operator::neq || op == Operator::nin || op == Operator::nlike || op == Operator::nilike;
}

std::string_view sign_of(Operator op) {
    switch (op) {
        case Operator::gt:
            return ">";
        case Operator::gte:
            return ">=";
        case Operator::lt:
            return "<";
        case Operator::lte:
            return "<=";
        default:
            return "=";
    }
}

// The RE2 pattern of like, ilike and regexp.
std::string pattern_of(Where const& where) {
    auto const text = to_display(where.value);
    auto const is_regexp = where.op == Operator::regexp;
    auto const ignores_case =
        where.op == Operator::ilike || where.op == Operator::nilike || where.options.contains('i');
    auto const is_multiline = is_regexp && where.options.contains('m');
    std::string flags;
    if (ignores_case) flags += 'i';
    if (is_multiline) flags += 'm';
    auto const body = is_regexp ? text : like_to_regexp(text);
    return flags.empty() ? body : fmt::format("(?{}){}", flags, body);
}

// ---- Columns of their own kind

// A value as the column keeps it; nothing if no such column can equal it ("abc" and a number).
Value comparable(Column const& column, Json const& value) {
    if (value.is_array() && column.storage == Storage::text) return to_display(value);
    if (value.is_array() || value.is_object()) {
        auto const number = to_number(value);
        auto const is_number = !std::isnan(number) && column.storage != Storage::date;
        return is_number ? to_column(column.storage, Json{number}) : Value{};
    }
    if (column.storage == Storage::text && !value.is_string() && !value.is_number() && !value.is_boolean()) {
        return value.is_date() ? to_column(Storage::text, value) : Value{};
    }
    return to_column(column.storage, value);
}

bool is_null(Value const& value) { return std::holds_alternative<std::monostate>(value); }

// Whether a list survives as JSON text: whole numbers and texts without NUL do, SQLite reads other numbers inexactly.
bool fits_json(std::vector<Value> const& values) {
    return std::ranges::all_of(values, [](Value const& value) {
        if (auto const* text = std::get_if<std::string>(&value)) return !text->contains('\0');
        if (auto const* number = std::get_if<double>(&value)) {
            return *number == std::trunc(*number) && std::abs(*number) < 9007199254740992.0;
        }
        return std::abs(std::get<std::int64_t>(value)) < 9007199254740992;
    });
}

std::string json_of(std::vector<Value> const& values) {
    JsonArray items;
    for (auto const& value : values) {
        if (auto const* text = std::get_if<std::string>(&value)) items.emplace_back(*text);
        if (auto const* number = std::get_if<double>(&value)) items.emplace_back(*number);
        if (auto const* whole = std::get_if<std::int64_t>(&value)) items.emplace_back(static_cast<double>(*whole));
    }
    return to_text(Json{std::move(items)});
}

// One bound array where it can be, so that lists of all lengths share one prepared statement.
std::string in_list(Builder& builder, std::string const& name, std::vector<Value> values) {
    if (values.empty()) return std::string{never};
    if (fits_json(values)) {
        return fmt::format("{} IN (SELECT value FROM json_each({}))", name, builder.place(json_of(values)));
    }
    std::vector<std::string> places;
    for (auto& value : values) places.push_back(builder.place(std::move(value)));
    return fmt::format("{} IN ({})", name, fmt::join(places, ", "));
}

std::string list_condition(Builder& builder, Column const& column, Where const& where) {
    auto const& name = column.sql;
    std::vector<Value> values;
    auto with_null = false;
    for (auto const& item : where.value.as_array()) {
        auto value = comparable(column, item);
        if (item.is_nothing()) {
            with_null = true;
        } else if (!is_null(value)) {
            values.push_back(std::move(value));
        }
    }
    auto const has_values = !values.empty();
    auto const is_in = in_list(builder, name, std::move(values));
    if (where.op == Operator::inq) return with_null ? fmt::format("({} OR {} IS NULL)", is_in, name) : is_in;
    auto const is_out = has_values ? fmt::format("{} NOT{}", name, is_in.substr(name.size())) : std::string{always};
    return fmt::format("({0} IS {1}NULL {2} {3})", name, with_null ? "NOT " : "", with_null ? "AND" : "OR", is_out);
}

std::string equality(Builder& builder, Column const& column, Where const& where) {
    auto const& name = column.sql;
    auto const is_eq = where.op == Operator::eq;
    if (where.value.is_nothing()) return name + (is_eq ? " IS NULL" : " IS NOT NULL");
    auto value = comparable(column, where.value);
    if (is_null(value)) return std::string{is_eq ? never : always};
    return fmt::format("{} {} {}", name, is_eq ? "=" : "IS NOT", builder.place(std::move(value)));
}

std::string comparison(Builder& builder, Column const& column, Operator op, Json const& value) {
    auto const& name = column.sql;
    if (value.is_nothing()) {
        auto const or_equal = op == Operator::gte || op == Operator::lte;
        return or_equal ? name + " IS NULL" : std::string{never};
    }
    auto bound = comparable(column, value);
    // A list that is no date is a number to JavaScript where one is less than another: [] is 0.
    auto const is_moment = column.storage == Storage::date && value.is_array();
    if (is_moment) bound = to_column(Storage::date, Json{to_number(value)});
    if (is_null(bound)) return std::string{never};
    return fmt::format("{} {} {}", name, sign_of(op), builder.place(std::move(bound)));
}

std::string column_condition(Builder& builder, Column const& column, Where const& where) {
    switch (where.op) {
        case Operator::eq:
        case Operator::neq:
            return equality(builder, column, where);
        case Operator::gt:
        case Operator::gte:
        case Operator::lt:
        case Operator::lte:
            return comparison(builder, column, where.op, where.value);
        case Operator::between: {
            auto const& bounds = where.value.as_array();
            return fmt::format("({} AND {})", comparison(builder, column, Operator::gte, bounds[0]),
                               comparison(builder, column, Operator::lte, bounds[1]));
        }
        case Operator::inq:
        case Operator::nin:
            return list_condition(builder, column, where);
        case Operator::like:
        case Operator::nlike:
        case Operator::ilike:
        case Operator::nilike:
        case Operator::regexp:
        case Operator::near:
            break;
    }
    // LoopBack throws at what is no text, or skips it.
    if (where.op == Operator::regexp && column.storage != Storage::text) return std::string{never};
    auto const text = column.storage == Storage::boolean
                          ? fmt::format("CASE {} WHEN 1 THEN 'true' WHEN 0 THEN 'false' END", column.sql)
                          : column.sql;
    auto const not_empty = where.op == Operator::regexp ? fmt::format("{} <> '' AND ", column.sql) : std::string{};
    return fmt::format("({}{}sallyport_match({}, {}))", not_empty, is_negated(where.op) ? "NOT " : "",
                       builder.place(pattern_of(where)), text);
}

// ---- Values inside JSON

// The test of sallyport_some, before negation.
std::string_view test_of(Operator op) {
    switch (op) {
        case Operator::between:
            return "between";
        case Operator::inq:
        case Operator::nin:
            return "in";
        case Operator::like:
        case Operator::nlike:
        case Operator::ilike:
        case Operator::nilike:
            return "like";
        case Operator::regexp:
            return "regexp";
        default:
            return sign_of(op);
    }
}

std::string json_condition(Builder& builder, JsonTarget const& target, Where const& where) {
    auto const test = test_of(where.op);
    auto const is_pattern = test == "like" || test == "regexp";
    auto const operand = is_pattern ? pattern_of(where) : to_text(where.value);
    return fmt::format("sallyport_some({}, {}, {}, '{}{}', {})", target.document, target.path, target.decodings,
                       is_negated(where.op) ? "not " : "", test, builder.place(operand));
}

// A property that no row has.
std::string absent_condition(Where const& where) {
    auto const has_null = [](Json const& list) {
        return std::ranges::any_of(list.as_array(), [](Json const& item) { return item.is_nothing(); });
    };
    switch (where.op) {
        case Operator::eq:
            return std::string{where.value.is_nothing() ? always : never};
        case Operator::neq:
            return std::string{where.value.is_nothing() ? never : always};
        case Operator::inq:
            return std::string{has_null(where.value) ? always : never};
        case Operator::nin:
            return std::string{has_null(where.value) ? never : always};
        case Operator::nlike:
        case Operator::nilike:
            return std::string{always};
        default:
            return std::string{never};
    }
}

std::string near_condition(Builder& builder, Where const& where) {
    auto const away = distance(builder, where);
    std::vector<std::string> terms{away + " IS NOT NULL"};
    auto const limit = [&](std::string_view name, std::string_view sign) {
        auto const& value = where.value[name];
        if (value.is_number()) terms.push_back(fmt::format("{} {} {}", away, sign, builder.place(value.as_number())));
    };
    limit("min", ">=");
    limit("max", "<=");
    return all_of(terms);
}

std::string stored_condition(Builder& builder, Column const* column, Where const& where) {
    if (column != nullptr && column->storage != Storage::json) return column_condition(builder, *column, where);
    auto const target = builder.json_target(where.property);
    return target ? json_condition(builder, *target, where) : absent_condition(where);
}

std::string comparison_condition(Builder& builder, Where const& where) {
    if (where.op == Operator::near) return near_condition(builder, where);
    auto const* column = builder.table.column(where.property);
    auto text = stored_condition(builder, column, where);
    // As in the SQL of LoopBack's connector: what is NULL does not differ from anything.
    auto const leaves_out_null = column != nullptr && !builder.table.has_more && is_negated(where.op);
    return leaves_out_null ? fmt::format("({} IS NOT NULL AND {})", column->sql, text) : text;
}

std::string condition(Builder& builder, Where const& where) {
    if (where.kind == Where::Kind::comparison) return comparison_condition(builder, where);
    std::vector<std::string> terms;
    for (auto const& part : where.parts) terms.push_back(condition(builder, part));
    return where.kind == Where::Kind::all ? all_of(terms) : any_of(terms);
}

}  // namespace

Builder::Builder(Table const& of, [[maybe_unused]] Dialect for_dialect) : table{of} {
    assert(for_dialect == Dialect::sqlite);
}

std::string Builder::place(Value value) {
    values.push_back(std::move(value));
    return fmt::format("?{}", values.size());
}

std::string Builder::more() const { return quote(table.name) + "._more"; }

std::optional<JsonTarget> Builder::json_target(std::string_view property) {
    auto const dot = std::min(property.find('.'), property.size());
    // A whole name first: a property name may hold a dot.
    auto const* whole = table.column(property);
    auto const* first = whole != nullptr ? whole : table.column(property.substr(0, dot));
    if (first == nullptr) {
        if (!table.has_more) return std::nullopt;
        return JsonTarget{more(), place(json_path(property)), "1"};
    }
    if (first->storage != Storage::json) return std::nullopt;
    auto const has_path = whole == nullptr && dot < property.size();
    auto path = has_path ? json_path(property.substr(dot + 1)) : std::string{"[]"};
    auto const decodings = table.has_more || first->is_quoted ? "1" : "2";
    return JsonTarget{first->sql, place(std::move(path)), decodings};
}

std::string distance(Builder& builder, Where const& near) {
    auto const target = builder.json_target(near.property);
    if (!target) return "NULL";
    return fmt::format("sallyport_distance({}, {}, {}, {}, {})", target->document, target->path, target->decodings,
                       builder.place(near.value["lat"].as_number()), builder.place(near.value["lng"].as_number()));
}

void append_where(Builder& builder, Where const& where) {
    if (where.matches_everything()) return;
    builder.sql += " WHERE " + condition(builder, where);
}

}  // namespace sallyport::query

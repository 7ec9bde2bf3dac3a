// Conditions as SQL: the WHERE of select, count, update and remove.
//
// Four SQL functions of the store do what plain SQL cannot say:
//   sallyport_match(pattern, value)
//       whether RE2 finds `pattern` in the value; false for NULL
//   sallyport_some(document, path, times, test, operand)
//       whether of what stands at the path some value passes: arrays on the way and at the end are taken apart, a value
//       that is not there is null; see store/value_condition.hpp
//   sallyport_distance(document, path, times, lat, lng)
//       radians between the point at the path and this one; NULL without a point
//   sallyport_at(document, path, times)
//       one value at the path to sort by; NULL if there is none
// `times` says how often the document was encoded as JSON: twice by LoopBack's connector, once by us.

#pragma once

#include "query/sql.hpp"

#include <optional>
#include <string>
#include <vector>

namespace sallyport::query {

/// A place inside a JSON document: all three are SQL.
struct JsonTarget {
    std::string document;
    std::string path;
    std::string decodings;
};

/// A statement in the making.
struct Builder {
    explicit Builder(Table const& of, Dialect for_dialect = Dialect::sqlite);

    /// Adds a value and returns its placeholder.
    std::string place(Value value);

    std::string more() const;  ///< "table"._more

    /// Where a property lives that has no column of its own kind; nothing if no row can have it.
    std::optional<JsonTarget> json_target(std::string_view property);

    Statement finish() { return {std::move(sql), std::move(values)}; }

    Table const& table;
    std::string sql;
    std::vector<Value> values;
};

/// The distance that a near asks about, as an expression.
std::string distance(Builder& builder, Where const& near);

/// Appends " WHERE ..." unless `where` holds for every row.
void append_where(Builder& builder, Where const& where);

}  // namespace sallyport::query

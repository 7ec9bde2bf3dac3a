// Filters as SQL: text with placeholders, and the values to bind. Values never become part of the text.

#pragma once

#include "query/table.hpp"
#include "sallyport/filter.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace sallyport::query {

enum class Dialect : std::uint8_t { sqlite, postgresql };

/// A value to bind or a value of a column: null, integer, real, text (UTF-8, NULs allowed).
using Value = std::variant<std::monostate, std::int64_t, double, std::string>;

struct Statement {
    std::string sql;  ///< "?1", "?2" ... mark the values, in order.
    std::vector<Value> values;
};

/// A SELECT and what its columns are: columns[i] is the table column at position i of the result.
struct Selection {
    Statement statement;
    std::vector<std::size_t> columns;  ///< Indexes into Table::columns.
    bool with_more = false;            ///< `_more` is the last column.
    bool more_is_whole = false;        ///< Every name in `_more` may be given: no fields, and nothing hidden.
    Fields fields;                     ///< Of names in `_more`.
    bool with_hidden = false;          ///< The same.
    bool is_point = false;             ///< At most one row, found through a unique index.
};

/// Rows that match, ordered by the id where the filter gives no order. Hidden columns are left out unless
/// `with_hidden`. filter.fields picks columns; include is not looked at.
Selection select(Table const& table, Filter const& filter, Dialect dialect, bool with_hidden);

/// One row by its id. The text is the same for every id, so that it is prepared once.
Selection select_by_id(Table const& table, Value id, Fields const& fields, bool with_hidden);

Statement count(Table const& table, Where const& where, Dialect dialect);

/// The same as if `record` were all there is in the table: 1 if it fits the condition, else 0.
Statement count_in(Table const& table, JsonObject const& record, Where const& where, Dialect dialect);

/// Statements whose text is the same for every record of a table, put together once.
class FixedStatements {
public:
    FixedStatements() = default;  ///< For a table without an id: nothing may be called.
    explicit FixedStatements(Table const& table);

    /// As select_by_id without fields.
    Selection by_id(Value id, bool with_hidden) const;

    /// INSERT of a record (of definition types) into `table`, the one they were made for. An absent id is left to the
    /// store.
    Statement insert(Table const& table, JsonObject const& record) const;

private:
    Selection shown_;
    Selection whole_;
    std::string insert_;
};

/// UPDATE of the whole row `id`: columns not in the record become absent.
Statement replace(Table const& table, Value id, JsonObject const& record);

/// UPDATE of the given properties of all rows that match: known ones by column, the rest merged into `_more`.
Statement update(Table const& table, Where const& where, JsonObject const& changes, Dialect dialect);

Statement remove(Table const& table, Where const& where, Dialect dialect);

/// `value` as the column of that storage keeps it; null and undefined become NULL, NaN and invalid dates too.
Value to_column(Storage storage, Json const& value);

/// The names below a dotted property as a JSON array: what the SQL functions of a store take as a path.
std::string json_path(std::string_view dotted);

/// How the text form of a WHERE's like pattern matches: "%" any run, "_" one character, anywhere in the text, as
/// LoopBack's memory connector does. As an RE2 pattern.
std::string like_to_regexp(std::string_view pattern);

}  // namespace sallyport::query

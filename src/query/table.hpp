// A model as a table: names of table and columns as LoopBack's SQL connectors choose them, and how each is kept.

#pragma once

#include "definition/definition.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sallyport::query {

/// How a column keeps its property. Booleans and dates as integers (0/1, milliseconds since the Unix epoch).
enum class Storage : std::uint8_t { text, real, integer, boolean, date, json };

struct Column {
    std::string name;  ///< Lower-cased property name unless the definition names one.
    std::string property;
    Storage storage = Storage::text;
    bool is_hidden = false;
    bool is_protected = false;
    bool is_unique = false;    ///< No two rows hold the same value, and an index finds it.
    bool holds_dates = false;  ///< A JSON array of dates.
    bool is_quoted = false;    ///< Of a table of LoopBack's: text as a JSON text, encoded once.
    Json fallback{};           ///< What absent means: the property's default, where reads apply it; undefined for none.
    std::string key;           ///< `"property":`, ready for a JSON object.
    std::string sql;           ///< `"table"."column"`, ready for a statement.
};

/// Null in a column means absent, and in a table of LoopBack's null, as its connector reads it. `_more` is a JSON
/// object of unknown properties, and of null for each known property that was set to null.
struct Table {
    std::string name;
    std::vector<Column> columns;  ///< In definition order.
    std::size_t id = 0;           ///< Index of the id column; columns.size() for a model without an id.
    bool has_more = true;         ///< false for a table that LoopBack's connector made.
    definition::Model const* model = nullptr;

    Column const* column(std::string_view property) const;
    bool has_id() const { return id < columns.size(); }
};

/// An index that a model asks for.
struct Index {
    std::string name;
    std::vector<std::string> columns;  ///< Column names, in index order.
    bool is_unique = false;
    bool skips_blank = false;  ///< Rows that hold "" in the last column are not in it: any number of them may be.
};

/// Name of the model's table.
std::string table_name(definition::Model const& model);

Table make_table(definition::Model const& model);

/// Indexes of `index` and `unique` properties and of the model's "indexes", for models that extend User those that keep
/// email, and username but for "", unique (within a realm where the model has realms), and one for each foreign key by
/// which a relation finds records, unless another begins with it.
std::vector<Index> indexes_of(definition::Model const& model);

/// `name` as a quoted SQL identifier: "a""b".
std::string quote(std::string_view name);

}  // namespace sallyport::query

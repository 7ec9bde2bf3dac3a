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
    std::string name;      ///< Lower-cased property name unless the definition names one.
    std::string property;
    Storage storage = Storage::text;
    bool is_hidden = false;
    bool is_protected = false;
};

/// Null in a column means absent. `_more` is a JSON object of unknown properties, and of null for each known
/// property that was set to null.
struct Table {
    std::string name;
    std::vector<Column> columns;  ///< In definition order.
    std::size_t id = 0;           ///< Index of the id column.
    bool has_more = true;         ///< false for a table that LoopBack's connector made.
    definition::Model const* model = nullptr;

    Column const* column(std::string_view property) const;
};

Table make_table(definition::Model const& model);

/// `name` as a quoted SQL identifier: "a""b".
std::string quote(std::string_view name);

}  // namespace sallyport::query

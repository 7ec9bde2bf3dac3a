// The tables of Sallyport itself, sallyport_*: what LoopBack's tables have no place for.

#pragma once

#include <string_view>
#include <vector>

namespace sallyport::store {

/// Raised when a table here changes its shape; a database of a newer version is refused.
constexpr int own_schema_version = 5;

/// CREATE statements, in the order they run; tables are STRICT. Each starts with "CREATE TABLE name" or
/// "CREATE [UNIQUE] INDEX name".
std::vector<std::string_view> own_tables();

/// Columns that tables of an earlier version lack.
struct OwnColumn {
    std::string_view table;
    std::string_view name;
    std::string_view declaration;
    std::string_view fill = {};  ///< A statement for the rows that are there; "" for none.
};
std::vector<OwnColumn> later_columns();

}  // namespace sallyport::store

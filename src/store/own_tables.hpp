// The tables of Sallyport itself, sallyport_*: what LoopBack's tables have no place for.

#pragma once

#include <string_view>
#include <vector>

namespace sallyport::store {

/// Raised when a table here changes its shape; a database of a newer version is refused.
constexpr int own_schema_version = 1;

/// CREATE statements, in the order they run; tables are STRICT. Each starts with "CREATE TABLE name" or
/// "CREATE [UNIQUE] INDEX name".
std::vector<std::string_view> own_tables();

}  // namespace sallyport::store

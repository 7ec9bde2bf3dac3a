// The SQL functions that conditions and updates use: see query/where_sql.hpp, and
//   sallyport_merge(more, changes, known)  `_more` after an update: without the names in `known`, then with `changes`.
//   sallyport_token(text)                  A token as the database holds it: "sha256:" and 64 hex digits.

#pragma once

#include <sqlite3.h>

namespace sallyport::store {

/// Throws std::runtime_error if SQLite refuses one.
void add_sqlite_functions(sqlite3* database);

}  // namespace sallyport::store

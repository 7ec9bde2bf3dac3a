// What SQLite reports, as the errors of a Store.

#pragma once

#include <sqlite3.h>

#include <string_view>

namespace sallyport::store {

/// Throws what `code` (an extended result code of `database`'s last call) means: UniqueViolation, Error 503, 507 and
/// so on, or std::logic_error for SQL that is wrong. `sql` holds placeholders only, so it may be told.
[[noreturn]] void throw_sqlite_error(sqlite3* database, int code, std::string_view sql);

/// Whether after this nothing that was written can be trusted to be on disk: a sync that failed.
bool loses_writes(int code);

}  // namespace sallyport::store

// Prepared statements of one connection, by their text.

#pragma once

#include <sqlite3.h>

#include <cstddef>
#include <list>
#include <string>
#include <string_view>
#include <unordered_map>

namespace sallyport::store {

/// Keeps the statements used last. Not safe on more than one thread at a time, like the connection it belongs to.
class StatementCache {
public:
    static constexpr std::size_t capacity = 256;

    explicit StatementCache(sqlite3* database) : database_{database} {}
    ~StatementCache();
    StatementCache(StatementCache const&) = delete;
    StatementCache& operator=(StatementCache const&) = delete;

    /// The statement for `sql`, reset and without values; prepared if it is new. Belongs to the cache, and stays valid
    /// until `capacity` others were asked for.
    ///
    /// Throws as throw_sqlite_error does.
    sqlite3_stmt* get(std::string_view sql);

private:
    struct Entry {
        std::string sql;
        sqlite3_stmt* statement;
    };

    sqlite3* database_;
    std::list<Entry> entries_;  ///< Used last comes first.
    std::unordered_map<std::string_view, std::list<Entry>::iterator> by_sql_;
};

}  // namespace sallyport::store

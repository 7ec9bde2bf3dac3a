// One connection to a SQLite database.

#pragma once

#include "store/statement_cache.hpp"
#include "store/store.hpp"

#include <sqlite3.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

namespace sallyport::store {

struct ConnectionRules {
    enum class Use : std::uint8_t { reading, writing };

    std::filesystem::path file;
    Use use = Use::reading;
    std::string synchronous = "FULL";
    std::string vfs;  ///< "" for the system's.
};

/// Used by one thread at a time. Members throw as throw_sqlite_error does.
class Connection {
public:
    using Clock = std::chrono::steady_clock;

    /// Opens the file, which must exist, in WAL mode. Throws std::runtime_error naming the file.
    explicit Connection(ConnectionRules const& rules);
    ~Connection();
    Connection(Connection const&) = delete;
    Connection& operator=(Connection const&) = delete;

    /// Runs a statement that gives no rows; the number of rows it changed.
    std::int64_t run(Statement const& statement);
    void run(std::string_view sql);

    /// Reads all rows of a statement. Ends with 503 if it is not done by `deadline`.
    void read(Statement const& statement, RowReader const& reader, std::optional<Clock::time_point> deadline = {});

    std::int64_t last_id() const { return sqlite3_last_insert_rowid(database_); }
    bool in_transaction() const { return sqlite3_get_autocommit(database_) == 0; }

    /// Whether a sync failed: what was answered before may not be on disk, and nothing may be promised from now on.
    bool is_broken() const { return broken_.load(std::memory_order_relaxed); }

    int wal_frames() const { return wal_frames_; }  ///< Pages in the write-ahead log after the last commit.

    /// Tables whose changes are noted, by name.
    using Watched = std::map<std::string, RowChanges, std::less<>>;

    /// Notes each row that changes from now on in `tables`, which must outlive the connection.
    void watch(Watched& tables);

    /// Copies the write-ahead log into the database; `restart` also waits shortly for readers, so that the log starts
    /// anew. Busy readers are no error.
    void checkpoint(bool restart);

    /// Copies what is committed into `file`, which must be there and empty, and is a database of its own afterwards.
    /// For a connection that does nothing else.
    ///
    /// Throws Error with the cause in its message: it is for whoever runs the program.
    void copy_into(std::filesystem::path const& file);

    /// Ends what it is doing. May be called on any thread.
    void interrupt() { sqlite3_interrupt(database_); }

private:
    [[noreturn]] void fail(int code, std::string_view sql);
    sqlite3_stmt* bind(Statement const& statement);

    sqlite3* database_ = nullptr;
    std::optional<StatementCache> statements_;
    std::optional<Clock::time_point> deadline_;
    std::atomic<bool> broken_{false};
    int wal_frames_ = 0;
};

}  // namespace sallyport::store

// Store: what a database must do. SQLite implements it; PostgreSQL will.

#pragma once

#include "query/sql.hpp"
#include "sallyport/pool.hpp"
#include "sallyport/task.hpp"
#include "store/row_changes.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace sallyport::store {

using query::Statement;
using query::Value;

/// One row of a result; valid only inside the reader it was handed to.
class Row {
public:
    virtual ~Row() = default;
    virtual bool is_null(int column) const = 0;
    virtual std::int64_t integer(int column) const = 0;
    virtual double real(int column) const = 0;
    virtual std::string_view text(int column) const = 0;
    virtual Value value(int column) const = 0;  ///< In whatever type the database holds.
};

/// Called for each row. May run on another thread than the caller's while the caller waits: touch only what the
/// caller lent for it. Must not throw, except Error, which ends the read.
using RowReader = std::function<void(Row const&)>;

/// How costly a read is: a search by a unique index runs in place on the io thread, anything else in the reader pool
/// with a time limit.
enum class Plan : std::uint8_t { point, scan };

/// A unique index was violated: tells a model which one.
class UniqueViolation : public std::exception {
public:
    UniqueViolation(std::string table, std::vector<std::string> columns)
        : table{std::move(table)}, columns{std::move(columns)} {}
    char const* what() const noexcept override { return "unique index violated"; }

    std::string table;
    std::vector<std::string> columns;  ///< Column names, in index order.
};

/// Statements that commit together. Used only by the function it was handed to.
class Transaction {
public:
    virtual ~Transaction() = default;

    /// Runs a statement that gives no rows; the number of rows it changed. Throws UniqueViolation.
    virtual Task<std::int64_t> run(Statement statement) = 0;

    /// Runs a statement and reads its rows (SELECT, or RETURNING); all rows are read before it returns.
    virtual Task<> read(Statement statement, RowReader reader) = 0;

    /// The id the last INSERT made.
    virtual std::int64_t last_id() const = 0;
};

/// Work inside a transaction. It may await the transaction's functions and nothing else.
///
/// Returning commits, also where the work *refused* (a wrong code): what it counted stays. Throwing undoes what it did.
using Work = std::function<Task<>(Transaction&)>;

/// A database. All members may be called on any io thread.
///
/// Failures of the database itself (full disk, failed commit, time limit) are Error 503 or 507; nothing was changed,
/// save that after a failed COMMIT of PostgreSQL it is not known.
class Store {
public:
    virtual ~Store() = default;

    virtual query::Dialect dialect() const = 0;

    /// Reads committed rows.
    virtual Task<> read(Statement statement, RowReader reader, Plan plan = Plan::scan) = 0;

    /// Runs `work` in a transaction; returns once it is durable. Many run in one commit, each undone alone if it
    /// throws.
    virtual Task<> write(Work work, Priority priority = Priority::normal) = 0;

    /// Runs statements at start, one transaction, before anything is served. Blocks.
    virtual void prepare(std::vector<Statement> const& statements) = 0;

    /// Counts the changes of a table's rows from now on; null for a store that others may write to behind its back.
    /// At start, blocks; lives as long as the store.
    virtual RowChanges const* watch(std::string const& table) = 0;

    /// Rows of a statement, at start. Blocks.
    virtual void inspect(Statement const& statement, RowReader const& reader) = 0;

    /// Copies all that is committed into a new file, mode 0600, while others read and write; durable once it returns.
    /// Blocks as long as that takes: for a thread of a pool, never an io thread. Gives up when `stop` says so.
    ///
    /// Throws Error naming the file: 409 if it is there already, 507 on a full disk, else 500 or 503; nothing is left
    /// behind.
    virtual void back_up(std::filesystem::path const& file, std::stop_token const& stop) = 0;
};

}  // namespace sallyport::store

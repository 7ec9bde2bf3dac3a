#include "store/sqlite_connection.hpp"

#include "store/sqlite_error.hpp"
#include "store/sqlite_functions.hpp"

#include <fmt/format.h>

#include <stdexcept>
#include <system_error>

namespace sallyport::store {
namespace {

constexpr int progress_interval = 1000;  // Virtual machine steps between looks at the clock.
constexpr int restart_patience_ms = 200;

class SqliteRow final : public Row {
public:
    explicit SqliteRow(sqlite3_stmt* statement) : statement_{statement} {}

    bool is_null(int column) const override { return sqlite3_column_type(statement_, column) == SQLITE_NULL; }
    std::int64_t integer(int column) const override { return sqlite3_column_int64(statement_, column); }
    double real(int column) const override { return sqlite3_column_double(statement_, column); }

    std::string_view text(int column) const override {
        auto const* text = reinterpret_cast<char const*>(sqlite3_column_text(statement_, column));
        if (text == nullptr) return {};
        return {text, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
    }

    Value value(int column) const override {
        switch (sqlite3_column_type(statement_, column)) {
            case SQLITE_INTEGER:
                return integer(column);
            case SQLITE_FLOAT:
                return real(column);
            case SQLITE_NULL:
                return {};
            default:
                return std::string{text(column)};
        }
    }

private:
    sqlite3_stmt* statement_;
};

// Ends a statement's run however its scope is left, and lets go of the values, which it borrows.
struct Finish {
    sqlite3_stmt* statement;
    ~Finish() {
        sqlite3_reset(statement);
        sqlite3_clear_bindings(statement);
    }
};

int bind_value(sqlite3_stmt* statement, int place, Value const& value) {
    if (auto const* text = std::get_if<std::string>(&value)) {
        return sqlite3_bind_text64(statement, place, text->data(), text->size(), SQLITE_STATIC, SQLITE_UTF8);
    }
    if (auto const* number = std::get_if<std::int64_t>(&value)) return sqlite3_bind_int64(statement, place, *number);
    if (auto const* number = std::get_if<double>(&value)) return sqlite3_bind_double(statement, place, *number);
    return sqlite3_bind_null(statement, place);
}

void set(sqlite3* database, int option, int value) { sqlite3_db_config(database, option, value, nullptr); }

void harden(sqlite3* database) {
    set(database, SQLITE_DBCONFIG_DEFENSIVE, 1);
    set(database, SQLITE_DBCONFIG_DQS_DDL, 0);  // A misspelt "column" is an error, not a text.
    set(database, SQLITE_DBCONFIG_DQS_DML, 0);
    set(database, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0);
    set(database, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0);
    sqlite3_limit(database, SQLITE_LIMIT_ATTACHED, 0);
    sqlite3_extended_result_codes(database, 1);
}

char const* hint_for(int error) {
    switch (error & 0xff) {
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
            return "\n  hint: another program holds it, such as an open sqlite3 shell; end that one";
        case SQLITE_NOTADB:
        case SQLITE_CORRUPT:
            return "\n  hint: name another file, or put back a backup: `sallyport restore`";
        case SQLITE_PERM:
        case SQLITE_READONLY:
        case SQLITE_CANTOPEN:
            return "\n  hint: may this program write to it, and to its folder?";
        default:
            return "";
    }
}

}  // namespace

Connection::Connection(ConnectionRules const& rules) {
    auto const writes = rules.use == ConnectionRules::Use::writing;
    auto const flags =
        (writes ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY) | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
    auto const code =
        sqlite3_open_v2(rules.file.c_str(), &database_, flags, rules.vfs.empty() ? nullptr : rules.vfs.c_str());
    if (code != SQLITE_OK) {
        std::string const why = database_ == nullptr ? "out of memory" : sqlite3_errmsg(database_);
        sqlite3_close(database_);
        throw std::runtime_error{fmt::format("cannot open the database {}: {}", rules.file.string(), why)};
    }
    try {
        harden(database_);
        add_sqlite_functions(database_);
        statements_.emplace(database_);
        // The writer checkpoints when it has nothing to answer; a reader never does, not even as the last to leave.
        set(database_, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, writes ? 0 : 1);
        for (auto const* pragma : {"PRAGMA cell_size_check = ON", "PRAGMA temp_store = MEMORY", "PRAGMA mmap_size = 0",
                                   "PRAGMA wal_autocheckpoint = 0", "PRAGMA busy_timeout = 5000"}) {
            read({pragma, {}}, [](Row const&) {});
        }
        if (writes) {
            std::string mode;
            read({"PRAGMA journal_mode = WAL", {}}, [&](Row const& row) { mode = row.text(0); });
            if (mode != "wal") throw std::runtime_error{"no write-ahead log: journal mode is " + mode};
            read({"PRAGMA synchronous = " + rules.synchronous, {}}, [](Row const&) {});
            for (auto const* pragma :
                 {"PRAGMA foreign_keys = ON", "PRAGMA secure_delete = ON", "PRAGMA journal_size_limit = 67108864"}) {
                read({pragma, {}}, [](Row const&) {});
            }
            // Recovers what an earlier process left in the log, before any reader comes.
            read({"SELECT count(*) FROM sqlite_schema", {}}, [](Row const&) {});
        }
    } catch (std::exception const& error) {
        // What SQLite says is for the log of a server that runs, not for its clients; here it is for whoever starts it.
        std::string const why =
            dynamic_cast<Error const*>(&error) != nullptr ? sqlite3_errmsg(database_) : error.what();
        auto const* const hint = hint_for(sqlite3_errcode(database_));
        statements_.reset();
        sqlite3_close(database_);
        throw std::runtime_error{fmt::format("cannot open the database {}: {}{}", rules.file.string(), why, hint)};
    }
    sqlite3_progress_handler(
        database_, progress_interval,
        [](void* self) {
            auto const& deadline = static_cast<Connection*>(self)->deadline_;
            return deadline && Clock::now() > *deadline ? 1 : 0;
        },
        this);
    sqlite3_wal_hook(
        database_,
        [](void* self, sqlite3*, char const*, int frames) {
            static_cast<Connection*>(self)->wal_frames_ = frames;
            return SQLITE_OK;
        },
        this);
}

Connection::~Connection() {
    statements_.reset();
    sqlite3_close(database_);
}

void Connection::fail(int code, std::string_view sql) {
    if (loses_writes(code)) broken_ = true;
    throw_sqlite_error(database_, code, sql);
}

sqlite3_stmt* Connection::bind(Statement const& statement) {
    auto* prepared = statements_->get(statement.sql);
    for (std::size_t i = 0; i < statement.values.size(); ++i) {
        auto const code = bind_value(prepared, static_cast<int>(i) + 1, statement.values[i]);
        if (code != SQLITE_OK) {
            sqlite3_clear_bindings(prepared);
            fail(code, statement.sql);
        }
    }
    return prepared;
}

std::int64_t Connection::run(Statement const& statement) {
    auto* prepared = bind(statement);
    Finish const finish{prepared};
    int code = SQLITE_ROW;
    while (code == SQLITE_ROW) code = sqlite3_step(prepared);
    if (code != SQLITE_DONE) fail(code, statement.sql);
    return sqlite3_changes64(database_);
}

void Connection::run(std::string_view sql) {
    auto* prepared = statements_->get(sql);
    Finish const finish{prepared};
    auto const code = sqlite3_step(prepared);
    if (code != SQLITE_DONE) fail(code, sql);
}

void Connection::read(Statement const& statement, RowReader const& reader, std::optional<Clock::time_point> deadline) {
    auto* prepared = bind(statement);
    Finish const finish{prepared};
    deadline_ = deadline;
    SqliteRow const row{prepared};
    int code = SQLITE_OK;
    while ((code = sqlite3_step(prepared)) == SQLITE_ROW) reader(row);
    if (code != SQLITE_DONE) fail(code, statement.sql);
}

void Connection::copy_into(std::filesystem::path const& file) {
    sqlite3_limit(database_, SQLITE_LIMIT_ATTACHED, 1);  // VACUUM attaches the file it fills,
    set(database_, SQLITE_DBCONFIG_DQS_DDL, 1);          // and makes tables as their makers wrote them.
    std::optional<int> failed;
    try {
        run(Statement{"VACUUM INTO ?1", {file.string()}});
    } catch (Error const& error) {
        failed = error.status;
    }
    if (!failed) return;
    auto const cause = sqlite3_system_errno(database_);
    throw Error{*failed, cause == 0 ? sqlite3_errmsg(database_) : std::generic_category().message(cause)};
}

void Connection::watch(Watched& tables) {
    sqlite3_update_hook(
        database_,
        [](void* watched, int, char const*, char const* table, sqlite3_int64 row) {
            auto& all = *static_cast<Watched*>(watched);
            if (auto const found = all.find(std::string_view{table}); found != all.end()) found->second.note(row);
        },
        &tables);
    // A table emptied in one step would tell of no row; SQLITE_IGNORE has SQLite delete one by one.
    sqlite3_set_authorizer(
        database_,
        [](void* watched, int action, char const* table, char const*, char const*, char const*) {
            auto const& all = *static_cast<Watched const*>(watched);
            return action == SQLITE_DELETE && all.contains(std::string_view{table}) ? SQLITE_IGNORE : SQLITE_OK;
        },
        &tables);
}

void Connection::checkpoint(bool restart) {
    if (restart) sqlite3_busy_timeout(database_, restart_patience_ms);
    auto const code = sqlite3_wal_checkpoint_v2(
        database_, nullptr, restart ? SQLITE_CHECKPOINT_RESTART : SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
    if (restart) sqlite3_busy_timeout(database_, 5000);
    if (loses_writes(sqlite3_extended_errcode(database_)) && code != SQLITE_OK) broken_ = true;
}

}  // namespace sallyport::store

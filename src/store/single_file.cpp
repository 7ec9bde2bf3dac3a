#include "store/single_file.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

#include <memory>
#include <stdexcept>
#include <string>

namespace sallyport::store {
namespace {

constexpr int patience_ms = 1000;

struct Close {
    void operator()(sqlite3* database) const { sqlite3_close(database); }
};

// A journal of this kind is there only during a transaction; SQLite empties and removes the log on the way to it.
int leave_log(sqlite3* database, std::string& mode) {
    auto const note = [](void* found, int, char** values, char**) {
        *static_cast<std::string*>(found) = values[0];
        return 0;
    };
    return sqlite3_exec(database, "PRAGMA journal_mode = DELETE", note, &mode, nullptr);
}

}  // namespace

bool make_single(std::filesystem::path const& file) {
    sqlite3* opened = nullptr;
    auto code = sqlite3_open_v2(file.c_str(), &opened, SQLITE_OPEN_READWRITE, "unix-excl");
    std::unique_ptr<sqlite3, Close> const database{opened};
    if (code != SQLITE_OK) return false;
    sqlite3_busy_timeout(database.get(), patience_ms);
    sqlite3_db_config(opened, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);  // A log that has no use stays as it is.
    std::string mode;
    code = leave_log(database.get(), mode);
    if (code == SQLITE_BUSY || (code == SQLITE_OK && mode == "wal")) {
        throw std::runtime_error{
            fmt::format("another program has the database {} open\n  hint: close it there first", file.string())};
    }
    return code == SQLITE_OK && mode == "delete";
}

}  // namespace sallyport::store

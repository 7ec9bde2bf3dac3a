#include "store/sqlite_error.hpp"

#include "store/store.hpp"

#include <fmt/format.h>

#include <stdexcept>

namespace sallyport::store {
namespace {

// "UNIQUE constraint failed: note.sku, note.shelf", or "... failed: index 'name'" for an index on an expression.
UniqueViolation unique_violation(std::string_view message) {
    auto const colon = message.find(": ");
    auto rest = colon == std::string_view::npos ? std::string_view{} : message.substr(colon + 2);
    UniqueViolation violation{{}, {}};
    if (rest.starts_with("index '")) {
        violation.columns.emplace_back(rest.substr(7, rest.size() - 8));
        return violation;
    }
    while (!rest.empty()) {
        auto const end = std::min(rest.find(", "), rest.size());
        auto const name = rest.substr(0, end);
        auto const dot = name.rfind('.');
        violation.table = name.substr(0, dot);
        violation.columns.emplace_back(name.substr(dot + 1));
        rest.remove_prefix(std::min(end + 2, rest.size()));
    }
    return violation;
}

// "NOT NULL constraint failed: note.title"
Error constraint_error(std::string_view message) {
    auto const colon = message.find(": ");
    auto const what = colon == std::string_view::npos ? message : message.substr(colon + 2);
    return {422, fmt::format("The table does not take this value ({}).", what), "CONSTRAINT_FAILED"};
}

}  // namespace

void throw_sqlite_error(sqlite3* database, int code, std::string_view sql) {
    std::string const message = sqlite3_errmsg(database);
    switch (code) {
        case SQLITE_CONSTRAINT_UNIQUE:
        case SQLITE_CONSTRAINT_PRIMARYKEY:
        case SQLITE_CONSTRAINT_ROWID:
            throw unique_violation(message);
        default:
            break;
    }
    switch (code & 0xFF) {
        case SQLITE_CONSTRAINT:
            throw constraint_error(message);
        case SQLITE_MISMATCH:
            throw Error{422, "The id is not a whole number.", "CONSTRAINT_FAILED"};
        case SQLITE_FULL:
            throw Error{507, "There is no space left to store this.", "STORAGE_FULL"};
        case SQLITE_TOOBIG:
            throw Error{413, "A value is too large to store."};
        case SQLITE_INTERRUPT:
            throw unavailable("The query took too long. Ask for fewer records, or by an indexed property.");
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
            throw unavailable("The database is busy. Try again shortly.");
        case SQLITE_NOMEM:
            throw unavailable("There is not enough memory for this now.");
        case SQLITE_IOERR:
        case SQLITE_CORRUPT:
        case SQLITE_NOTADB:
        case SQLITE_CANTOPEN:
        case SQLITE_PROTOCOL:
        case SQLITE_READONLY:
            throw unavailable("The database cannot be used now.", 30);
        default:
            break;
    }
    throw std::logic_error{fmt::format("SQLite error {}: {} in: {}", code, message, sql)};
}

bool loses_writes(int code) { return code == SQLITE_IOERR_FSYNC || code == SQLITE_IOERR_DIR_FSYNC; }

}  // namespace sallyport::store

#include "store/statement_cache.hpp"

#include "store/sqlite_error.hpp"

#include <stdexcept>

namespace sallyport::store {

StatementCache::~StatementCache() {
    for (auto const& entry : entries_) sqlite3_finalize(entry.statement);
}

sqlite3_stmt* StatementCache::get(std::string_view sql) {
    if (auto const found = by_sql_.find(sql); found != by_sql_.end()) {
        entries_.splice(entries_.begin(), entries_, found->second);
        return found->second->statement;
    }
    sqlite3_stmt* statement = nullptr;
    char const* rest = nullptr;
    auto const code = sqlite3_prepare_v3(database_, sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT,
                                         &statement, &rest);
    if (code != SQLITE_OK) throw_sqlite_error(database_, sqlite3_extended_errcode(database_), sql);
    if (statement == nullptr || rest != sql.data() + sql.size()) {
        sqlite3_finalize(statement);
        throw std::logic_error{"not one SQL statement: " + std::string{sql}};
    }
    if (entries_.size() >= capacity) {
        by_sql_.erase(entries_.back().sql);
        sqlite3_finalize(entries_.back().statement);
        entries_.pop_back();
    }
    entries_.push_front({std::string{sql}, statement});
    by_sql_.emplace(entries_.front().sql, entries_.begin());
    return statement;
}

}  // namespace sallyport::store

// SQLite: a file or a private temporary one, one writer with group commit, readers beside it.

#pragma once

#include "store/store.hpp"

#include <filesystem>
#include <memory>
#include <string>

namespace sallyport::store {

struct SqliteRules {
    std::filesystem::path file{};  ///< "" makes a private file on tmpfs, gone at exit, synchronous off ("memory").
    std::string synchronous = "FULL";
    std::string vfs{};               ///< "" for `unix-excl`; tests name another.
    std::size_t readers = 2;         ///< Threads of the reader pool.
    int read_limit_ms = 5000;        ///< A read that takes longer ends with 503.
    std::size_t write_queue = 4096;  ///< Jobs waiting for the writer; one more is refused with 503.
};

/// Opens the database, and takes its lock file: a second server on the same file is refused.
///
/// Throws std::runtime_error saying which file and why.
std::unique_ptr<Store> open_sqlite(SqliteRules const& rules);

}  // namespace sallyport::store

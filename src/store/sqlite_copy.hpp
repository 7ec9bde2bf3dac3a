// A copy of a SQLite database that others use meanwhile.

#pragma once

#include "store/sqlite_connection.hpp"

#include <filesystem>
#include <stop_token>

namespace sallyport::store {

/// As Store::back_up, of the database that `rules` open for reading.
void copy_database(ConnectionRules const& rules, std::filesystem::path const& file, std::stop_token const& stop);

}  // namespace sallyport::store

// What LoopBack's memory connector kept in its "file": {"ids": {"Note": 3}, "models": {"Note": {"1": "{...}"}}}, each
// record as a JSON text under its id.

#pragma once

#include "query/table.hpp"
#include "store/store.hpp"

#include <filesystem>
#include <vector>

namespace sallyport::app {

/// Statements that put the records of `file` into `tables`, which are new, and let ids go on where they stood there.
/// Empty without such a file. Models without a table are not looked at.
///
/// Throws std::runtime_error naming the file and what in it cannot be read.
std::vector<store::Statement> plan_import(std::filesystem::path const& file, std::vector<query::Table> const& tables);

}  // namespace sallyport::app

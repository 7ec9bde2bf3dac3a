// Tables for people at a terminal.

#pragma once

#include "sallyport/json.hpp"

#include <iosfwd>
#include <string>
#include <vector>

namespace sallyport::cli {

/// Prints the named members of each object, a row each, below their names in capitals; columns in which nothing stands
/// are left out, and so is a table without rows. Control characters are shown, as "\u001b": nothing moves the cursor.
void print_table(JsonArray const& rows, std::vector<std::string> const& columns, std::ostream& out);

}  // namespace sallyport::cli

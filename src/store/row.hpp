// Rows as records and rows as JSON text, straight from the column without a document in between.

#pragma once

#include "query/sql.hpp"
#include "store/store.hpp"

#include <string>

namespace sallyport::store {

/// Appends the row as a JSON object: absent properties left out, `_more` merged in at the end.
void append_row(std::string& out, Row const& row, query::Table const& table, query::Selection const& selection);

/// The row as a record in the types of its definition (dates as dates).
Json read_record(Row const& row, query::Table const& table, query::Selection const& selection);

}  // namespace sallyport::store

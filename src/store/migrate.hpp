// Making tables fit the definitions: created and altered, never dropped.

#pragma once

#include "query/table.hpp"
#include "store/store.hpp"

#include <string>
#include <vector>

namespace sallyport::store {

/// What must run so that every table has its columns and indexes. Empty if all fits.
///
/// Throws std::runtime_error naming table and column where a column has another type than its property can be kept in.
std::vector<Statement> plan_migration(Store& store, std::vector<query::Table> const& tables);

/// Statements for our own tables (sallyport_*), of this version of the program; empty if they are there.
///
/// Throws std::runtime_error if the database was made by a newer version.
std::vector<Statement> plan_own_tables(Store& store);

}  // namespace sallyport::store

// Making tables fit the definitions: created and altered, never dropped.

#pragma once

#include "query/table.hpp"
#include "store/store.hpp"

#include <optional>
#include <string>
#include <vector>

namespace sallyport::store {

/// What must run so that every table has its columns and indexes. Empty if all fits.
///
/// Throws std::runtime_error naming table and column where a column has another type than its property can be kept in,
/// or where rows that are there already break a unique index.
std::vector<Statement> plan_migration(Store& store, std::vector<query::Table> const& tables);

/// `table` as the database has it: without `_more`, and with "text" quoted, where LoopBack's connector made the table.
/// Call it before plan_migration, and use the result from then on.
query::Table adjust(Store& store, query::Table table);

/// Whether the database has a table of that name.
bool has_table(Store& store, std::string const& name);

/// Statements for our own tables (sallyport_*), of this version of the program; empty if they are there.
///
/// Throws std::runtime_error if the database was made by a newer version.
std::vector<Statement> plan_own_tables(Store& store);

/// Remembers the fingerprint of the keys in a database that has none yet, or one of the `earlier` keys that they were
/// rotated from; the own tables must be there.
///
/// Throws std::runtime_error if the database belongs to other keys.
void check_keys(Store& store, std::string const& fingerprint, std::vector<std::string> const& earlier = {});

/// Of the keys that the database belongs to; nothing where it has none yet.
std::optional<std::string> fingerprint_of_keys(Store& store);

}  // namespace sallyport::store

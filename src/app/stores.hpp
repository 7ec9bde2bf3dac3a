// The databases of an app: one store per data source that keeps records, its tables made to fit.

#pragma once

#include "definition/load.hpp"
#include "definition/settings.hpp"
#include "query/table.hpp"
#include "store/sqlite.hpp"
#include "store/store.hpp"

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace sallyport::app {

/// Stores by the name of their data source.
using Stores = std::map<std::string, std::unique_ptr<store::Store>, std::less<>>;

/// Whether records can be kept there.
bool keeps_records(definition::DataSource const& source);

/// Reads the settings of a data source that keeps records. Files are relative to `folder`.
store::SqliteRules read_store_rules(definition::DataSource const& source, definition::Settings& settings,
                                    std::filesystem::path const& folder);

/// Opens the data sources that persisted models use, and the one our own tables live in. Throws std::runtime_error
/// naming the data source and the cause.
Stores open_stores(definition::Project const& project, std::filesystem::path const& folder);

/// The files of those that outlive the process, by the name of their data source.
using DatabaseFiles = std::map<std::string, std::filesystem::path, std::less<>>;
DatabaseFiles database_files(definition::Project const& project, std::filesystem::path const& folder);

/// The data source in which our own tables live: that of the user models, else the first that keeps records; "" for
/// none.
std::string own_data_source(definition::Project const& project);

/// Why the tables that are there cannot be served by these definitions, as the start of a server would say it. Opens
/// the databases whose files are there, as a server does; of one that a server holds there is a note alone. `now` as
/// below.
std::vector<definition::Finding> judge_tables(definition::Project const& project, std::filesystem::path const& folder,
                                              std::int64_t now);

/// What must run in `source` before it is served: tables that fit, what LoopBack's memory connector kept, and no token
/// in clear. `now` is milliseconds since the Unix epoch.
std::vector<store::Statement> plan(definition::Project const& project, std::string const& source, store::Store& store,
                                   bool with_own_tables, std::int64_t now);

}  // namespace sallyport::app

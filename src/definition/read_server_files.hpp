// The files of server/ that are not about models: data sources, middleware, components.

#pragma once

#include "definition/definition.hpp"
#include "definition/located_json.hpp"

#include <string>
#include <vector>

namespace sallyport::definition {

/// Reads datasources.json. Connectors keep LoopBack's names; "loopback-connector-sqlite3" is sqlite3.
std::vector<DataSource> read_data_sources(Located const& file, Findings& findings);

}  // namespace sallyport::definition

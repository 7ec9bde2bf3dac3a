// What a project keeps beside its JSON, the keys and the databases, judged without opening them.

#pragma once

#include "definition/load.hpp"

namespace sallyport::app {

/// Tells which files of databases are none, or could not be made. Nothing where the project has mistakes.
void check_databases(definition::Project& project);

/// Tells what is wrong with the keys; that there are none yet is a note.
void check_keys(definition::Project& project);

}  // namespace sallyport::app

// A database at rest: one file, and no log beside it.

#pragma once

#include <filesystem>

namespace sallyport::store {

/// Brings what waits in a database's write-ahead log into its file, which then is all there is of it. False if it
/// cannot be read as a database; then file and log are as they were.
///
/// Throws std::runtime_error naming the file if another program has it open. Hold its lock (DatabaseFile).
bool make_single(std::filesystem::path const& file);

}  // namespace sallyport::store

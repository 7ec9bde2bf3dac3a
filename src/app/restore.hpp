// Putting a backup in the place of an app's databases.

#pragma once

#include "crypto/keys.hpp"
#include "definition/load.hpp"
#include "sallyport/clock.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace sallyport::app {

/// What becomes of the sessions in a backup. Where they are kept, one that ended since is good again; open challenges,
/// mailed links and messages that wait are never kept.
enum class SessionsOfBackup : std::uint8_t { ended, kept };

struct RestoredDatabase {
    std::string data_source;
    std::filesystem::path file;
    std::optional<std::filesystem::path> aside;  ///< Where the one that was there is now.
};

struct Restored {
    std::string created;  ///< When the backup was made.
    std::vector<RestoredDatabase> databases;
};

/// Puts the databases of the folder `backup` in place. The one that is there is kept beside it, as
/// FILE.before-restore-YYYYMMDDTHHMMSSZ. A data source that the backup has not stays as it is.
///
/// Throws std::runtime_error saying what to do where a server uses a database, or where the backup is unfinished,
/// damaged, of other keys or of data sources that the project has not; then everything is as before.
Restored restore(definition::Project const& project, crypto::Keys const& keys, std::filesystem::path const& backup,
                 SessionsOfBackup sessions, Clock const& clock);

}  // namespace sallyport::app

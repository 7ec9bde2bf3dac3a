// A backup of an app: a folder with a copy of each of its databases, and a page that says what they are.
//
// Its keys are never in it: whoever finds a backup has neither passwords nor codes. The copies are of one moment each,
// not all of the same.

#pragma once

#include "app/stores.hpp"
#include "sallyport/clock.hpp"
#include "sallyport/json.hpp"
#include "sallyport/pool.hpp"

#include <filesystem>
#include <stop_token>

namespace sallyport::app {

/// The page of a backup, written last: a folder without it is unfinished.
constexpr auto backup_page = "backup.json";

/// Makes the folder `target` (mode 0700) and puts there, mode 0600, `NAME.db` for each data source kept in a file, and
/// the page: {"version", "created", "keysFingerprint", "dataSources": {NAME: {"file", "bytes"}}}. Returns the page.
///
/// Blocks. Throws Error: 409 if `target` is there, 422 if there is nothing to back up, or what failed; then `target` is
/// not there.
Json back_up(definition::Project const& project, Stores const& stores, std::filesystem::path const& target,
             Clock const& clock, std::stop_token const& stop = {});

/// Backups of an app that serves meanwhile, one at a time, on a thread of their own.
class Backups {
public:
    /// What is handed in must outlive this.
    Backups(definition::Project const& project, Stores const& stores, Clock const& clock);
    ~Backups();  ///< Gives up the one under way.
    Backups(Backups const&) = delete;
    Backups& operator=(Backups const&) = delete;

    /// As back_up. For any io thread. Throws Error 503 if one waits already.
    Task<Json> make(std::filesystem::path target);

private:
    definition::Project const& project_;
    Stores const& stores_;
    Clock const& clock_;
    std::stop_source stopping_;
    Pool pool_;
};

}  // namespace sallyport::app

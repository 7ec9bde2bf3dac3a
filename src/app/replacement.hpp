// A database file and the one that takes its place.

#pragma once

#include "store/database_file.hpp"

#include <filesystem>
#include <optional>
#include <string>

namespace sallyport::app {

/// Holds the lock of a database. Unless it is kept, all is as it was once this is gone.
///
/// Members throw std::runtime_error (std::system_error among them) naming the file that is in the way.
class Replacement {
public:
    /// The file that is there now gets the name FILE.before-restore-STAMP. It need not be there.
    Replacement(std::filesystem::path const& file, std::string const& stamp);
    ~Replacement();
    Replacement(Replacement const&) = delete;
    Replacement& operator=(Replacement const&) = delete;

    /// Copies `original` beside the database, where it can be changed: draft().
    void make_draft(std::filesystem::path const& original);

    /// Gives the draft the name of the database, at once. Close it before.
    void put_in_place();

    /// Where the file is now that was there; nothing if none was.
    std::optional<std::filesystem::path> keep();

    std::filesystem::path const& draft() const { return draft_; }
    std::filesystem::path const& file() const { return file_; }

private:
    void put_aside();
    void undo() const;
    void forget_draft() const;

    std::filesystem::path file_;
    std::filesystem::path draft_;
    std::filesystem::path aside_;
    bool was_there_;
    bool is_changed_ = false;
    bool is_kept_ = false;
    store::DatabaseFile lock_;
};

}  // namespace sallyport::app

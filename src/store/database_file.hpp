// The file of a database, and the lock beside it: one server for one file.

#pragma once

#include <filesystem>
#include <stdexcept>

namespace sallyport::store {

/// Another process holds the lock.
struct DatabaseInUse : std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// Holds `FILE.lock` locked (flock) for as long as it lives. Made with mode 0600, as is the database.
class DatabaseFile {
public:
    /// Makes the file if it is missing. Throws DatabaseInUse, or std::runtime_error if it cannot be made; both name it.
    static DatabaseFile open(std::filesystem::path const& file);

    /// A fresh file in a private folder (mode 0700) on tmpfs, else in $TMPDIR; the folder goes with this object.
    /// Removes such folders of processes that died.
    static DatabaseFile make_private();

    ~DatabaseFile();
    DatabaseFile(DatabaseFile&& other) noexcept;
    DatabaseFile& operator=(DatabaseFile&&) = delete;

    std::filesystem::path const& path() const { return file_; }

private:
    explicit DatabaseFile(std::filesystem::path file) : file_{std::move(file)} {}

    std::filesystem::path file_;
    std::filesystem::path folder_;  ///< To remove; "" for none.
    int lock_ = -1;
};

}  // namespace sallyport::store

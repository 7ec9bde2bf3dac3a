// The file of a database, and the lock beside it: one server for one file.

#pragma once

#include <filesystem>

namespace sallyport::store {

/// Holds `FILE.lock` locked (flock) for as long as it lives. Made with mode 0600, as is the database.
class DatabaseFile {
public:
    /// Makes the file if it is missing. Throws std::runtime_error naming the file if another process holds it, or if it
    /// cannot be made.
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

    bool lock();  ///< False where another process holds it. Throws std::runtime_error.

    std::filesystem::path file_;
    std::filesystem::path folder_;  ///< To remove; "" for none.
    int lock_ = -1;
};

}  // namespace sallyport::store

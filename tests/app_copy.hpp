// A temporary, writable copy of an app folder: keys and database of a server under test go there.

#pragma once

#include "folder.hpp"

#include <filesystem>

namespace sallyport::test_support {

class AppCopy {
public:
    /// Leaves out what another run left in `folder`: its keys and databases. Throws std::exception if it cannot copy.
    explicit AppCopy(std::filesystem::path const& folder) {
        namespace fs = std::filesystem;
        fs::copy(folder, path(), fs::copy_options::recursive);
        for (auto const& entry : fs::recursive_directory_iterator{path()}) {
            fs::permissions(entry.path(), fs::perms::owner_write, fs::perm_options::add);
        }
        for (auto const& entry : fs::directory_iterator{path()}) {
            auto const name = entry.path().filename().string();
            if (name == "keys.json" || name.contains(".db")) fs::remove(entry.path());
        }
    }

    std::filesystem::path const& path() const { return copy_.path(); }
    Folder const& files() const { return copy_; }

private:
    Folder copy_;
};

}  // namespace sallyport::test_support

// A temporary, writable copy of an app folder, removed at the end: keys and database of a server under test go there.

#pragma once

#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <system_error>

namespace sallyport::testing {

class AppCopy {
public:
    /// Leaves out what another run left in `folder`: its keys and databases. Throws std::exception if it cannot copy.
    explicit AppCopy(std::filesystem::path const& folder) {
        namespace fs = std::filesystem;
        auto pattern = (fs::temp_directory_path() / "sallyport-app-XXXXXX").string();
        if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error{"cannot make a temporary folder"};
        path_ = pattern;
        fs::copy(folder, path_, fs::copy_options::recursive);
        for (auto const& entry : fs::recursive_directory_iterator{path_}) {
            fs::permissions(entry.path(), fs::perms::owner_write, fs::perm_options::add);
        }
        for (auto const& entry : fs::directory_iterator{path_}) {
            auto const name = entry.path().filename().string();
            if (name == "keys.json" || name.contains(".db")) fs::remove_all(entry.path());
        }
    }
    ~AppCopy() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    AppCopy(AppCopy const&) = delete;
    AppCopy& operator=(AppCopy const&) = delete;

    std::filesystem::path const& path() const { return path_; }

private:
    std::filesystem::path path_;
};

}  // namespace sallyport::testing

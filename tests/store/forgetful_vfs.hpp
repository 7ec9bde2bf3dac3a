// A file system that forgets at a power cut what was not synced. For tests of durability.
//
// Databases and write-ahead logs live in memory; locks and shared memory are those of the real files beneath. What was
// written since a file's last sync may be kept or lost at a cut, each write on its own: disks reorder.

#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <random>
#include <string>
#include <vector>

namespace sallyport::store {

class ForgetfulVfs {
public:
    explicit ForgetfulVfs(std::string name);
    ~ForgetfulVfs();
    ForgetfulVfs(ForgetfulVfs const&) = delete;
    ForgetfulVfs& operator=(ForgetfulVfs const&) = delete;

    /// What a disk would hold if the power failed now, as files in `folder`. Each unsynced write is kept with this
    /// chance.
    void cut_power(std::filesystem::path const& folder, std::uint32_t seed, double kept);

    /// Every sync from now on fails, as on a broken disk.
    void break_syncs();

private:
    struct Write {
        std::size_t offset = 0;
        std::string bytes;
        bool truncates = false;  ///< Cuts the file at `offset`.
    };
    struct Content {
        std::string bytes;
        std::string synced;
        std::vector<Write> unsynced;
    };
    struct File;

    static ForgetfulVfs& of(sqlite3_vfs* vfs);
    static int open(sqlite3_vfs* vfs, char const* name, sqlite3_file* file, int flags, int* out_flags);
    static int remove(sqlite3_vfs* vfs, char const* name, int sync_directory);
    static int access(sqlite3_vfs* vfs, char const* name, int flags, int* result);
    static sqlite3_io_methods const* methods();

    std::string name_;
    sqlite3_vfs* real_;
    sqlite3_vfs vfs_{};
    mutable std::mutex mutex_;
    std::map<std::string, std::shared_ptr<Content>> contents_;
    bool syncs_fail_ = false;
};

}  // namespace sallyport::store

#include "store/forgetful_vfs.hpp"

#include <algorithm>
#include <cstring>
#include <fstream>
#include <new>

namespace sallyport::store {

// SQLite gives us memory for this and, right behind it, for the real file's own structure.
struct ForgetfulVfs::File {
    sqlite3_file head;
    ForgetfulVfs* vfs;
    std::shared_ptr<Content>* content;

    sqlite3_file* real() { return reinterpret_cast<sqlite3_file*>(this + 1); }
    static File& of(sqlite3_file* file) { return *reinterpret_cast<File*>(file); }
};

ForgetfulVfs& ForgetfulVfs::of(sqlite3_vfs* vfs) { return *static_cast<ForgetfulVfs*>(vfs->pAppData); }

ForgetfulVfs::ForgetfulVfs(std::string name) : name_{std::move(name)}, real_{sqlite3_vfs_find(nullptr)} {
    vfs_ = *real_;
    vfs_.pNext = nullptr;
    vfs_.zName = name_.c_str();
    vfs_.szOsFile = static_cast<int>(sizeof(File)) + real_->szOsFile;
    vfs_.pAppData = this;
    vfs_.xOpen = open;
    vfs_.xDelete = remove;
    vfs_.xAccess = access;
    vfs_.xFullPathname = [](sqlite3_vfs* vfs, char const* path, int size, char* out) {
        auto* real = of(vfs).real_;
        return real->xFullPathname(real, path, size, out);
    };
    sqlite3_vfs_register(&vfs_, 0);
}

ForgetfulVfs::~ForgetfulVfs() { sqlite3_vfs_unregister(&vfs_); }

void ForgetfulVfs::break_syncs() {
    std::lock_guard const lock{mutex_};
    syncs_fail_ = true;
}

void ForgetfulVfs::cut_power(std::filesystem::path const& folder, std::uint32_t seed, double kept) {
    std::lock_guard const lock{mutex_};
    std::mt19937 random{seed};
    std::bernoulli_distribution is_kept{kept};
    for (auto const& [path, content] : contents_) {
        auto image = content->synced;
        for (auto const& write : content->unsynced) {
            if (!is_kept(random)) continue;
            if (write.truncates) {
                image.resize(write.offset);
                continue;
            }
            image.resize(std::max(image.size(), write.offset + write.bytes.size()));
            image.replace(write.offset, write.bytes.size(), write.bytes);
        }
        std::ofstream{folder / std::filesystem::path{path}.filename(), std::ios::binary} << image;
    }
}

int ForgetfulVfs::open(sqlite3_vfs* vfs, char const* name, sqlite3_file* file, int flags, int* out_flags) {
    auto& self = of(vfs);
    if ((flags & (SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_WAL)) == 0) {
        return self.real_->xOpen(self.real_, name, file, flags, out_flags);
    }
    auto* made = new (file) File{};
    auto const code = self.real_->xOpen(self.real_, name, made->real(), flags, out_flags);
    if (code != SQLITE_OK) return code;
    std::lock_guard const lock{self.mutex_};
    auto& content = self.contents_[name];
    if (!content) content = std::make_shared<Content>();
    made->vfs = &self;
    made->content = new std::shared_ptr<Content>{content};
    made->head.pMethods = methods();
    return SQLITE_OK;
}

int ForgetfulVfs::remove(sqlite3_vfs* vfs, char const* name, int sync_directory) {
    auto& self = of(vfs);
    {
        std::lock_guard const lock{self.mutex_};
        self.contents_.erase(name);
    }
    return self.real_->xDelete(self.real_, name, sync_directory);
}

int ForgetfulVfs::access(sqlite3_vfs* vfs, char const* name, int flags, int* result) {
    auto& self = of(vfs);
    {
        std::lock_guard const lock{self.mutex_};
        auto const found = self.contents_.find(name);
        if (found != self.contents_.end()) {
            *result = found->second->bytes.empty() && flags == SQLITE_ACCESS_EXISTS ? 0 : 1;
            return SQLITE_OK;
        }
    }
    return self.real_->xAccess(self.real_, name, flags, result);
}

sqlite3_io_methods const* ForgetfulVfs::methods() {
    static sqlite3_io_methods const all = [] {
        sqlite3_io_methods io{};
        io.iVersion = 2;
        io.xClose = [](sqlite3_file* file) {
            auto& self = File::of(file);
            delete self.content;
            return self.real()->pMethods->xClose(self.real());
        };
        io.xRead = [](sqlite3_file* file, void* out, int size, sqlite3_int64 offset) {
            auto& self = File::of(file);
            std::lock_guard const lock{self.vfs->mutex_};
            auto const& bytes = (*self.content)->bytes;
            auto const start = std::min(static_cast<std::size_t>(offset), bytes.size());
            auto const count = std::min(static_cast<std::size_t>(size), bytes.size() - start);
            std::memset(out, 0, static_cast<std::size_t>(size));
            std::memcpy(out, bytes.data() + start, count);
            return count == static_cast<std::size_t>(size) ? SQLITE_OK : SQLITE_IOERR_SHORT_READ;
        };
        io.xWrite = [](sqlite3_file* file, void const* data, int size, sqlite3_int64 offset) {
            auto& self = File::of(file);
            std::lock_guard const lock{self.vfs->mutex_};
            auto& content = **self.content;
            auto const start = static_cast<std::size_t>(offset);
            std::string bytes{static_cast<char const*>(data), static_cast<std::size_t>(size)};
            content.bytes.resize(std::max(content.bytes.size(), start + bytes.size()));
            content.bytes.replace(start, bytes.size(), bytes);
            content.unsynced.push_back({start, std::move(bytes), false});
            return SQLITE_OK;
        };
        io.xTruncate = [](sqlite3_file* file, sqlite3_int64 size) {
            auto& self = File::of(file);
            std::lock_guard const lock{self.vfs->mutex_};
            auto& content = **self.content;
            content.bytes.resize(static_cast<std::size_t>(size));
            content.unsynced.push_back({static_cast<std::size_t>(size), {}, true});
            return SQLITE_OK;
        };
        io.xSync = [](sqlite3_file* file, int) {
            auto& self = File::of(file);
            std::lock_guard const lock{self.vfs->mutex_};
            if (self.vfs->syncs_fail_) return SQLITE_IOERR_FSYNC;
            auto& content = **self.content;
            content.synced = content.bytes;
            content.unsynced.clear();
            return SQLITE_OK;
        };
        io.xFileSize = [](sqlite3_file* file, sqlite3_int64* size) {
            auto& self = File::of(file);
            std::lock_guard const lock{self.vfs->mutex_};
            *size = static_cast<sqlite3_int64>((*self.content)->bytes.size());
            return SQLITE_OK;
        };
        io.xLock = [](sqlite3_file* file, int level) {
            auto* real = File::of(file).real();
            return real->pMethods->xLock(real, level);
        };
        io.xUnlock = [](sqlite3_file* file, int level) {
            auto* real = File::of(file).real();
            return real->pMethods->xUnlock(real, level);
        };
        io.xCheckReservedLock = [](sqlite3_file* file, int* out) {
            auto* real = File::of(file).real();
            return real->pMethods->xCheckReservedLock(real, out);
        };
        io.xFileControl = [](sqlite3_file*, int, void*) { return SQLITE_NOTFOUND; };
        io.xSectorSize = [](sqlite3_file*) { return 4096; };
        io.xDeviceCharacteristics = [](sqlite3_file*) { return 0; };
        io.xShmMap = [](sqlite3_file* file, int page, int size, int extend, void volatile** out) {
            auto* real = File::of(file).real();
            return real->pMethods->xShmMap(real, page, size, extend, out);
        };
        io.xShmLock = [](sqlite3_file* file, int offset, int count, int flags) {
            auto* real = File::of(file).real();
            return real->pMethods->xShmLock(real, offset, count, flags);
        };
        io.xShmBarrier = [](sqlite3_file* file) {
            auto* real = File::of(file).real();
            real->pMethods->xShmBarrier(real);
        };
        io.xShmUnmap = [](sqlite3_file* file, int deletes) {
            auto* real = File::of(file).real();
            return real->pMethods->xShmUnmap(real, deletes);
        };
        return io;
    }();
    return &all;
}

}  // namespace sallyport::store

#include "store/database_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <stdexcept>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

namespace sallyport::store {
namespace {

constexpr char const* folder_prefix = "sallyport-";
constexpr char const* private_name = "memory.db";

[[noreturn]] void fail(std::string const& what, std::filesystem::path const& file) {
    auto const why = std::error_code{errno, std::generic_category()}.message();
    auto const hint = errno == ENOENT ? "make its folder first" : "may this program write there?";
    throw std::runtime_error{fmt::format("{} {}: {}\n  hint: {}", what, file.string(), why, hint)};
}

std::filesystem::path lock_of(std::filesystem::path file) { return file += ".lock"; }

bool is_ours(std::filesystem::path const& folder) {
    struct stat status{};
    return lstat(folder.c_str(), &status) == 0 && S_ISDIR(status.st_mode) && status.st_uid == geteuid();
}

// The lock beside a database, opened with these flags and locked; -1, and errno says why: EWOULDBLOCK where another
// holds it.
int take_lock(std::filesystem::path const& file, int flags) {
    auto const lock = open(lock_of(file).c_str(), O_RDWR | O_CLOEXEC | flags, 0600);
    if (lock < 0 || flock(lock, LOCK_EX | LOCK_NB) == 0) return lock;
    auto const error = errno;
    close(lock);
    errno = error;
    return -1;
}

bool is_removed(int descriptor) {
    struct stat status{};
    return fstat(descriptor, &status) != 0 || status.st_nlink == 0;
}

// Removes a folder whose process died, and keeps its lock meanwhile: who has just made it and comes second sees that.
void remove_if_abandoned(std::filesystem::path const& folder) {
    auto const lock = take_lock(folder / private_name, O_NOFOLLOW);
    if (lock < 0) return;  // Held; or another is just making it, or it is none of ours.
    std::error_code ignored;
    std::filesystem::remove_all(folder, ignored);
    close(lock);
}

void remove_abandoned(std::filesystem::path const& parent) {
    std::error_code ignored;
    std::vector<std::filesystem::path> found;
    for (auto const& entry : std::filesystem::directory_iterator{parent, ignored}) {
        auto const& folder = entry.path();
        if (folder.filename().string().starts_with(folder_prefix) && is_ours(folder)) found.push_back(folder);
    }
    for (auto const& folder : found) remove_if_abandoned(folder);
}

void make_file(std::filesystem::path const& file) {
    auto const made = open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (made < 0) fail("cannot open the database", file);
    close(made);
}

std::filesystem::path parent_for_private() {
    if (access("/dev/shm", W_OK | X_OK) == 0) return "/dev/shm";
    return std::filesystem::temp_directory_path();
}

}  // namespace

DatabaseFile DatabaseFile::open(std::filesystem::path const& file) {
    DatabaseFile database{std::filesystem::absolute(file)};
    if (!database.lock()) {
        throw std::runtime_error{
            fmt::format("another server uses the database {} (it holds {})\n  hint: stop that one first",
                        database.file_.string(), lock_of(database.file_).string())};
    }
    make_file(database.file_);
    return database;
}

DatabaseFile DatabaseFile::make_private() {
    auto const parent = parent_for_private();
    remove_abandoned(parent);
    for (;;) {
        auto pattern = (parent / (std::string{folder_prefix} + "XXXXXX")).string();
        if (mkdtemp(pattern.data()) == nullptr) fail("cannot make a folder for the memory database", pattern);
        DatabaseFile database{std::filesystem::path{pattern} / private_name};
        database.folder_ = pattern;
        // One that starts beside us may lock it before we do, and removes it.
        if (!database.lock() || is_removed(database.lock_)) continue;
        make_file(database.file_);
        return database;
    }
}

bool DatabaseFile::lock() {
    lock_ = take_lock(file_, O_CREAT);
    if (lock_ < 0 && errno != EWOULDBLOCK) fail("cannot lock", lock_of(file_));
    return lock_ >= 0;
}

DatabaseFile::DatabaseFile(DatabaseFile&& other) noexcept
    : file_{std::move(other.file_)}, folder_{std::exchange(other.folder_, {})}, lock_{std::exchange(other.lock_, -1)} {}

DatabaseFile::~DatabaseFile() {
    if (!folder_.empty()) {
        std::error_code ignored;
        std::filesystem::remove_all(folder_, ignored);
    }
    if (lock_ >= 0) close(lock_);
}

}  // namespace sallyport::store

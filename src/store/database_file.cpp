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

[[noreturn]] void fail(std::string const& what, std::filesystem::path const& file) {
    auto const why = std::error_code{errno, std::generic_category()}.message();
    auto const hint = errno == ENOENT ? "\n  hint: make its folder first" : "";
    throw std::runtime_error{fmt::format("{} {}: {}{}", what, file.string(), why, hint)};
}

std::filesystem::path lock_of(std::filesystem::path file) { return file += ".lock"; }

bool is_ours(std::filesystem::path const& folder) {
    struct stat status{};
    return lstat(folder.c_str(), &status) == 0 && S_ISDIR(status.st_mode) && status.st_uid == geteuid();
}

// Whether a process still holds the lock in the folder of a memory database.
bool is_held(std::filesystem::path const& folder) {
    auto const lock = open((folder / "memory.db.lock").c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW);
    if (lock < 0) return true;  // Another is just making it, or it is none of ours.
    auto const held = flock(lock, LOCK_EX | LOCK_NB) != 0;
    close(lock);
    return held;
}

void remove_abandoned(std::filesystem::path const& parent) {
    std::error_code ignored;
    std::vector<std::filesystem::path> abandoned;
    for (auto const& entry : std::filesystem::directory_iterator{parent, ignored}) {
        auto const& folder = entry.path();
        if (folder.filename().string().starts_with(folder_prefix) && is_ours(folder) && !is_held(folder)) {
            abandoned.push_back(folder);
        }
    }
    for (auto const& folder : abandoned) std::filesystem::remove_all(folder, ignored);
}

std::filesystem::path parent_for_private() {
    if (access("/dev/shm", W_OK | X_OK) == 0) return "/dev/shm";
    return std::filesystem::temp_directory_path();
}

}  // namespace

DatabaseFile DatabaseFile::open(std::filesystem::path const& file) {
    DatabaseFile database{std::filesystem::absolute(file)};
    auto const lock = lock_of(database.file_);
    database.lock_ = ::open(lock.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (database.lock_ < 0) fail("cannot make the lock file", lock);
    if (flock(database.lock_, LOCK_EX | LOCK_NB) != 0) {
        if (errno != EWOULDBLOCK) fail("cannot lock", lock);
        throw DatabaseInUse{
            fmt::format("another server uses the database {} (it holds {})\n  hint: stop that one first",
                        database.file_.string(), lock.string())};
    }
    auto const made = ::open(database.file_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (made < 0) fail("cannot open the database", database.file_);
    close(made);
    return database;
}

DatabaseFile DatabaseFile::make_private() {
    auto const parent = parent_for_private();
    remove_abandoned(parent);
    auto pattern = (parent / (std::string{folder_prefix} + "XXXXXX")).string();
    if (mkdtemp(pattern.data()) == nullptr) fail("cannot make a folder for the memory database", pattern);
    auto database = open(std::filesystem::path{pattern} / "memory.db");
    database.folder_ = pattern;
    return database;
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

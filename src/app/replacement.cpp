// At no moment is there no database: the old file gets a second name before the new one takes its first. A log that
// belongs to the old one must be gone by then, or SQLite would play it into the new one.

#include "app/replacement.hpp"

#include "store/durable_file.hpp"
#include "store/single_file.hpp"

#include <fmt/format.h>

#include <stdexcept>
#include <system_error>

namespace sallyport::app {
namespace {

namespace fs = std::filesystem;

constexpr char const* log_endings[] = {"-wal", "-shm", "-journal"};

fs::path with_ending(fs::path file, std::string const& ending) { return file += ending; }

void forget(fs::path const& file) {
    std::error_code ignored;
    fs::remove(file, ignored);
}

void move_logs(fs::path const& from, fs::path const& to) {
    std::error_code none_there;
    for (auto const* ending : log_endings) fs::rename(with_ending(from, ending), with_ending(to, ending), none_there);
}

}  // namespace

Replacement::Replacement(fs::path const& file, std::string const& stamp)
    : file_{fs::is_symlink(file) ? fs::weakly_canonical(file) : file},  // The link stays one.
      draft_{with_ending(file_, ".restoring")},
      aside_{with_ending(file_, ".before-restore-" + stamp)},
      was_there_{fs::exists(file_)},
      lock_{store::DatabaseFile::open(file)} {}

Replacement::~Replacement() {
    if (!is_kept_) undo();
    forget_draft();
}

void Replacement::make_draft(fs::path const& original) {
    forget_draft();  // Of a process that died here.
    store::copy_private_file(original, draft_);
}

void Replacement::put_in_place() {
    if (!store::make_single(draft_)) throw std::runtime_error{draft_.string() + " cannot be read"};
    store::sync(draft_);
    put_aside();
    store::rename_durably(draft_, file_);
}

std::optional<fs::path> Replacement::keep() {
    is_kept_ = true;
    return was_there_ ? std::optional{aside_} : std::nullopt;
}

void Replacement::put_aside() {
    if (fs::exists(aside_))
        throw std::runtime_error{fmt::format("{} is there already\n  hint: try again in a second", aside_.string())};
    if (was_there_) store::make_single(file_);
    is_changed_ = true;
    move_logs(file_, aside_);
    if (!was_there_) return;
    std::error_code failed;
    fs::create_hard_link(file_, aside_, failed);
    if (failed) fs::rename(file_, aside_);  // Not every file system has second names.
}

void Replacement::undo() const {
    if (!was_there_) forget(file_);
    if (!is_changed_) return;
    std::error_code failed;
    if (was_there_) fs::rename(aside_, file_, failed);
    if (was_there_ && !failed) forget(aside_);  // Both names of one file stay when one is given the other.
    move_logs(aside_, file_);
}

void Replacement::forget_draft() const {
    for (auto const* ending : {"", "-wal", "-shm", "-journal", ".lock"}) forget(with_ending(draft_, ending));
}

}  // namespace sallyport::app

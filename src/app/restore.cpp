// First everything that can be refused: each copy is made beside its database, under that one's lock, and judged and
// cleaned there. Then only names change, and they change back if one of them cannot.

#include "app/restore.hpp"

#include "app/backup.hpp"
#include "app/stores.hpp"
#include "store/database_file.hpp"
#include "store/durable_file.hpp"
#include "store/migrate.hpp"
#include "store/single_file.hpp"
#include "store/sqlite.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>
#include <memory>
#include <stdexcept>
#include <system_error>
#include <utility>

namespace sallyport::app {
namespace {

namespace fs = std::filesystem;

fs::path with_ending(fs::path file, std::string const& ending) { return file += ending; }

[[noreturn]] void refuse(fs::path const& what, std::string const& why, std::string const& hint) {
    throw std::runtime_error{fmt::format("{} {}\n  hint: {}", what.string(), why, hint)};
}

[[noreturn]] void refuse_damaged(fs::path const& file) {
    refuse(file, "is damaged", "take another backup; this one has changed since it was made");
}

Json read_page(fs::path const& backup) {
    if (!fs::is_directory(backup)) refuse(backup, "is no backup", "name a folder that `sallyport backup` made");
    auto const file = backup / backup_page;
    if (!fs::exists(file)) {
        refuse(backup, fmt::format("is no backup, or an unfinished one: it has no {}", backup_page),
               "take another backup: this one may lack records");
    }
    std::ifstream stream{file};
    std::string const text{std::istreambuf_iterator<char>{stream}, {}};
    try {
        auto page = parse_json(text);
        if (page["dataSources"].is_object()) return page;
    } catch (std::exception const&) {  // Told below.
    }
    refuse_damaged(file);
}

class KnownKeys {
public:
    explicit KnownKeys(crypto::Keys const& keys)
        : current_{keys.fingerprint()}, earlier_{keys.earlier_fingerprints()} {}

    void require(std::string const& fingerprint) const {
        if (fingerprint == current_ || std::ranges::find(earlier_, fingerprint) != earlier_.end()) return;
        throw std::runtime_error{
            fmt::format("the backup belongs to other keys than these (it was made with {}, these are {})\n"
                        "  hint: put back the keys.json (or SALLYPORT_KEYS) it was made with",
                        fingerprint, current_)};
    }

private:
    std::string current_;
    std::vector<std::string> earlier_;
};

bool has_table(store::Store& store, std::string_view name) {
    auto found = false;
    store.inspect(
        {"SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?1 COLLATE NOCASE", {std::string{name}}},
        [&](store::Row const&) { found = true; });
    return found;
}

void require_whole(store::Store& store) {
    auto is_whole = true;
    store.inspect({"PRAGMA integrity_check", {}}, [&](store::Row const& row) { is_whole &= row.text(0) == "ok"; });
    if (!is_whole) throw std::runtime_error{"PRAGMA integrity_check finds mistakes"};
}

// What would come back to life: sessions that ended since, links that were used, codes that went out.
void end_what_was_open(store::Store& store, SessionsOfBackup sessions) {
    std::vector<store::Statement> statements;
    auto const has_sessions = has_table(store, "sallyport_sessions");
    auto const has_tokens = has_table(store, "accesstoken");
    if (sessions == SessionsOfBackup::ended) {
        if (has_tokens) statements.push_back({"DELETE FROM accesstoken", {}});
        if (has_sessions) statements.push_back({"DELETE FROM sallyport_sessions", {}});
    } else if (has_sessions) {
        if (has_tokens) {
            statements.push_back(
                {"DELETE FROM accesstoken WHERE id IN (SELECT id FROM sallyport_sessions WHERE purpose <> 'session')",
                 {}});
        }
        statements.push_back({"DELETE FROM sallyport_sessions WHERE purpose <> 'session'", {}});
    }
    for (std::string const table : {"sallyport_challenges", "sallyport_outbox", "sallyport_tickets"}) {
        if (has_table(store, table)) statements.push_back({"DELETE FROM " + table, {}});
    }
    store.prepare(statements);
}

// One database and the copy that takes its place, with the lock of the one and until it is kept, the way back.
class Replacement {
public:
    Replacement(std::string data_source, fs::path const& file, std::string const& stamp)
        : data_source_{std::move(data_source)},
          file_{fs::is_symlink(file) ? fs::weakly_canonical(file) : file},  // The link stays one.
          draft_{with_ending(file_, ".restoring")},
          aside_{with_ending(file_, ".before-restore-" + stamp)},
          was_there_{fs::exists(file_)},
          lock_{store::DatabaseFile::open(file)} {}
    ~Replacement() {
        if (!is_kept_) undo();
        forget_draft();
    }
    Replacement(Replacement const&) = delete;
    Replacement& operator=(Replacement const&) = delete;

    /// The copy, which is as good as the original and has nothing open in it.
    void make_draft(fs::path const& original, double bytes, KnownKeys const& keys, SessionsOfBackup sessions) {
        forget_draft();  // Of a process that died here.
        if (!fs::exists(original) || static_cast<double>(fs::file_size(original)) != bytes) refuse_damaged(original);
        store::copy_private_file(original, draft_);
        try {
            judge_and_clean(keys, sessions);
        } catch (std::exception const& error) {
            throw std::runtime_error{fmt::format("{} cannot be restored: {}", original.string(), error.what())};
        }
        store::make_single(draft_);
        store::sync(draft_);
    }

    void put_in_place() {
        if (was_there_) put_aside();
        is_changed_ = true;
        store::rename_durably(draft_, file_);
    }

    RestoredDatabase keep() {
        is_kept_ = true;
        return {data_source_, file_, was_there_ ? std::optional{aside_} : std::nullopt};
    }

private:
    std::unique_ptr<store::Store> open_draft() const {
        try {
            auto copy = store::open_sqlite({.file = draft_});
            require_whole(*copy);
            return copy;
        } catch (std::exception const& error) {
            throw std::runtime_error{fmt::format("{}\n  hint: if it is damaged, take another backup", error.what())};
        }
    }

    void judge_and_clean(KnownKeys const& keys, SessionsOfBackup sessions) const {
        auto const copy = open_draft();
        if (auto const fingerprint = store::fingerprint_of_keys(*copy)) keys.require(*fingerprint);
        store::plan_own_tables(*copy);  // Throws for one of a newer version.
        end_what_was_open(*copy, sessions);
    }

    // A second name, so that at no moment there is no database; a log that cannot be read belongs to the old one alone.
    void put_aside() {
        if (fs::exists(aside_)) refuse(aside_, "is there already", "try again in a second");
        store::make_single(file_);
        is_changed_ = true;
        for (auto const* ending : log_endings) move_if_there(with_ending(file_, ending), with_ending(aside_, ending));
        std::error_code failed;
        fs::create_hard_link(file_, aside_, failed);
        if (failed) fs::rename(file_, aside_);
    }

    void undo() const {
        if (!was_there_) remove(file_);
        if (!was_there_ || !is_changed_) return;
        std::error_code ignored;
        fs::rename(aside_, file_, ignored);
        if (!ignored) remove(aside_);  // Both names of one file stay when one is given the other.
        for (auto const* ending : log_endings) move_if_there(with_ending(aside_, ending), with_ending(file_, ending));
    }

    void forget_draft() const {
        for (auto const* ending : {"", "-wal", "-shm", "-journal", ".lock"}) remove(with_ending(draft_, ending));
    }

    static void remove(fs::path const& file) {
        std::error_code ignored;
        fs::remove(file, ignored);
    }

    static void move_if_there(fs::path const& from, fs::path const& to) {
        std::error_code ignored;
        fs::rename(from, to, ignored);
    }

    static constexpr std::array log_endings{"-wal", "-shm", "-journal"};

    std::string data_source_;
    fs::path file_;
    fs::path draft_;
    fs::path aside_;
    bool was_there_;
    bool is_changed_ = false;
    bool is_kept_ = false;
    store::DatabaseFile lock_;
};

// "20150601T100000Z"
std::string stamp_of(Clock const& clock) {
    std::string text;
    append_iso_date(text, static_cast<double>(clock.now()));
    text.resize(text.find('.'));
    std::erase_if(text, [](char c) { return c == '-' || c == ':'; });
    return text + "Z";
}

fs::path file_of(DatabaseFiles const& files, std::string const& data_source, fs::path const& backup) {
    auto const found = files.find(data_source);
    if (found != files.end()) return found->second;
    refuse(backup, fmt::format("has a data source \"{}\", of which the project keeps no file", data_source),
           "restore it into the project it was made of, or add the data source to server/datasources.json and a model "
           "that uses it");
}

fs::path original_of(Json const& entry, fs::path const& backup) {
    auto const& name = entry["file"];
    auto const is_name = name.is_string() && fs::path{name.as_string()}.filename() == fs::path{name.as_string()};
    if (!is_name || !entry["bytes"].is_number()) refuse_damaged(backup / backup_page);
    return backup / name.as_string();
}

}  // namespace

Restored restore(definition::Project const& project, crypto::Keys const& keys, fs::path const& backup,
                 SessionsOfBackup sessions, Clock const& clock) {
    auto const page = read_page(backup);
    KnownKeys const known{keys};
    if (page["keysFingerprint"].is_string()) known.require(page["keysFingerprint"].as_string());
    auto const files = database_files(project, project.folder);
    auto const stamp = stamp_of(clock);
    std::vector<std::unique_ptr<Replacement>> replacements;
    for (auto const& [source, entry] : page["dataSources"].as_object()) {
        auto const& made =
            replacements.emplace_back(std::make_unique<Replacement>(source, file_of(files, source, backup), stamp));
        made->make_draft(original_of(entry, backup), entry["bytes"].as_number(), known, sessions);
    }
    for (auto const& replacement : replacements) replacement->put_in_place();
    Restored restored{.created = page["created"].is_string() ? page["created"].as_string() : "", .databases = {}};
    for (auto const& replacement : replacements) restored.databases.push_back(replacement->keep());
    return restored;
}

}  // namespace sallyport::app

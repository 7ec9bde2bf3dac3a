// First everything that can be refused: each copy is made beside its database, under that one's lock, and judged and
// cleaned there. Then only names change, and they change back if one of them cannot.

#include "app/restore.hpp"

#include "app/backup.hpp"
#include "app/replacement.hpp"
#include "app/stores.hpp"
#include "store/migrate.hpp"
#include "store/sqlite.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <stdexcept>

namespace sallyport::app {
namespace {

namespace fs = std::filesystem;

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

void require_whole(store::Store& store) {
    auto is_whole = true;
    store.inspect({"PRAGMA integrity_check", {}}, [&](store::Row const& row) { is_whole &= row.text(0) == "ok"; });
    if (!is_whole) throw std::runtime_error{"PRAGMA integrity_check finds mistakes"};
}

// A token model of the app's own has a table of its own; what is in a backup knows it by its columns.
std::vector<std::string> token_tables(store::Store& store) {
    std::vector<std::string> names;
    store.inspect({R"(
SELECT m.name FROM sqlite_master m JOIN pragma_table_info(m.name) c
WHERE m.type = 'table' AND lower(c.name) IN ('id', 'ttl', 'scopes', 'created', 'userid')
GROUP BY m.name HAVING count(*) = 5)",
                   {}},
                  [&names](store::Row const& row) { names.push_back(query::quote(row.text(0))); });
    return names;
}

// What would come back to life: sessions that ended since, links that were used, codes that went out.
void end_what_was_open(store::Store& store, SessionsOfBackup sessions) {
    std::vector<store::Statement> statements;
    auto const has_sessions = has_table(store, "sallyport_sessions");
    if (sessions == SessionsOfBackup::ended) {
        for (auto const& table : token_tables(store)) statements.push_back({"DELETE FROM " + table, {}});
        if (has_sessions) statements.push_back({"DELETE FROM sallyport_sessions", {}});
    } else if (has_sessions) {
        for (auto const& table : token_tables(store)) {
            statements.push_back(
                {fmt::format(
                     "DELETE FROM {} WHERE id IN (SELECT id FROM sallyport_sessions WHERE purpose <> 'session')",
                     table),
                 {}});
        }
        statements.push_back({"DELETE FROM sallyport_sessions WHERE purpose <> 'session'", {}});
    }
    for (std::string const table : {"sallyport_challenges", "sallyport_outbox", "sallyport_tickets"}) {
        if (has_table(store, table)) statements.push_back({"DELETE FROM " + table, {}});
    }
    store.prepare(statements);
}

std::unique_ptr<store::Store> open_whole(fs::path const& draft) {
    try {
        auto copy = store::open_sqlite({.file = draft});
        require_whole(*copy);
        return copy;
    } catch (std::exception const& error) {
        throw std::runtime_error{fmt::format("{}\n  hint: if it is damaged, take another backup", error.what())};
    }
}

void judge_and_clean(fs::path const& draft, KnownKeys const& keys, SessionsOfBackup sessions) {
    auto const copy = open_whole(draft);
    if (auto const fingerprint = store::fingerprint_of_keys(*copy)) keys.require(*fingerprint);
    store::plan_own_tables(*copy);  // Throws for one of a newer version.
    end_what_was_open(*copy, sessions);
}

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
    auto const file = backup / name.as_string();
    if (!fs::exists(file) || static_cast<double>(fs::file_size(file)) != entry["bytes"].as_number())
        refuse_damaged(file);
    return file;
}

void make_draft(Replacement& replacement, fs::path const& original, KnownKeys const& keys, SessionsOfBackup sessions) {
    replacement.make_draft(original);
    try {
        judge_and_clean(replacement.draft(), keys, sessions);
    } catch (std::exception const& error) {
        throw std::runtime_error{fmt::format("{} cannot be restored: {}", original.string(), error.what())};
    }
}

}  // namespace

Restored restore(definition::Project const& project, crypto::Keys const& keys, fs::path const& backup,
                 SessionsOfBackup sessions, Clock const& clock) {
    auto const page = read_page(backup);
    KnownKeys const known{keys};
    if (page["keysFingerprint"].is_string()) known.require(page["keysFingerprint"].as_string());
    auto const files = database_files(project, project.folder);
    auto const stamp = stamp_of(clock);
    std::map<std::string, Replacement> replacements;
    for (auto const& [source, entry] : page["dataSources"].as_object()) {
        auto& made = replacements.try_emplace(source, file_of(files, source, backup), stamp).first->second;
        make_draft(made, original_of(entry, backup), known, sessions);
    }
    for (auto& [source, replacement] : replacements) replacement.put_in_place();
    Restored restored{.created = page["created"].is_string() ? page["created"].as_string() : "", .databases = {}};
    for (auto& [source, replacement] : replacements)
        restored.databases.push_back({source, replacement.file(), replacement.keep()});
    return restored;
}

}  // namespace sallyport::app

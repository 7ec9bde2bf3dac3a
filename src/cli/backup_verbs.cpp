// The verbs that copy an app's databases and put copies back.

#include "app/backup.hpp"
#include "app/control.hpp"
#include "app/keys_file.hpp"
#include "app/restore.hpp"
#include "cli/project_verbs.hpp"
#include "cli/verb.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <stdexcept>

namespace sallyport::cli {
namespace {

namespace fs = std::filesystem;

/// What a verb's options are read into; it lives as long as the verb.
struct BackupOptions {
    fs::path backup;
    fs::path folder = ".";
    bool keeps_sessions = false;
};

std::shared_ptr<BackupOptions> options_of(CLI::App* verb, std::string const& name, std::string const& about) {
    auto options = std::make_shared<BackupOptions>();
    verb->add_option(name, options->backup, about)->required();
    verb->add_option("DIR", options->folder, "the project folder")->capture_default_str();
    return options;
}

// Opening a database makes it where it is missing: an empty backup, and nobody the wiser.
void require_database(definition::Project const& project) {
    auto const files = app::database_files(project, project.folder);
    if (files.empty() || std::ranges::any_of(files, [](auto const& entry) { return fs::exists(entry.second); })) return;
    throw std::runtime_error{
        fmt::format("there is nothing to back up: {} is not there\n  hint: name the project folder",
                    files.begin()->second.string())};
}

// Where no server runs.
Json back_up_here(BackupOptions const& options) {
    auto const project = load_sound(options.folder);
    require_database(project);
    auto const stores = app::open_stores(project, options.folder);
    return app::back_up(project, stores, options.backup, SystemClock{});
}

void back_up(BackupOptions const& options, std::ostream& err) {
    JsonObject wanted{{"target", fs::absolute(options.backup).string()}};
    auto const answer = app::ask_server(options.folder, "/backup", Json{std::move(wanted)});
    auto const page = answer ? *answer : back_up_here(options);
    for (auto const& [source, copy] : page["dataSources"].as_object())
        err << fmt::format("{}: {} bytes in {}\n", source, copy["bytes"].as_number(),
                           (options.backup / copy["file"].as_string()).string());
    err << "the keys are not in it: keep a copy of keys.json elsewhere\n";
}

void put_back(BackupOptions const& options, std::ostream& err) {
    auto const project = load_sound(options.folder);
    auto const keys = app::read_keys(options.folder, false);
    auto const sessions = options.keeps_sessions ? app::SessionsOfBackup::kept : app::SessionsOfBackup::ended;
    auto const restored = app::restore(project, keys, options.backup, sessions, SystemClock{});
    for (auto const& database : restored.databases) {
        err << fmt::format("{}: {} is as it was at {}\n", database.data_source, database.file.string(),
                           restored.created);
        if (database.aside) err << fmt::format("  what was there is now {}\n", database.aside->string());
    }
    err << (options.keeps_sessions
                ? "sessions that have ended since the backup are good again; codes and links that were open are not\n"
                : "everybody must sign in again: sessions are not restored\n");
}

}  // namespace

void add_backup(CLI::App& app, Work& work, std::ostream& err) {
    auto* verb = add_verb(app, "backup", "copy the databases of a project into a new folder",
                          "sallyport backup /backups/monday company");
    auto const options = options_of(verb, "TARGET", "the folder to make");
    verb->callback([options, &work, &err] {
        work = [options, &err] {
            back_up(*options, err);
            return 0;
        };
    });
}

void add_restore(CLI::App& app, Work& work, std::ostream& err) {
    auto* verb =
        add_verb(app, "restore", "put the databases of a backup in place", "sallyport restore /backups/monday company");
    auto const options = options_of(verb, "BACKUP", "a folder that backup made");
    verb->add_flag("--keep-sessions", options->keeps_sessions, "those of the backup, also if they have ended since");
    verb->callback([options, &work, &err] {
        work = [options, &err] {
            put_back(*options, err);
            return 0;
        };
    });
}

}  // namespace sallyport::cli

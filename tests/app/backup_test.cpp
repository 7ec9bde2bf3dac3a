#include "app/backup.hpp"

#include "app/project_folder.hpp"
#include "folder.hpp"
#include "sallyport/error.hpp"
#include "store/migrate.hpp"
#include "support.hpp"

#include <gtest/gtest.h>

#include <sys/stat.h>
#include <string>

namespace sallyport::app {
namespace {

namespace fs = std::filesystem;

std::map<std::string, std::string> notes_in(std::string const& data_sources) {
    return {{"server/config.json", "{}"},
            {"server/datasources.json", data_sources},
            {"server/model-config.json", R"({"_meta": {"sources": ["../common/models"]},
                "Note": {"dataSource": "db"}, "Other": {"dataSource": "a/b"}})"},
            {"common/models/note.json", R"({"name": "Note", "base": "PersistedModel", "properties": {"t": "string"}})"},
            {"common/models/other.json", R"({"name": "Other", "base": "PersistedModel"})"}};
}

struct Opened {
    explicit Opened(std::string const& data_sources) : folder{notes_in(data_sources)} {
        for (auto const& [source, store] : stores) store->prepare(plan(project, source, *store, source == "db", 0));
    }

    /// The status a backup to `name` ended with; 0 if it is there.
    int status_of_backup(std::string const& name, std::stop_token const& stop = {}) const {
        try {
            back_up(project, stores, folder.path() / name, clock, stop);
        } catch (Error const& error) {
            EXPECT_NE(error.message, "");
            return error.status;
        }
        return 0;
    }

    unsigned mode_of(std::string const& name) const {
        struct stat found{};
        stat((folder.path() / name).c_str(), &found);
        return found.st_mode & 0777;
    }

    Folder folder;
    StillClock clock;
    definition::Project project = load_project(folder.path(), {});
    Stores stores = open_stores(project, folder.path());
};

auto const* const in_both = R"({"db": {"connector": "sqlite3", "file": "data.db"}, "a/b": {"connector": "memory"}})";

TEST(Backup, HasAFileForEachDataSourceThatHasOneAndAPageOfWhatTheyAre) {
    Opened const app{in_both};

    auto const page = back_up(app.project, app.stores, app.folder.path() / "backup", app.clock);

    EXPECT_EQ(parse_json(app.folder.read("backup/backup.json")), page);
    EXPECT_EQ(page["created"], Json{"2015-06-01T10:00:00.000Z"});
    EXPECT_TRUE(page["version"].is_string());
    EXPECT_TRUE(page["keysFingerprint"].is_null());
    EXPECT_EQ(page["dataSources"].as_object().size(), 1U);
    EXPECT_EQ(page["dataSources"]["db"]["file"], Json{"db.db"});
    EXPECT_EQ(page["dataSources"]["db"]["bytes"], Json{fs::file_size(app.folder.path() / "backup/db.db")});
    EXPECT_EQ(app.mode_of("backup"), 0700U);
    EXPECT_EQ(app.mode_of("backup/backup.json"), 0600U);
    EXPECT_EQ(app.mode_of("backup/db.db"), 0600U);
}

TEST(Backup, NamesTheKeysAndHoldsNone) {
    Opened const app{in_both};
    app.folder.write("keys.json", "the keys");
    store::check_keys(*app.stores.at("db"), "fingerprint");

    EXPECT_EQ(back_up(app.project, app.stores, app.folder.path() / "backup", app.clock)["keysFingerprint"],
              Json{"fingerprint"});

    EXPECT_EQ(std::distance(fs::directory_iterator{app.folder.path() / "backup"}, {}), 2);
}

TEST(Backup, ANameThatIsNoFileNameStaysInTheFolder) {
    Folder const folder;
    Opened app{
        R"({"db": {"connector": "sqlite3", "file": "data.db"}, "a/b": {"connector": "sqlite3", "file": "ab.db"}})"};

    back_up(app.project, app.stores, app.folder.path() / "backup", app.clock);

    EXPECT_TRUE(app.folder.has("backup/a%2Fb.db"));
}

TEST(Backup, OfMemoryAloneIsRefused) {
    Opened const app{R"({"db": {"connector": "memory"}, "a/b": {"connector": "sqlite3", "file": ":memory:"}})"};

    EXPECT_EQ(app.status_of_backup("backup"), 422);
    EXPECT_FALSE(app.folder.has("backup"));
}

TEST(Backup, RefusesAFolderThatIsThereAndLeavesNoneBehindWhereItFails) {
    Opened const app{in_both};
    fs::create_directory(app.folder.path() / "mine");
    std::stop_source stop;
    stop.request_stop();

    EXPECT_EQ(app.status_of_backup("mine"), 409);
    EXPECT_EQ(app.status_of_backup("missing/backup"), 500);
    EXPECT_EQ(app.status_of_backup("backup", stop.get_token()), 503);

    EXPECT_TRUE(app.folder.has("mine"));
    EXPECT_FALSE(app.folder.has("backup"));
    EXPECT_EQ(app.status_of_backup("backup"), 0);
}

TEST(Backup, IsATaskOfTheServerToo) {
    Opened const app{in_both};
    Backups backups{app.project, app.stores, app.clock};

    auto const page = wait_for(backups.make(app.folder.path() / "backup"));

    EXPECT_EQ(parse_json(app.folder.read("backup/backup.json")), page);
    EXPECT_THROW(wait_for(backups.make(app.folder.path() / "backup")), Error);
}

}  // namespace
}  // namespace sallyport::app

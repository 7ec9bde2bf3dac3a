#include "app/restore.hpp"

#include "app/backup.hpp"
#include "app/project_folder.hpp"
#include "folder.hpp"
#include "store/database_file.hpp"
#include "store/migrate.hpp"
#include "support.hpp"

#include <gtest/gtest.h>
#include <sqlite3.h>

#include <sys/stat.h>
#include <set>
#include <stdexcept>
#include <string>

namespace sallyport::app {
namespace {

namespace fs = std::filesystem;

std::map<std::string, std::string> company() {
    return {
        {"server/config.json", "{}"},
        {"server/datasources.json", R"({"db": {"connector": "sqlite3", "file": "data.db", "synchronous": "OFF"},
                "archive": {"connector": "sqlite3", "synchronous": "OFF"}, "mem": {"connector": "memory"}})"},
        {"server/model-config.json", R"({"_meta": {"sources": ["../common/models"]},
                "Employee": {"dataSource": "db"}, "AccessToken": {"dataSource": "db"},
                "Note": {"dataSource": "archive"}})"},
        {"common/models/employee.json", R"({"name": "Employee", "base": "User"})"},
        {"common/models/note.json", R"({"name": "Note", "base": "PersistedModel", "properties": {"t": "string"}})"}};
}

/// A project and its databases, which are closed between two uses.
struct Company {
    explicit Company(crypto::Keys keys_) : keys{std::move(keys_)} {
        with_stores([&](Stores& stores) {
            for (auto const& [source, store] : stores) store->prepare(plan(project, source, *store, source == "db", 0));
            store::check_keys(*stores.at("db"), keys.fingerprint());
        });
    }

    void with_stores(auto const& use) const {
        auto stores = open_stores(project, folder.path());
        use(stores);
    }

    void run(std::string const& source, std::string const& sql) const {
        with_stores([&](Stores& stores) { stores.at(source)->prepare({{sql, {}}}); });
    }

    int count(std::string const& source, std::string const& table) const {
        auto rows = -1;
        with_stores([&](Stores& stores) {
            stores.at(source)->inspect({"SELECT count(*) FROM " + table, {}},
                                       [&](store::Row const& row) { rows = static_cast<int>(row.integer(0)); });
        });
        return rows;
    }

    void add_note() const { run("archive", "INSERT INTO note (t) VALUES ('x')"); }
    void add_session(std::string const& id, std::string const& purpose) const {
        run("db", "INSERT INTO accesstoken (id, ttl) VALUES ('" + id + "', 1)");
        run("db", "INSERT INTO sallyport_sessions VALUES ('" + id + "', 'Employee', '1', '" + purpose +
                      "', 0, 0, 0, 0, '[]', '', '')");
    }

    /// Backs up to a folder of `folder`.
    fs::path back_up_to(std::string const& name) const {
        with_stores([&](Stores& stores) { back_up(project, stores, folder.path() / name, clock); });
        return folder.path() / name;
    }

    Restored restore_from(fs::path const& backup, SessionsOfBackup sessions = SessionsOfBackup::ended) const {
        return restore(project, keys, backup, sessions, clock);
    }

    /// What a restore says that is refused, having seen that it changed no file.
    std::string refusal_of(fs::path const& backup) const {
        auto const before = contents();
        auto said = failure_of(backup);
        EXPECT_TRUE(contents() == before) << said;
        return said;
    }

    /// What a restore says that fails, having seen that it left neither more files nor fewer.
    std::string failure_of(fs::path const& backup) const {
        auto const before = names();
        std::string said = "accepted";
        try {
            restore_from(backup);
        } catch (std::runtime_error const& error) {
            said = error.what();
        }
        EXPECT_EQ(names(), before) << said;
        return said;
    }

    std::set<std::string> names() const {
        std::set<std::string> found;
        for (auto const& [name, content] : contents()) found.insert(name);
        return found;
    }

    std::map<std::string, std::string> contents() const {
        std::map<std::string, std::string> found;
        for (auto const& entry : fs::directory_iterator{folder.path()}) {
            auto const name = entry.path().filename().string();
            if (entry.is_regular_file() && !name.ends_with(".lock")) found[name] = folder.read(name);
        }
        return found;
    }

    Folder const folder{company()};
    crypto::Keys keys;
    StillClock clock;
    definition::Project project = load_project(folder.path(), {});
};

auto const our_keys = crypto::Keys::make();

TEST(Restore, BringsTheRowsElsewhere) {
    Company const here{our_keys};
    here.add_note();
    here.run("db", "INSERT INTO employee (email, password) VALUES ('a@x.test', 'hash')");
    auto const backup = here.back_up_to("backup");
    Company const there{our_keys};

    auto const restored = there.restore_from(backup);

    EXPECT_EQ(restored.created, "2015-06-01T10:00:00.000Z");
    EXPECT_EQ(restored.databases.size(), 2U);
    EXPECT_EQ(there.count("archive", "note"), 1);
    EXPECT_EQ(there.count("db", "employee WHERE email = 'a@x.test' AND password = 'hash'"), 1);
    struct stat found{};
    stat((there.folder.path() / "data.db").c_str(), &found);
    EXPECT_EQ(found.st_mode & 0777, 0600U);
}

TEST(Restore, TakesThePlaceOfADatabaseThatIsLost) {
    Company const app{our_keys};
    app.add_note();
    auto const backup = app.back_up_to("backup");
    fs::remove(app.folder.path() / "archive.db");
    app.folder.write("archive.db-wal", "the log of what is lost");

    auto const restored = app.restore_from(backup);

    EXPECT_EQ(app.folder.read("archive.db.before-restore-20150601T100000Z-wal"), "the log of what is lost");

    EXPECT_EQ(restored.databases.at(0).data_source, "archive");
    EXPECT_FALSE(restored.databases.at(0).aside);
    EXPECT_EQ(app.count("archive", "note"), 1);
}

TEST(Restore, PutsAsideWhatWasThereWithWhatStoodInItsLog) {
    Company const app{our_keys};
    auto const backup = app.back_up_to("backup");
    auto const file = app.folder.path() / "archive.db";
    app.add_note();
    // A process that died: its last row is in the log alone.
    app.with_stores([&](Stores& stores) {
        stores.at("archive")->prepare({{"INSERT INTO note (t) VALUES ('in the log')", {}}});
        fs::copy(file, app.folder.path() / "archive.saved");
        fs::copy(file.string() + "-wal", app.folder.path() / "archive.saved-wal");
    });
    fs::rename(app.folder.path() / "archive.saved", file);
    fs::rename(app.folder.path() / "archive.saved-wal", file.string() + "-wal");

    auto const restored = app.restore_from(backup);

    auto const aside = restored.databases.at(0).aside;
    EXPECT_EQ(aside, file.string() + ".before-restore-20150601T100000Z");
    EXPECT_EQ(app.count("archive", "note"), 0);
    EXPECT_FALSE(app.folder.has("archive.db-wal"));
    fs::rename(*aside, file);
    EXPECT_EQ(app.count("archive", "note"), 2);
}

TEST(Restore, TakesThePlaceOfADamagedDatabaseWhichIsKeptAsItIs) {
    Company const app{our_keys};
    app.add_note();
    auto const backup = app.back_up_to("backup");
    app.folder.write("archive.db", std::string(8192, 'x'));
    app.folder.write("archive.db-wal", "its log");

    app.restore_from(backup);

    EXPECT_EQ(app.count("archive", "note"), 1);
    EXPECT_EQ(app.folder.read("archive.db.before-restore-20150601T100000Z"), std::string(8192, 'x'));
    EXPECT_EQ(app.folder.read("archive.db.before-restore-20150601T100000Z-wal"), "its log");
}

TEST(Restore, EndsSessionsAndWhatWaitsForACode) {
    Company const app{our_keys};
    app.add_session("a", "session");
    app.add_session("b", "reset");
    app.run("db", "ALTER TABLE accesstoken RENAME TO other");
    app.run("db", "ALTER TABLE other RENAME TO AccessToken");            // As LoopBack's connector names it.
    app.run("db", "CREATE TABLE mytoken AS SELECT * FROM accesstoken");  // Of a token model of the app's own.
    app.run("db", "INSERT INTO sallyport_outbox (id, channel, sealed, due, expires_at) VALUES ('m', 'sms', 's', 0, 9)");
    app.run("db",
            "INSERT INTO sallyport_challenges VALUES ('c', '', '', '', '', 0, '', 0, '', '', '', '', 0, 0, 0, 0, 0)");
    auto const backup = app.back_up_to("backup");

    struct Row {
        SessionsOfBackup sessions;
        int kept;
    };
    for (auto const& row : {Row{SessionsOfBackup::ended, 0}, Row{SessionsOfBackup::kept, 1}}) {
        app.restore_from(backup, row.sessions);
        const_cast<StillClock&>(app.clock).advance(1000);
        EXPECT_EQ(app.count("db", "accesstoken"), row.kept);
        EXPECT_EQ(app.count("db", "mytoken"), row.kept);
        EXPECT_EQ(app.count("db", "sallyport_sessions"), row.kept);
        EXPECT_EQ(app.count("db", "sallyport_sessions WHERE purpose = 'reset'"), 0);
        EXPECT_EQ(app.count("db", "sallyport_challenges"), 0);
        EXPECT_EQ(app.count("db", "sallyport_outbox"), 0);
    }
}

TEST(Restore, TakesTheKeysOfTheBackupAndThoseTheyWereRotatedTo) {
    Company const app{our_keys};
    auto const backup = app.back_up_to("backup");
    Company const rotated{our_keys.rotated()};
    Company const other{crypto::Keys::make()};

    EXPECT_NO_THROW(rotated.restore_from(backup));

    EXPECT_NE(other.refusal_of(backup).find("belongs to other keys"), std::string::npos);
    // The page may be another's.
    auto page = parse_json(app.folder.read("backup/backup.json"));
    page["keysFingerprint"] = other.keys.fingerprint();
    app.folder.write("backup/backup.json", to_text(page));
    EXPECT_NE(other.refusal_of(backup).find("belongs to other keys"), std::string::npos);
    EXPECT_NE(app.refusal_of(backup).find("belongs to other keys"), std::string::npos);
}

TEST(Restore, RefusesADatabaseOfANewerVersion) {
    Company const app{our_keys};
    app.run("db", "UPDATE sallyport_meta SET value = '99' WHERE key = 'schema'");

    EXPECT_NE(app.refusal_of(app.back_up_to("backup")).find("newer version"), std::string::npos);
}

TEST(Restore, IsNotInTheWayOfTheNextWhereItDied) {
    Company const app{our_keys};
    auto const backup = app.back_up_to("backup");
    for (auto const* name : {"archive.db.restoring", "archive.db.restoring-wal", "archive.db.restoring.lock"})
        app.folder.write(name, "left");

    app.restore_from(backup);

    for (auto const& name : app.names()) EXPECT_EQ(name.find("restoring"), std::string::npos) << name;
}

TEST(Restore, PutsTheDatabaseWhereALinkLeads) {
    Company const app{our_keys};
    app.add_note();
    auto const backup = app.back_up_to("backup");
    Folder const disk;
    fs::rename(app.folder.path() / "archive.db", disk.path() / "real.db");
    fs::create_symlink(disk.path() / "real.db", app.folder.path() / "archive.db");

    auto const restored = app.restore_from(backup);

    EXPECT_TRUE(fs::is_symlink(app.folder.path() / "archive.db"));
    EXPECT_EQ(restored.databases.at(0).aside, disk.path() / "real.db.before-restore-20150601T100000Z");
    EXPECT_EQ(app.count("archive", "note"), 1);
}

TEST(Restore, RefusesWhatIsNoWholeBackup) {
    Company const app{our_keys};
    app.run("db", "CREATE INDEX by_email ON employee (email)");
    app.run("db", "INSERT INTO employee (email) VALUES ('marker@x.test')");
    auto const backup = app.back_up_to("backup");
    auto const page = app.folder.read("backup/backup.json");
    auto const database = app.folder.read("backup/db.db");
    auto const with_page = [&](std::string const& text) {
        app.folder.write("backup/backup.json", text);
        auto said = app.refusal_of(backup);
        app.folder.write("backup/backup.json", page);
        return said;
    };
    auto const with_database = [&](std::string const& bytes) {
        app.folder.write("backup/db.db", bytes);
        auto said = app.refusal_of(backup);
        app.folder.write("backup/db.db", database);
        return said;
    };
    auto broken = database;
    broken[broken.find("marker")] = 'n';  // In the table or in its index, and so no more in the other.
    std::string const unknown = R"({"dataSources": {"old": {"file": "db.db", "bytes": 1}}})";
    std::string const in_memory = R"({"dataSources": {"mem": {"file": "db.db", "bytes": 1}}})";
    std::string const elsewhere =
        R"({"dataSources": {"db": {"file": "../backup/db.db", "bytes": )" + std::to_string(database.size()) + "}}}";

    struct Row {
        std::string said;
        std::string_view says;
    };
    Row const rows[] = {
        {app.refusal_of(app.folder.path() / "missing"), "is no backup"},
        {app.refusal_of(app.folder.path() / "server"), "unfinished"},
        {with_page("{"), "is damaged"},
        {with_page(unknown), "has a data source \"old\""},
        {with_page(in_memory), "has a data source \"mem\""},
        {with_page(elsewhere), "is damaged"},
        {with_database(database.substr(0, 8192)), "is damaged"},
        {with_database(database + std::string(4096, '\0')), "is damaged"},
        {with_database(broken), "cannot be restored: PRAGMA integrity_check"},
        {with_database(std::string(database.size(), 'x')), "cannot be restored: "},
    };
    for (auto const& row : rows) EXPECT_NE(row.said.find(row.says), std::string::npos) << row.said;
    EXPECT_NO_THROW(app.restore_from(backup));
}

TEST(Restore, IsRefusedWhileTheDatabaseIsInUse) {
    Company const app{our_keys};
    auto const backup = app.back_up_to("backup");
    {
        auto const lock = store::DatabaseFile::open(app.folder.path() / "archive.db");
        EXPECT_NE(app.refusal_of(backup).find("another server uses the database"), std::string::npos);
    }
    EXPECT_NO_THROW(app.restore_from(backup));
}

TEST(Restore, ThatFailsHalfWayLeavesTheAppAsItWas) {
    Company const app{our_keys};
    auto const backup = app.back_up_to("backup");
    app.add_note();
    // The second of the two cannot be put aside.
    app.folder.write("data.db.before-restore-20150601T100000Z", "another's");

    EXPECT_NE(app.failure_of(backup).find("is there already"), std::string::npos);

    EXPECT_EQ(app.count("archive", "note"), 1);
}

TEST(Restore, ThatFailsHalfWayLeavesNoDatabaseWhereNoneWas) {
    Company const app{our_keys};
    auto const backup = app.back_up_to("backup");
    fs::remove(app.folder.path() / "archive.db");
    app.folder.write("data.db.before-restore-20150601T100000Z", "another's");

    EXPECT_NE(app.failure_of(backup).find("is there already"), std::string::npos);
}

}  // namespace
}  // namespace sallyport::app

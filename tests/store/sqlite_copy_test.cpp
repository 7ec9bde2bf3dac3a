#include "store/sqlite_copy.hpp"

#include "folder.hpp"
#include "sallyport/error.hpp"
#include "store/sqlite.hpp"
#include "support.hpp"

#include <gtest/gtest.h>

#include <sys/resource.h>
#include <sys/stat.h>
#include <atomic>
#include <csignal>
#include <string>
#include <thread>
#include <vector>

namespace sallyport::store {
namespace {

namespace fs = std::filesystem;

struct Copying : testing::Test {
    Folder const folder;
    std::unique_ptr<Store> store = open();

    // A table as others make them, with a text in double quotes.
    std::unique_ptr<Store> open() const {
        auto const file = folder.path() / "live.db";
        sqlite3* database = nullptr;
        sqlite3_open(file.c_str(), &database);
        auto const* const table = R"(CREATE TABLE item (id INTEGER PRIMARY KEY, name TEXT CHECK (name <> "none")))";
        EXPECT_EQ(sqlite3_exec(database, table, nullptr, nullptr, nullptr), SQLITE_OK);
        sqlite3_close(database);
        return open_sqlite({.file = file});
    }

    Task<> insert(std::string name) {
        Work work = [name](Transaction& transaction) -> Task<> {
            co_await transaction.run({"INSERT INTO item (name) VALUES (?1)", {name}});
        };
        co_await store->write(std::move(work));
    }

    /// What a copy into `name` ended with; 0 if it is there.
    int status_of_copy(std::string const& name, std::stop_token const& stop = {}) const {
        try {
            store->back_up(folder.path() / name, stop);
        } catch (Error const& error) {
            EXPECT_NE(error.message.find((folder.path() / name).string()), std::string::npos) << error.message;
            return error.status;
        }
        return 0;
    }

    std::size_t files() const {
        return static_cast<std::size_t>(std::distance(fs::directory_iterator{folder.path()}, {}));
    }
};

std::vector<std::string> texts(Store& store, std::string const& sql) {
    std::vector<std::string> found;
    store.inspect({sql, {}}, [&](Row const& row) { found.emplace_back(row.text(0)); });
    return found;
}

TEST_F(Copying, ContainsEveryRowThatWasAcknowledgedBeforeItBegan) {
    std::atomic<int> acknowledged = 0;
    std::jthread const writer{[&](std::stop_token const& stop) {
        while (!stop.stop_requested()) {
            wait_for(insert("item " + std::to_string(acknowledged + 1)));
            ++acknowledged;
            acknowledged.notify_all();
        }
    }};
    for (auto copy = 0; copy < 5; ++copy) {
        auto const file = folder.path() / ("copy" + std::to_string(copy));
        acknowledged.wait(acknowledged);
        auto const before = acknowledged.load();
        store->back_up(file, {});

        auto const copied = open_sqlite({.file = file});
        EXPECT_EQ(texts(*copied, "PRAGMA integrity_check"), std::vector<std::string>{"ok"});
        EXPECT_GE(std::stoi(texts(*copied, "SELECT count(*) FROM item").at(0)), before);
        // A moment of the original: no row without those that came before it.
        EXPECT_EQ(texts(*copied, "SELECT count(*) FROM item"), texts(*copied, "SELECT max(id) FROM item"));
    }
}

TEST_F(Copying, IsOneFileThatOnlyItsOwnerReadsAndThatNeedsNoOther) {
    wait_for(insert("a"));
    auto const mask = umask(0);
    EXPECT_EQ(status_of_copy("copy.db"), 0);
    umask(mask);

    struct stat found{};
    ASSERT_EQ(stat((folder.path() / "copy.db").c_str(), &found), 0);
    EXPECT_EQ(found.st_mode & 0777, 0600U);
    // Bytes 18 and 19 are 1 where no write-ahead log belongs to a file: https://sqlite.org/fileformat.html 1.3.3.
    EXPECT_EQ(folder.read("copy.db").substr(18, 2), "\1\1");
    EXPECT_FALSE(folder.has("copy.db.part"));
}

TEST_F(Copying, RefusesAFileThatIsThereAndLeavesItAsItIs) {
    folder.write("copy.db", "kept");
    folder.write("other.db.part", "another's");

    EXPECT_EQ(status_of_copy("copy.db"), 409);
    EXPECT_EQ(status_of_copy("other.db"), 409);

    EXPECT_EQ(folder.read("copy.db"), "kept");
    EXPECT_EQ(folder.read("other.db.part"), "another's");
}

TEST_F(Copying, LeavesNothingBehindWhereItFails) {
    wait_for(insert(std::string(100000, 'x')));
    auto const before = files();
    std::stop_source stop;
    stop.request_stop();

    EXPECT_EQ(status_of_copy("missing/copy.db"), 500);
    EXPECT_EQ(status_of_copy("copy.db", stop.get_token()), 503);
    // The disk takes files of 16 KB and no more.
    auto const on_excess = std::signal(SIGXFSZ, SIG_IGN);
    rlimit usual{};
    getrlimit(RLIMIT_FSIZE, &usual);
    rlimit const small{.rlim_cur = 16384, .rlim_max = usual.rlim_max};
    setrlimit(RLIMIT_FSIZE, &small);
    EXPECT_GE(status_of_copy("copy.db"), 500);
    setrlimit(RLIMIT_FSIZE, &usual);
    std::signal(SIGXFSZ, on_excess);

    EXPECT_EQ(files(), before);
    EXPECT_EQ(status_of_copy("copy.db"), 0);
}

}  // namespace
}  // namespace sallyport::store

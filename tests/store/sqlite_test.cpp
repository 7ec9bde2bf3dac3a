#include "store/sqlite.hpp"

#include "folder.hpp"
#include "store/database_file.hpp"
#include "support.hpp"

#include <gtest/gtest.h>
#include <boost/asio/post.hpp>

#include <sys/stat.h>
#include <algorithm>
#include <deque>
#include <filesystem>
#include <future>
#include <latch>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace sallyport::store {
namespace {

// Holds the writer in a job until it is let go, so that what is written meanwhile forms one group.
class HeldWriter {
public:
    HeldWriter(Store& store, boost::asio::io_context& context)
        : thread_{[this, &store, &context] {
              Work work = [this](Transaction&) -> Task<> {
                  started_.count_down();
                  release_.wait();
                  co_return;
              };
              boost::asio::co_spawn(context, store.write(std::move(work)), boost::asio::use_future);
              context.run();
          }} {
        started_.wait();
    }
    void let_go() { release_.count_down(); }
    ~HeldWriter() { thread_.join(); }

private:
    std::latch started_{1};
    std::latch release_{1};
    std::thread thread_;
};

// A folder of its own for each test.
class Sqlite : public testing::Test {
protected:
    std::unique_ptr<Store> open(SqliteRules rules = {}) const {
        rules.file = folder / "test.db";
        auto store = open_sqlite(rules);
        store->prepare({{"CREATE TABLE IF NOT EXISTS item (id INTEGER PRIMARY KEY, name TEXT UNIQUE, n INTEGER)", {}}});
        return store;
    }

    // Starts several jobs so that all are waiting before the first runs; what each ended with.
    std::vector<std::exception_ptr> run_as_group(Store& store, std::vector<Work> works) {
        std::vector<std::exception_ptr> failures(works.size());
        auto& context = contexts.emplace_back();
        HeldWriter held{store, contexts.emplace_back()};
        for (std::size_t i = 0; i < works.size(); ++i) {
            boost::asio::co_spawn(context, store.write(std::move(works[i])),
                                  [&failures, i](std::exception_ptr failure) { failures[i] = failure; });
        }
        context.poll();
        held.let_go();
        context.run();
        return failures;
    }

    Folder const own_folder;
    std::filesystem::path const& folder = own_folder.path();
    // The writer may still be inside the very post that ended a wait: these outlive it.
    std::deque<boost::asio::io_context> contexts;
};

Statement insert_item(std::string name) { return {"INSERT INTO item (name, n) VALUES (?1, 0)", {std::move(name)}}; }

Task<> insert_one(Store& store, std::string name) {
    Work work = [name](Transaction& transaction) -> Task<> { co_await transaction.run(insert_item(name)); };
    co_await store.write(std::move(work));
}

std::vector<std::string> names(Store& store, Plan plan = Plan::scan) {
    std::vector<std::string> found;
    wait_for(store.read(
        {"SELECT name FROM item ORDER BY id", {}}, [&](Row const& row) { found.emplace_back(row.text(0)); }, plan));
    return found;
}

Work inserting(std::string name) {
    return
        [name = std::move(name)](Transaction& transaction) -> Task<> { co_await transaction.run(insert_item(name)); };
}

template <class Failure>
bool is(std::exception_ptr const& failure) {
    try {
        if (failure) std::rethrow_exception(failure);
    } catch (Failure const&) {
        return true;
    } catch (...) {
    }
    return false;
}

int status_of(std::exception_ptr const& failure) {
    try {
        if (failure) std::rethrow_exception(failure);
    } catch (Error const& error) {
        return error.status;
    } catch (...) {
        return -1;
    }
    return 0;
}

TEST_F(Sqlite, WhatWasWrittenIsReadByBothPlans) {
    auto const store = open();

    wait_for(insert_one(*store, "a"));

    EXPECT_EQ(names(*store, Plan::point), std::vector<std::string>{"a"});
    EXPECT_EQ(names(*store, Plan::scan), std::vector<std::string>{"a"});
}

TEST_F(Sqlite, WhatWasWrittenOutlivesTheStore) {
    wait_for(insert_one(*open(), "a"));

    EXPECT_EQ(names(*open()), std::vector<std::string>{"a"});
}

TEST_F(Sqlite, ValuesComeBackAsTheyWereBound) {
    auto const store = open();
    store->prepare({{"CREATE TABLE kept (v)", {}}});
    std::vector<Value> const values{std::monostate{}, std::int64_t{-9007199254740993}, 0.1, std::string{"a\0b'\"", 5},
                                    std::string{}};

    for (auto const& value : values) store->prepare({{"INSERT INTO kept VALUES (?1)", {value}}});

    std::vector<Value> found;
    store->inspect({"SELECT v FROM kept ORDER BY rowid", {}}, [&](Row const& row) { found.push_back(row.value(0)); });
    EXPECT_EQ(found, values);
}

TEST_F(Sqlite, ASecondServerOnTheFileIsRefusedAndTheFileNamed) {
    auto const store = open();

    try {
        open();
        FAIL() << "opened twice";
    } catch (std::runtime_error const& error) {
        EXPECT_NE(std::string{error.what()}.find((folder / "test.db").string()), std::string::npos) << error.what();
    }
}

TEST_F(Sqlite, TheDatabaseAndItsLockAreForTheirOwnerOnly) {
    auto const store = open();
    wait_for(insert_one(*store, "a"));

    for (auto const* name : {"test.db", "test.db-wal", "test.db.lock"}) {
        struct stat status{};
        ASSERT_EQ(stat((folder / name).c_str(), &status), 0) << name;
        EXPECT_EQ(status.st_mode & 0777U, 0600U) << name;
    }
}

TEST_F(Sqlite, AJobThatThrowsIsUndoneAndItsNeighboursStay) {
    auto const store = open();
    Work bad = [](Transaction& transaction) -> Task<> {
        co_await transaction.run(insert_item("half"));
        throw Error{422, "no"};
    };

    auto const failures = run_as_group(*store, {inserting("a"), bad, inserting("b")});

    EXPECT_EQ(failures[0], nullptr);
    EXPECT_EQ(status_of(failures[1]), 422);
    EXPECT_EQ(failures[2], nullptr);
    EXPECT_EQ(names(*store), (std::vector<std::string>{"a", "b"}));
}

TEST_F(Sqlite, AJobAloneThatThrowsIsUndone) {
    auto const store = open();
    Work bad = [](Transaction& transaction) -> Task<> {
        co_await transaction.run(insert_item("half"));
        throw Error{422, "no"};
    };

    EXPECT_THROW(wait_for(store->write(bad)), Error);
    wait_for(insert_one(*store, "a"));

    EXPECT_EQ(names(*store), std::vector<std::string>{"a"});
}

TEST_F(Sqlite, ABrokenUniqueIndexNamesItsTableAndColumns) {
    auto const store = open();
    wait_for(insert_one(*store, "a"));

    try {
        wait_for(insert_one(*store, "a"));
        FAIL() << "stored twice";
    } catch (UniqueViolation const& violation) {
        EXPECT_EQ(violation.table, "item");
        EXPECT_EQ(violation.columns, std::vector<std::string>{"name"});
    }
}

TEST_F(Sqlite, AJobMayGoOnAfterABrokenUniqueIndex) {
    auto const store = open();
    wait_for(insert_one(*store, "a"));
    Work work = [](Transaction& transaction) -> Task<> {
        auto is_taken = false;
        try {
            co_await transaction.run(insert_item("a"));
        } catch (UniqueViolation const&) {
            is_taken = true;
        }
        if (is_taken) co_await transaction.run(insert_item("a again"));
    };

    wait_for(store->write(work));

    EXPECT_EQ(names(*store), (std::vector<std::string>{"a", "a again"}));
}

TEST_F(Sqlite, ATransactionReadsWhatItWroteAndTellsCountsAndIds) {
    auto const store = open();
    std::int64_t changed = 0;
    std::int64_t id = 0;
    std::vector<std::string> seen;
    Work work = [&](Transaction& transaction) -> Task<> {
        co_await transaction.run(insert_item("a"));
        co_await transaction.run(insert_item("b"));
        id = transaction.last_id();
        changed = co_await transaction.run({"UPDATE item SET n = 7", {}});
        co_await transaction.read({"DELETE FROM item WHERE name = ?1 RETURNING name", {"a"}},
                                  [&](Row const& row) { seen.emplace_back(row.text(0)); });
    };

    wait_for(store->write(work));

    EXPECT_EQ(id, 2);
    EXPECT_EQ(changed, 2);
    EXPECT_EQ(seen, std::vector<std::string>{"a"});
    EXPECT_EQ(names(*store), std::vector<std::string>{"b"});
}

TEST_F(Sqlite, AJobThatWaitsForSomethingElseFailsAloneAndChangesNothing) {
    auto const store = open();
    Pool pool{{}};
    std::latch neighbour_ran{1};
    std::latch stray_may_go_on{1};
    Work stray = [&](Transaction& transaction) -> Task<> {
        co_await transaction.run(insert_item("stray"));
        co_await pool.run([&] { neighbour_ran.wait(); });
        co_await transaction.run(insert_item("later"));
    };
    // The stray one is awake again when this ends: it ends while the group still runs.
    Work neighbour = [&](Transaction& transaction) -> Task<> {
        co_await transaction.run(insert_item("b"));
        neighbour_ran.count_down();
        pool.submit([&] { stray_may_go_on.count_down(); });
        stray_may_go_on.wait();
    };

    auto const failures = run_as_group(*store, {inserting("a"), stray, neighbour, inserting("c")});

    EXPECT_EQ(failures[0], nullptr);
    EXPECT_TRUE(is<std::logic_error>(failures[1]));
    EXPECT_EQ(failures[2], nullptr);
    EXPECT_EQ(failures[3], nullptr);
    EXPECT_EQ(names(*store), (std::vector<std::string>{"a", "b", "c"}));
    wait_for(insert_one(*store, "d"));  // The writer goes on.
}

TEST_F(Sqlite, AFullQueueIsRefusedWith503ButKeepsRoomForLogins) {
    auto const store = open({.write_queue = 8});
    std::vector<std::exception_ptr> failures(9);
    auto& context = contexts.emplace_back();
    {
        HeldWriter held{*store, contexts.emplace_back()};
        for (std::size_t i = 0; i < failures.size(); ++i) {
            auto const priority = i == 8 ? Priority::reserved : Priority::normal;
            boost::asio::co_spawn(context, store->write(inserting(std::to_string(i)), priority),
                                  [&failures, i](std::exception_ptr failure) { failures[i] = failure; });
        }
        context.poll();
        held.let_go();
    }
    context.run();

    EXPECT_EQ(status_of(failures[6]), 0);
    EXPECT_EQ(status_of(failures[7]), 503);
    EXPECT_EQ(status_of(failures[8]), 0);
}

TEST_F(Sqlite, AReadThatTakesTooLongIs503) {
    auto const store = open({.read_limit_ms = 20});
    Statement const endless{"WITH RECURSIVE t(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM t) SELECT count(*) FROM t",
                            {}};

    for (auto const plan : {Plan::point, Plan::scan}) {
        try {
            wait_for(store->read(endless, [](Row const&) {}, plan));
            FAIL() << "ended";
        } catch (Error const& error) {
            EXPECT_EQ(error.status, 503);
            EXPECT_NE(error.message.find("too long"), std::string::npos);
        }
    }
    EXPECT_TRUE(names(*store).empty());
}

TEST_F(Sqlite, AReaderMayEndTheReadWithAnError) {
    auto const store = open();
    wait_for(insert_one(*store, "a"));

    EXPECT_THROW(wait_for(store->read({"SELECT 1 FROM item", {}}, [](Row const&) { throw Error{403, "no"}; })), Error);
    EXPECT_EQ(names(*store), std::vector<std::string>{"a"});
}

TEST_F(Sqlite, AReaderCannotWrite) {
    auto const store = open();

    EXPECT_THROW(wait_for(store->read(insert_item("a"), [](Row const&) {})), Error);
    EXPECT_TRUE(names(*store).empty());
}

TEST_F(Sqlite, AQuotedWordThatIsNoColumnIsAnErrorNotAText) {
    auto const store = open();

    EXPECT_THROW(store->inspect({"SELECT \"nmae\" FROM item", {}}, [](Row const&) {}), std::logic_error);
}

TEST_F(Sqlite, AFullDiskIs507AndTheStoreGoesOn) {
    auto const store = open();
    auto pages = std::int64_t{0};
    store->inspect({"PRAGMA page_count", {}}, [&](Row const& row) { pages = row.integer(0); });
    Work limit = [pages](Transaction& transaction) -> Task<> {
        co_await transaction.read({"PRAGMA max_page_count = " + std::to_string(pages + 4), {}}, [](Row const&) {});
    };
    wait_for(store->write(limit));
    Work big = [](Transaction& transaction) -> Task<> {
        co_await transaction.run(insert_item(std::string(100000, 'x')));
    };

    auto const failures = run_as_group(*store, {inserting("a"), big, inserting("b")});

    EXPECT_EQ(status_of(failures[1]), 507);
    // What SQLite gave up with it is refused, never half kept.
    auto const kept = names(*store);
    for (std::size_t i : {std::size_t{0}, std::size_t{2}}) {
        auto const name = i == 0 ? "a" : "b";
        auto const is_kept = std::ranges::find(kept, name) != kept.end();
        EXPECT_EQ(is_kept, failures[i] == nullptr) << name;
        if (failures[i]) EXPECT_EQ(status_of(failures[i]), 503);
    }
    wait_for(insert_one(*store, "after"));
    EXPECT_EQ(names(*store).back(), "after");
}

TEST_F(Sqlite, ManyThreadsWriteAndReadAtOnce) {
    auto const store = open();
    constexpr int threads = 4;
    constexpr int each = 200;
    auto const client = [&store](int number) -> Task<> {
        for (int i = 0; i < each; ++i) {
            auto const name = std::to_string(number) + "-" + std::to_string(i);
            co_await insert_one(*store, name);
            auto found = 0;
            co_await store->read(
                {"SELECT 1 FROM item WHERE name = ?1", {name}}, [&](Row const&) { ++found; }, Plan::point);
            EXPECT_EQ(found, 1) << "a write was answered before it could be read";
        }
    };
    {
        std::vector<std::jthread> workers;
        for (int t = 0; t < threads; ++t) {
            auto& context = contexts.emplace_back();
            boost::asio::co_spawn(context, client(t), boost::asio::use_future);
            workers.emplace_back([&context] { context.run(); });
        }
    }
    EXPECT_EQ(names(*store).size(), static_cast<std::size_t>(threads * each));
}

TEST_F(Sqlite, TheLogDoesNotGrowForEver) {
    auto const store = open({.synchronous = "OFF"});
    Work work = [](Transaction& transaction) -> Task<> {
        co_await transaction.run({"INSERT INTO item (n, name) VALUES (1, hex(randomblob(50000)))", {}});
    };

    for (int i = 0; i < 300; ++i) wait_for(store->write(work));

    EXPECT_LT(std::filesystem::file_size(folder / "test.db-wal"), 16U << 20U);
}

TEST(MemoryStore, LivesInAPrivateFolderThatGoesWithIt) {
    std::string file;
    {
        auto const store = open_sqlite({});
        store->inspect({"SELECT file FROM pragma_database_list", {}}, [&](Row const& row) { file = row.text(0); });
        struct stat status{};
        ASSERT_EQ(stat(std::filesystem::path{file}.parent_path().c_str(), &status), 0);
        EXPECT_EQ(status.st_mode & 0777U, 0700U);
    }
    EXPECT_FALSE(std::filesystem::exists(std::filesystem::path{file}.parent_path()));
}

TEST(MemoryStore, IsNotTakenForAbandonedByOthersThatStartBesideIt) {
    std::vector<std::future<int>> starting;
    for (int thread = 0; thread < 4; ++thread) {
        starting.push_back(std::async(std::launch::async, [] {
            int there = 0;
            for (int i = 0; i < 250; ++i) there += std::filesystem::exists(DatabaseFile::make_private().path()) ? 1 : 0;
            return there;
        }));
    }
    for (auto& started : starting) EXPECT_EQ(started.get(), 250);
}

TEST(MemoryStore, TheNextOneRemovesTheFolderOfAProcessThatDied) {
    std::filesystem::path left;
    {
        auto const file = DatabaseFile::make_private();
        auto const folder = file.path().parent_path();
        left = folder.string() + "-left";
        std::filesystem::copy(folder, left);
    }
    auto const next = DatabaseFile::make_private();
    EXPECT_FALSE(std::filesystem::exists(left));
}

TEST_F(Sqlite, WhatCannotBeOpenedIsToldWithWhatToDo) {
    Folder const folder;
    folder.write("junk.db", std::string(8192, 'x'));
    folder.write("taken.db.lock/x", "");
    auto const refusal = [&](char const* name) -> std::string {
        try {
            open_sqlite({.file = folder.path() / name});
        } catch (std::runtime_error const& error) {
            return error.what();
        }
        return "it is open";
    };
    EXPECT_TRUE(refusal("junk.db").ends_with(
        "file is not a database\n  hint: name another file, or put back a backup: `sallyport restore`"))
        << refusal("junk.db");
    EXPECT_TRUE(refusal("lost/a.db").ends_with("No such file or directory\n  hint: make its folder first"));
    EXPECT_TRUE(refusal("taken.db").ends_with("Is a directory\n  hint: may this program write there?"));
}

}  // namespace
}  // namespace sallyport::store

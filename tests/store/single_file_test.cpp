#include "store/single_file.hpp"

#include "folder.hpp"

#include <gtest/gtest.h>
#include <sqlite3.h>

#include <stdexcept>
#include <string>

namespace sallyport::store {
namespace {

/// Another program that has a database open.
class Shell {
public:
    explicit Shell(std::filesystem::path const& file) { sqlite3_open(file.c_str(), &database_); }
    ~Shell() { sqlite3_close(database_); }
    Shell(Shell const&) = delete;
    Shell& operator=(Shell const&) = delete;

    void run(char const* sql) const {
        EXPECT_EQ(sqlite3_exec(database_, sql, nullptr, nullptr, nullptr), SQLITE_OK) << sql;
    }

private:
    sqlite3* database_ = nullptr;
};

TEST(SingleFile, HoldsWhatStoodInTheLog) {
    Folder const folder;
    auto const file = folder.path() / "a.db";
    {
        Shell const shell{file};
        shell.run("PRAGMA journal_mode = WAL; CREATE TABLE t (a); INSERT INTO t VALUES ('in the log')");
        std::filesystem::copy(file, folder.path() / "b.db");
        std::filesystem::copy(file.string() + "-wal", folder.path() / "b.db-wal");
    }
    EXPECT_EQ(folder.read("b.db").find("in the log"), std::string::npos);

    EXPECT_TRUE(make_single(folder.path() / "b.db"));

    EXPECT_NE(folder.read("b.db").find("in the log"), std::string::npos);
    EXPECT_FALSE(folder.has("b.db-wal"));
    EXPECT_FALSE(folder.has("b.db-shm"));
}

TEST(SingleFile, WhatIsNoDatabaseStaysAsItIsWithItsLog) {
    Folder const folder;
    folder.write("a.db", std::string(8192, 'x'));
    folder.write("a.db-wal", "its log");

    EXPECT_FALSE(make_single(folder.path() / "a.db"));

    EXPECT_EQ(folder.read("a.db"), std::string(8192, 'x'));
    EXPECT_EQ(folder.read("a.db-wal"), "its log");
}

TEST(SingleFile, IsNotMadeOfADatabaseThatAnotherProgramReads) {
    Folder const folder;
    auto const file = folder.path() / "a.db";
    Shell const shell{file};
    shell.run("PRAGMA journal_mode = WAL; CREATE TABLE t (a); BEGIN; SELECT * FROM t");

    EXPECT_THROW(make_single(file), std::runtime_error);
}

}  // namespace
}  // namespace sallyport::store

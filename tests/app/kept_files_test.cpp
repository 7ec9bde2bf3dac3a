#include "app/kept_files.hpp"

#include "app/project_folder.hpp"
#include "crypto/keys.hpp"
#include "folder.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <functional>
#include <vector>

namespace sallyport::app {
namespace {

Folder project_with(std::string const& source) {
    return Folder{{{"server/config.json", "{}"},
                   {"server/datasources.json", fmt::format(R"({{"db": {{{}}}}})", source)},
                   {"server/model-config.json", R"({"Note": {"dataSource": "db"}})"},
                   {"common/models/note.json", R"({"name": "Note"})"}}};
}

// What is said of `folder`, whose path is "."
std::string said_of(Folder const& folder, void (*check)(definition::Project&)) {
    auto project = load_project(folder.path(), {});
    project.findings.clear();
    check(project);
    std::string text;
    for (auto const& finding : project.findings) text += to_text(finding) + "\n";
    for (auto at = text.find(folder.path().string()); at != std::string::npos; at = text.find(folder.path().string()))
        text.replace(at, folder.path().string().size(), ".");
    return text;
}

TEST(KeptFiles, ADatabaseThatIsNoneIsToldBeforeTheStart) {
    constexpr auto place = "server/datasources.json:1:41: ";
    auto const folder = project_with(R"("connector": "sqlite3", "file": "data.db")");
    EXPECT_EQ(said_of(folder, check_databases), "");
    folder.write("data.db", "");
    EXPECT_EQ(said_of(folder, check_databases), "");
    folder.write("data.db", std::string_view{"SQLite format 3\0 and more", 25});
    EXPECT_EQ(said_of(folder, check_databases), "");
    folder.write("data.db", "name,price\n");
    EXPECT_EQ(said_of(folder, check_databases),
              fmt::format("{}./data.db is no SQLite database\n  hint: name another file, or move it away\n", place));
    std::filesystem::remove(folder.path() / "data.db");
    folder.write("data.db/x", "");
    EXPECT_EQ(said_of(folder, check_databases),
              fmt::format("{}./data.db is a folder, and a database is a file\n  hint: name another file\n", place));
    EXPECT_EQ(said_of(project_with(R"("connector": "memory", "file": "lost/data.json")"), check_databases),
              "server/datasources.json:1:40: there is no folder ./lost to keep the database in\n"
              "  hint: make it first, or name another\n");
}

TEST(KeptFiles, KeysThatAreMissingAreNotedAndBrokenOnesAMistake) {
    auto const folder = project_with(R"("connector": "memory")");
    auto const file = folder.path() / "keys.json";
    EXPECT_EQ(said_of(folder, check_keys),
              "keys.json: note: there are no keys yet\n"
              "  hint: `sallyport keys new` makes some, and so does `sallyport run --make-keys`\n");
    crypto::Keys::make().save(file);
    EXPECT_EQ(said_of(folder, check_keys), "");
    std::filesystem::permissions(file, std::filesystem::perms{0644});
    EXPECT_EQ(said_of(folder, check_keys), "keys.json: others can read the keys\n  hint: chmod 600 ./keys.json\n");
    std::filesystem::permissions(file, std::filesystem::perms{0600});
    folder.write("keys.json", R"({"codes": []})");
    EXPECT_EQ(said_of(folder, check_keys),
              "keys.json: \"codes\" must be a list of at least one key\n  hint: put back your copy of it; "
              "only with an empty database may another take its place (`sallyport keys new`)\n");
}

TEST(KeptFiles, KeysInTheEnvironmentAreJudgedThere) {
    auto const folder = project_with(R"("connector": "memory")");
    setenv("SALLYPORT_KEYS", "{}", 1);  // NOLINT(concurrency-mt-unsafe): before there is another thread.
    EXPECT_EQ(said_of(folder, check_keys),
              "SALLYPORT_KEYS: \"codes\" must be a list of at least one key\n"
              "  hint: this variable takes the text of a keys.json; `sallyport keys new` makes one\n");
    unsetenv("SALLYPORT_KEYS");  // NOLINT(concurrency-mt-unsafe): as above.
}

}  // namespace
}  // namespace sallyport::app

#include "cli/commands.hpp"

#include "folder.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

namespace sallyport::cli {
namespace {

struct Outcome {
    int code;
    std::string out;
    std::string err;
};

Outcome run(std::vector<std::string> arguments) {
    std::ostringstream out;
    std::ostringstream err;
    auto const code = cli::run(std::move(arguments), out, err);
    return {code, out.str(), err.str()};
}

TEST(Commands, HelpFitsAScreenAndEndsWithAnExample) {
    for (auto const& verb : {std::vector<std::string>{},
                             {"new"},
                             {"model"},
                             {"run"},
                             {"check"},
                             {"routes"},
                             {"migrate"},
                             {"keys"},
                             {"keys", "new"},
                             {"keys", "rotate"}}) {
        auto arguments = verb;
        arguments.push_back("--help");
        auto const [code, out, err] = run(arguments);
        SCOPED_TRACE(out);
        EXPECT_EQ(code, 0);
        EXPECT_LE(std::ranges::count(out, '\n'), 24);
        EXPECT_NE(out.find("Example: sallyport "), std::string::npos);
    }
}

TEST(Commands, BadUsageIsTwoAndOneLowerCaseLineWithAHint) {
    std::vector<std::vector<std::string>> const rows{{},
                                                     {"rnu"},
                                                     {"new"},
                                                     {"run", "--port", "99999"},
                                                     {"new", "x", "--template", "lb"},
                                                     {"keys"},
                                                     {"check", "--deep"}};
    for (auto const& row : rows) {
        auto const [code, out, err] = run(row);
        SCOPED_TRACE(err);
        EXPECT_EQ(code, 2);
        EXPECT_TRUE(out.empty());
        EXPECT_TRUE(err.starts_with("sallyport"));
        EXPECT_NE(err.find("hint: "), std::string::npos);
        EXPECT_EQ(std::ranges::count(err, '\n'), 2);
    }
}

TEST(Commands, AMisspeltVerbIsGuessed) {
    EXPECT_EQ(run({"rnu", "company"}).err, "sallyport: there is no command \"rnu\"\n  hint: did you mean \"run\"?\n");
}

TEST(Commands, NewModelCheckAndMigrateWorkTogether) {
    Folder const folder;
    auto const company = (folder.path() / "company").string();

    EXPECT_EQ(run({"new", company}).code, 0);
    EXPECT_EQ(run({"model", "Employee", "--dir", company, "--base", "User", "--property", "mobile:string", "--mixin",
                   "TwoFactor"})
                  .code,
              0);
    auto const checked = run({"check", company});
    EXPECT_EQ(checked.code, 0);
    EXPECT_EQ(checked.out, "no mistakes\n");
    auto const printed = run({"migrate", company, "--dry-run"});
    EXPECT_EQ(printed.code, 0);
    EXPECT_NE(printed.out.find("employee"), std::string::npos);
    EXPECT_EQ(run({"migrate", company}).code, 0);
    EXPECT_EQ(run({"migrate", company}).err, "every table fits\n");
    EXPECT_NE(run({"routes", company}).out.find("/api/Employees/requestCode"), std::string::npos);
}

TEST(Commands, CheckPrintsEveryMistakeAndIsOne) {
    Folder const folder;
    auto const company = (folder.path() / "company").string();
    run({"new", company});
    folder.write("company/common/models/a.json", R"({"name": "A", "plurel": "x"})");

    auto const [code, out, err] = run({"check", company});

    EXPECT_EQ(code, 1);
    EXPECT_TRUE(out.starts_with("common/models/a.json:1:"));
    EXPECT_TRUE(out.ends_with("1 mistake\n"));
}

TEST(Commands, TheTwoFactorTemplateComesWithItsModel) {
    Folder const folder;
    auto const company = (folder.path() / "company").string();

    EXPECT_EQ(run({"new", company, "--template", "two-factor"}).code, 0);

    EXPECT_TRUE(folder.has("company/common/models/employee.json"));
    EXPECT_EQ(run({"check", company}).code, 0);
}

TEST(Commands, KeysAreMadeOnceAndNeverOverwritten) {
    Folder const folder;
    EXPECT_EQ(run({"keys", "new", folder.path().string()}).code, 0);
    auto const keys = folder.read("keys.json");
    EXPECT_EQ(run({"keys", "new", folder.path().string()}).code, 1);
    EXPECT_EQ(folder.read("keys.json"), keys);
}

}  // namespace
}  // namespace sallyport::cli

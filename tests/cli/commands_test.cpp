#include "cli/commands.hpp"

#include "folder.hpp"
#include "sallyport/json.hpp"

#include <gtest/gtest.h>

#include <pty.h>
#include <unistd.h>
#include <algorithm>
#include <cstdio>
#include <iostream>
#include <iterator>
#include <ranges>
#include <sstream>
#include <stdexcept>

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

/// "keys" and "keys new": every command below `above`, as the help of each lists them.
std::vector<std::vector<std::string>> commands_below(std::vector<std::string> const& above) {
    std::vector<std::vector<std::string>> all{above};
    auto arguments = above;
    arguments.emplace_back("--help");
    auto const help = run(arguments).out;
    auto const list = help.find("Subcommands:\n");
    if (list == std::string::npos) return all;
    std::istringstream lines{help.substr(help.find('\n', list) + 1)};
    for (std::string line; std::getline(lines, line) && line.starts_with("  ");) {
        auto command = above;
        command.push_back(line.substr(2, line.find(' ', 2) - 2));
        std::ranges::copy(commands_below(command), std::back_inserter(all));
    }
    return all;
}

/// The words of the first command of a shell's line.
std::vector<std::string> words_of(std::string line) {
    std::erase(line, '\'');
    std::istringstream text{line};
    std::vector<std::string> words;
    for (std::string word; text >> word && word != "&&" && !word.starts_with('>');) words.push_back(word);
    return words;
}

TEST(Commands, HelpFitsAScreenOfEightyColumns) {
    auto const commands = commands_below({});
    EXPECT_GT(commands.size(), 16U);
    for (auto command : commands) {
        command.emplace_back("--help");
        auto const [code, out, err] = run(command);
        SCOPED_TRACE(out);
        EXPECT_EQ(code, 0) << err;
        EXPECT_LE(std::ranges::count(out, '\n'), 24);
        std::istringstream lines{out};
        for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), 80U) << line;
    }
}

TEST(Commands, TheExampleOfAHelpIsACommandThatIsUnderstood) {
    for (auto command : commands_below({})) {
        command.emplace_back("--help");
        auto const help = run(command).out;
        auto const at = help.find("Example: sallyport ");
        ASSERT_NE(at, std::string::npos) << help;
        auto words = words_of(help.substr(at + 9, help.find('\n', at) - at - 9));
        words.erase(words.begin());
        command.pop_back();
        EXPECT_TRUE(std::ranges::equal(command, words | std::views::take(command.size()))) << help;
        std::ostringstream out;
        std::ostringstream err;
        EXPECT_EQ(parse(words, out, err), 0) << err.str() << help;
        EXPECT_EQ(out.str() + err.str(), "");
    }
}

TEST(Commands, AWordThatIsNoCommandIsToldEvenWhereHelpIsAskedFor) {
    EXPECT_EQ(run({"frobnicate", "--help"}).err,
              "sallyport: there is no command \"frobnicate\"\n  hint: sallyport --help\n");
    for (std::vector<std::string> const& row :
         {std::vector<std::string>{"frobnicate", "--help"}, {"keys", "frobnicate"}, {"keys", "frobnicate", "--help"}}) {
        auto const [code, out, err] = run(row);
        EXPECT_EQ(code, 2);
        EXPECT_EQ(out, "");
    }
    EXPECT_EQ(run({"keys", "frobnicate"}).err,
              "sallyport: there is no command \"keys frobnicate\"\n  hint: there is \"new\" or \"rotate\"\n");
    EXPECT_EQ(run({"keys", "rotat"}).err,
              "sallyport: there is no command \"keys rotat\"\n  hint: did you mean \"rotate\"?\n");
}

TEST(Commands, BadUsageIsTwoAndOneLowerCaseLineWithAHint) {
    std::vector<std::vector<std::string>> const rows{{},
                                                     {"rnu"},
                                                     {"new"},
                                                     {"run", "--port", "99999"},
                                                     {"new", "x", "--template", "lb"},
                                                     {"keys"},
                                                     {"user", "disable"},
                                                     {"user", "list", "--limit", "0"},
                                                     {"audit", "--since", "1x"},
                                                     {"user", "add", "a@b.test", "--set", "x"},
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

TEST(Commands, HelpNamesTheWayToTheVersion) { EXPECT_NE(run({"--help"}).out.find("--version"), std::string::npos); }

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
    EXPECT_EQ(checked.out.find("mistake"), checked.out.find("mistakes\n")) << checked.out;
    EXPECT_NE(checked.out.find("note: mail: mail reaches nobody"), std::string::npos) << checked.out;
    auto const printed = run({"migrate", company, "--dry-run"});
    EXPECT_EQ(printed.code, 0);
    EXPECT_NE(printed.out.find("employee"), std::string::npos);
    EXPECT_EQ(run({"migrate", company}).code, 0);
    EXPECT_EQ(run({"migrate", company}).err, "every table fits\n");
    EXPECT_NE(run({"routes", company}).out.find("/api/Employees/requestCode"), std::string::npos);
}

// Tokens are kept where accounts are, also where no template had a place for them.
TEST(Commands, AModelOfAccountsBringsThePlaceOfItsTokens) {
    Folder const folder;
    auto const company = (folder.path() / "company").string();
    run({"new", company, "--template", "empty"});
    EXPECT_EQ(run({"model", "Note", "--dir", company}).code, 0);
    EXPECT_FALSE(folder.read("company/server/model-config.json").contains("\"AccessToken\""));

    EXPECT_EQ(run({"model", "Employee", "--dir", company, "--base", "User", "--mixin", "TwoFactor"}).code, 0);

    EXPECT_TRUE(folder.read("company/server/model-config.json").contains("\"AccessToken\""));
    EXPECT_EQ(run({"model", "Reader", "--dir", company, "--base", "User"}).code, 0);
    EXPECT_EQ(run({"check", company}).out, "no mistakes\n");
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

TEST(Commands, ABackupOfNothingIsRefusedAndMakesNoDatabase) {
    Folder const folder;
    auto const company = (folder.path() / "company").string();
    run({"new", company});

    auto const [code, out, err] = run({"backup", (folder.path() / "backup").string(), company});

    EXPECT_EQ(code, 1);
    EXPECT_NE(err.find("there is nothing to back up: "), std::string::npos) << err;
    EXPECT_FALSE(folder.has("company/data.db"));
    EXPECT_FALSE(folder.has("backup"));
}

TEST(Commands, BackupAndRestoreTellWhatIsWhere) {
    Folder const folder;
    auto const company = (folder.path() / "company").string();
    auto const backup = (folder.path() / "backup").string();
    run({"new", company});
    run({"migrate", company});

    auto const made = run({"backup", backup, company});
    auto const restored = run({"restore", backup, company});
    auto const again = run({"restore", backup, company, "--keep-sessions"});

    EXPECT_EQ(made.code, 0);
    EXPECT_NE(made.err.find("backup/db.db\nthe keys are not in it"), std::string::npos) << made.err;
    EXPECT_EQ(restored.code, 0);
    EXPECT_NE(restored.err.find("data.db.before-restore-"), std::string::npos) << restored.err;
    EXPECT_NE(restored.err.find("everybody must sign in again"), std::string::npos) << restored.err;
    EXPECT_EQ(again.err.find("everybody must sign in again"), std::string::npos) << again.err;
}

TEST(Commands, KeysAreMadeOnceAndNeverOverwritten) {
    Folder const folder;
    EXPECT_EQ(run({"keys", "new", folder.path().string()}).code, 0);
    auto const keys = folder.read("keys.json");
    for (auto const& [ignored, is_told] :
         {std::pair{"*.db\n", true}, {"keys.json\n", false}, {"/keys.json\r\n", false}}) {
        Folder const other{{{".gitignore", ignored}}};
        auto const [code, out, err] = run({"keys", "new", other.path().string()});
        EXPECT_EQ(err.find("hint: its .gitignore does not name keys.json") != std::string::npos, is_told) << err;
    }
    EXPECT_EQ(run({"keys", "new", folder.path().string()}).code, 1);
    EXPECT_EQ(folder.read("keys.json"), keys);
}

// What the article builds with generators and questions.
TEST(Commands, GeneratorsAddToWhatIsThereAndDisturbNothing) {
    Folder const folder;
    auto const company = (folder.path() / "company").string();
    run({"new", company});
    folder.write("company/common/models/order.json",
                 "{\n\t\"name\": \"Order\",   \"base\": \"PersistedModel\",\n\t\"properties\": {}\n}\n");
    run({"model", "Customer", "--dir", company});
    folder.write("company/server/model-config.json",
                 R"({"Order": {"dataSource": "db"}, "Customer": {"dataSource": "db"}})");

    EXPECT_EQ(
        run({"property", "Order", "total", "--type", "number", "--required", "--default", "0", "--dir", company}).err,
        "changed common/models/order.json\n");
    EXPECT_EQ(run({"relation", "Order", "customer", "--type", "belongsTo", "--to", "Customer", "--dir", company}).code,
              0);
    EXPECT_EQ(run({"acl", "Order", "--role", "$authenticated", "--access", "READ", "--allow", "--dir", company}).code,
              0);
    EXPECT_EQ(run({"acl", "Order", "--role", "$everyone", "--property", "deleteById", "--deny", "--dir", company}).code,
              0);
    EXPECT_EQ(run({"datasource", "archive", "--connector", "sqlite3", "--file", "a.db", "--dir", company}).code, 0);

    EXPECT_EQ(
        folder.read("company/common/models/order.json"),
        "{\n\t\"name\": \"Order\",   \"base\": \"PersistedModel\",\n\t\"properties\": {\n\t  \"total\": {\"type\": "
        "\"number\", \"required\": true, \"default\": 0}\n\t},\n\t\"relations\": {\"customer\": {\"type\": "
        "\"belongsTo\", \"model\": \"Customer\"}},\n\t\"acls\": [{\"accessType\": \"READ\", \"principalType\": "
        "\"ROLE\", \"principalId\": \"$authenticated\", \"permission\": \"ALLOW\"}, {\"accessType\": \"*\", "
        "\"principalType\": \"ROLE\", \"principalId\": \"$everyone\", \"permission\": \"DENY\", \"property\": "
        "\"deleteById\"}]\n}\n");
    EXPECT_EQ(parse_json(folder.read("company/server/datasources.json"))["archive"]["file"], Json{"a.db"});
    EXPECT_EQ(run({"check", company}).code, 0);
}

TEST(Commands, EveryTypeOfRelationCanBeAdded) {
    Folder const folder;
    auto const company = (folder.path() / "company").string();
    run({"new", company});
    run({"model", "Order", "--dir", company});
    run({"model", "Customer", "--dir", company});

    for (auto const& relation : std::vector<std::vector<std::string>>{
             {"pictures", "--type", "hasMany", "--to", "Customer", "--polymorphic", "subject"},
             {"subject", "--type", "belongsTo", "--polymorphic", "true"},
             {"friends", "--type", "hasMany", "--to", "Customer", "--through", "Order", "--key-through", "customerId"},
             {"partners", "--type", "hasAndBelongsToMany", "--to", "Customer"},
             {"first", "--type", "hasOne", "--to", "Customer"},
             {"liked", "--type", "referencesMany", "--to", "Customer", "--foreign-key", "likedIds"},
             {"copy", "--type", "embedsOne", "--to", "Customer", "--property", "copyOf"},
             {"copies", "--type", "embedsMany", "--to", "Customer", "--property", "copiesOf"}}) {
        std::vector<std::string> arguments{"relation", "Order"};
        arguments.insert(arguments.end(), relation.begin(), relation.end());
        arguments.insert(arguments.end(), {"--dir", company});
        EXPECT_EQ(run(arguments).err, "changed common/models/order.json\n") << relation.front();
    }
    EXPECT_EQ(run({"check", company}).code, 0);
    auto const relations = parse_json(folder.read("company/common/models/order.json"))["relations"];
    EXPECT_EQ(to_text(relations["subject"]), R"({"type":"belongsTo","polymorphic":true})");
    EXPECT_EQ(to_text(relations["friends"]),
              R"({"type":"hasMany","model":"Customer","through":"Order","keyThrough":"customerId"})");
}

TEST(Commands, WhatAGeneratorCannotAddIsToldAndTakenBack) {
    Folder const folder;
    auto const company = (folder.path() / "company").string();
    run({"new", company});
    run({"model", "Order", "--dir", company, "--property", "total:number"});
    auto const model = folder.read("company/common/models/order.json");
    struct Row {
        std::vector<std::string> arguments;
        std::string_view says;
    };
    Row const rows[] = {
        {{"property", "Order", "total", "--type", "string"}, "there is a property \"total\" already"},
        {{"property", "Order", "size", "--type", "nubmer"}, "nubmer"},
        {{"property", "Ordr", "size", "--type", "number"}, "did you mean \"Order\"?"},
        {{"property", "User", "size", "--type", "number"}, "\"User\" is built in"},
        {{"relation", "Order", "customer", "--type", "belongsTo", "--to", "Custmer"}, "Custmer"},
        {{"acl", "Order", "--role", "$everyone", "--access", "LOOK", "--allow"}, "LOOK"},
        {{"datasource", "db", "--connector", "memory"}, "there is a data source \"db\" already"},
        {{"datasource", "x", "--connector", "mongo"}, "mongo"},
    };
    for (auto row : rows) {
        row.arguments.insert(row.arguments.end(), {"--dir", company});
        auto const [code, out, err] = run(row.arguments);
        EXPECT_EQ(code, 1) << err;
        EXPECT_NE(err.find(row.says), std::string::npos) << err;
        EXPECT_NE(err.find("\n  hint: "), std::string::npos) << err;
    }
    EXPECT_EQ(folder.read("company/common/models/order.json"), model);
    EXPECT_EQ(run({"check", company}).code, 0);
}

TEST(Commands, WhereNobodyCanBeAskedWhatIsMissingIsTold) {
    ASSERT_NE(std::freopen("/dev/null", "r", stdin), nullptr);
    Folder const folder;
    auto const company = (folder.path() / "company").string();
    run({"new", company});
    struct Row {
        std::vector<std::string> arguments;
        char const* missing;
    };
    Row const rows[] = {{{"relation", "Order", "items"}, "--type"},
                        {{"relation", "Order"}, "NAME"},
                        {{"relation"}, "MODEL"},
                        {{"property", "Order", "total"}, "--type"},
                        {{"property"}, "MODEL"},
                        {{"acl", "Order", "--allow"}, "--role"},
                        {{"acl", "Order", "--role", "admin"}, "--allow or --deny"},
                        {{"datasource", "archive"}, "--connector"},
                        {{"datasource", "archive", "--connector", "sqlite3"}, "--file"},
                        {{"datasource"}, "NAME"},
                        {{"model"}, "NAME"}};
    auto const before = folder.read("company/server/datasources.json");
    for (auto row : rows) {
        row.arguments.insert(row.arguments.end(), {"--dir", company});
        auto const [code, out, err] = run(row.arguments);
        EXPECT_EQ(code, 2) << row.missing;
        EXPECT_TRUE(err.starts_with(std::string{"sallyport: "} + row.missing + " is missing\n  hint: ")) << err;
    }
    EXPECT_EQ(folder.read("company/server/datasources.json"), before);
}

/// Standard input is a terminal at which somebody has typed `answers`.
class Terminal {
public:
    explicit Terminal(std::string const& answers) : before_{dup(STDIN_FILENO)} {
        int mine = -1;
        if (openpty(&keyboard_, &mine, nullptr, nullptr, nullptr) != 0) throw std::runtime_error{"no terminal"};
        dup2(mine, STDIN_FILENO);
        close(mine);
        std::clearerr(stdin);
        std::cin.clear();
        if (write(keyboard_, answers.data(), answers.size()) < 0) throw std::runtime_error{"no keyboard"};
    }
    ~Terminal() {
        dup2(before_, STDIN_FILENO);
        close(before_);
        close(keyboard_);
    }
    Terminal(Terminal const&) = delete;
    Terminal& operator=(Terminal const&) = delete;

private:
    int before_;
    int keyboard_ = -1;
};

TEST(Commands, AtATerminalWhatIsMissingIsAskedFor) {
    Folder const folder;
    auto const company = (folder.path() / "company").string();
    run({"new", company});
    auto const typed = [&](std::string const& answers, std::vector<std::string> arguments) {
        Terminal const terminal{answers};
        testing::internal::CaptureStderr();
        arguments.insert(arguments.end(), {"--dir", company});
        auto const [code, out, err] = run(arguments);
        EXPECT_EQ(code, 0) << err;
        return testing::internal::GetCapturedStderr();
    };
    EXPECT_EQ(typed("Order\n", {"model"}), "its name, as in Employee: ");
    EXPECT_EQ(
        typed("Order\ntotal\n\n", {"property"}),
        "the model, as in Employee: its name, as in startsOn: its type, such as string, number or date [string]: ");
    run({"model", "Item", "--dir", company});
    typed("items\nhasMany\nItem\n", {"relation", "Order"});
    typed("Order\n$owner\ndeny\n", {"acl"});
    typed("archive\n\n\n", {"datasource"});
    auto const order = parse_json(folder.read("company/common/models/order.json"));
    EXPECT_EQ(to_text(order["properties"]), R"({"total":{"type":"string"}})");
    EXPECT_EQ(to_text(order["relations"]), R"({"items":{"type":"hasMany","model":"Item"}})");
    EXPECT_EQ(order["acls"].as_array()[0]["permission"], Json{"DENY"});
    EXPECT_EQ(to_text(parse_json(folder.read("company/server/datasources.json"))["archive"]),
              R"({"name":"archive","connector":"sqlite3","file":"archive.db"})");
}

TEST(Commands, ARuleThatWouldMeanSomethingElseIsRefused) {
    Folder const folder;
    auto const company = (folder.path() / "company").string();
    run({"new", company});
    run({"model", "Order", "--dir", company});
    auto const model = folder.read("company/common/models/order.json");
    EXPECT_EQ(run({"acl", "Order", "--role", "$owner", "--allow", "--deny", "--dir", company}).code, 2);
    for (std::vector<std::string> arguments :
         {std::vector<std::string>{"acl", "Order", "--role", "authenticated", "--allow"},
          {"model", "Note", "--allow", "authenticated"},
          {"model", "Note", "--allow", "authenticated:READ"}}) {
        arguments.insert(arguments.end(), {"--dir", company});
        auto const [code, out, err] = run(arguments);
        EXPECT_EQ(code, 1);
        EXPECT_TRUE(
            err.starts_with("sallyport: nobody has a role \"authenticated\"\n  hint: did you mean '$authenticated'?"))
            << err;
    }
    EXPECT_EQ(folder.read("company/common/models/order.json"), model);
    EXPECT_FALSE(folder.has("company/common/models/note.json"));
}

TEST(Commands, TheManPageAndTheCompletionsKnowEveryVerbAndOption) {
    auto const man = run({"man"}).out;
    EXPECT_TRUE(man.starts_with(".TH SALLYPORT 1 "));
    for (std::string const shell : {"bash", "fish", "zsh"}) {
        auto const script = run({"completion", shell}).out;
        for (auto const* word :
             {"new", "model", "property", "relation", "acl", "datasource", "run", "check", "routes", "migrate",
              "backup", "restore", "keys", "rotate", "man", "completion", "dry-run", "foreign-key"}) {
            EXPECT_NE(script.find(word), std::string::npos) << shell << ": " << word;
        }
    }
    for (auto const* section :
         {".SS sallyport keys rotate [DIR]", ".SS sallyport property [MODEL] [NAME]", ".B \\-\\-foreign\\-key",
          "Example: sallyport migrate company \\-\\-dry\\-run", ".SH EXIT STATUS"}) {
        EXPECT_NE(man.find(section), std::string::npos) << section;
    }
    EXPECT_EQ(run({"completion", "tcsh"}).code, 2);
}

}  // namespace
}  // namespace sallyport::cli

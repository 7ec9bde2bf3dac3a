#include "app/project_folder.hpp"

#include "folder.hpp"

#include <gtest/gtest.h>

namespace sallyport::app {
namespace {

using Kind = definition::Finding::Kind;

constexpr auto data_sources = R"({"db": {"connector": "memory"}, "other": {"connector": "memory"}})";

std::string mistakes_of(std::map<std::string, std::string> files, Kind kind = Kind::mistake) {
    files.try_emplace("server/config.json", "{}");
    files.try_emplace("server/datasources.json", data_sources);
    Folder const folder{files};
    std::string texts;
    for (auto const& finding : load_project(folder.path(), {}).findings) {
        if (finding.kind == kind) texts += finding.text + "\n";
    }
    return texts;
}

std::map<std::string, std::string> two_models(std::string const& source, std::string const& table,
                                              std::string const& mixins) {
    return {{"server/model-config.json", R"({"_meta": {"sources": ["../common/models"]},
                "User": {"dataSource": "db", "public": false}, "AccessToken": {"dataSource": "db", "public": false},
                "Employee": {"dataSource": "db"}, "Shadow": {"dataSource": ")" +
                                             source + "\"}}"},
            {"common/models/employee.json", R"({"name": "Employee", "base": "User", "mixins": )" + mixins + "}"},
            {"common/models/shadow.json",
             R"({"name": "Shadow", "base": "User", "options": {"sqlite3": {"table": ")" + table + "\"}}}"}};
}

TEST(ProjectFolder, SomethingMustKeepRecords) {
    EXPECT_EQ(mistakes_of({{"server/datasources.json", "{}"}, {"server/model-config.json", "{}"}}),
              "no data source keeps records\n");
    EXPECT_EQ(mistakes_of({{"server/model-config.json", "{}"}}), "");
    EXPECT_EQ(mistakes_of({{"server/datasources.json", "{"}, {"server/model-config.json", "{}"}}),
              "unexpected end of the text\n");
    EXPECT_EQ(mistakes_of({}), "there is no such file\n");
}

TEST(ProjectFolder, AccountsAndTheirTokensAreKeptInOneDataSource) {
    struct Case {
        char const* config;
        char const* complaint;  ///< "" for none.
    };
    constexpr auto missing =
        "nobody could log in: AccessToken, which keeps the tokens of user models, has no data source\n";
    Case const cases[] = {
        {R"("Reader": {"dataSource": "db"}, "AccessToken": {"dataSource": "db"})", ""},
        {R"("Reader": {"dataSource": "db"})", missing},
        {R"("Reader": {"dataSource": "db"}, "AccessToken": {"dataSource": null})", missing},
        {R"("Reader": {"dataSource": "db"}, "AccessToken": {"dataSource": "bd"})", "there is no data source \"bd\"\n"},
        {R"("Reader": {"dataSource": "db"}, "AccessToken": {"dataSource": "other"})",
         "\"AccessToken\" is in the data source \"other\", and the accounts whose tokens it keeps in \"db\"\n"},
        {R"("Reader": {"dataSource": "db"}, "User": {"dataSource": "other"}, "AccessToken": {"dataSource": "db"})",
         "\"User\" is in the data source \"other\", and other accounts in \"db\"\n"},
        {R"("Reader": {"dataSource": "none"}, "User": {"dataSource": "db"}, "AccessToken": {"dataSource": "db"})",
         "\"Reader\" is a user model, and the data source \"none\" keeps no records\n"},
        {R"("Note": {"dataSource": "none"})", ""},
    };
    for (auto const& [config, complaint] : cases) {
        EXPECT_EQ(mistakes_of({{"server/datasources.json", R"({"db": {"connector": "memory"},
                      "other": {"connector": "memory"}, "none": {"connector": "transient"}})"},
                               {"server/model-config.json", std::string{"{"} + config + "}"},
                               {"common/models/note.json", R"({"name": "Note"})"},
                               {"common/models/reader.json", R"({"name": "Reader", "base": "User"})"}}),
                  complaint)
            << config;
    }
}

TEST(ProjectFolder, TheTwoStepsOfALoginNeedTheMixin) {
    auto const with = [](std::string const& reader) {
        return mistakes_of(
            {{"server/model-config.json", R"({"Reader": {"dataSource": "db"}, "AccessToken": {"dataSource": "db"}})"},
             {"common/models/reader.json", R"({"name": "Reader", "base": "User", )" + reader + "}"}},
            Kind::note);
    };
    constexpr auto note = "Reader: nothing gives \"requestCode\" and \"loginWithCode\" a body\n";
    EXPECT_TRUE(with(R"("methods": {"requestCode": {"isStatic": true}})").ends_with(note));
    EXPECT_TRUE(with(R"("acls": [{"permission": "ALLOW", "principalId": "$everyone", "property": "loginWithCode"}])")
                    .ends_with(note));
    EXPECT_EQ(with(R"("mixins": {"TwoFactor": true}, "methods": {"requestCode": {"isStatic": true}})"), "");
}

TEST(ProjectFolder, AModelThatSharesTheTableOfOneWithTwoFactorIsASideDoor) {
    EXPECT_EQ(mistakes_of(two_models("db", "employee", R"({"TwoFactor": true})")),
              "Employee and Shadow share the table \"employee\", and one has TwoFactor\n");
    EXPECT_EQ(mistakes_of(two_models("db", "shadow", R"({"TwoFactor": true})")), "");
    EXPECT_EQ(mistakes_of(two_models("other", "employee", R"({"TwoFactor": true})")),
              "\"Shadow\" is in the data source \"other\", and other accounts in \"db\"\n");
    EXPECT_EQ(mistakes_of(two_models("db", "employee", "{}")), "");
}

TEST(ProjectFolder, WhomAVerificationIsFromMustBeAnAddress) {
    auto const with = [](std::string const& from) {
        return mistakes_of(
            {{"server/model-config.json", R"({"AccessToken": {"dataSource": "db"}, "Employee": {"dataSource": "db"}})"},
             {"common/models/employee.json",
              R"({"name": "Employee", "base": "User", "verifyOptions": {"from": ")" + from + "\"}}"}});
    };
    EXPECT_EQ(with("Acme <hello@acme.example>"), "");
    EXPECT_EQ(with("Acme"), "Employee: \"Acme\" in \"verifyOptions\" is no address that mail could come from\n");
}

TEST(ProjectFolder, AdministratorsAreBehindTwoDoorsAndAdministerAccounts) {
    struct Case {
        char const* mixins;
        char const* complaint;  ///< "" for none.
    };
    for (auto const& [mixins, complaint] :
         {Case{R"({"TwoFactor": true, "Administration": true})", ""},
          Case{R"({"Administration": true, "TwoFactor": true})", ""},
          Case{R"({"Administration": true})",
               "Employee: the mixin \"Administration\" needs \"TwoFactor\" on the same model\n"},
          Case{R"({"TwoFactor": true, "Administration": {"models": ["Employee", "Role"]}})",
               "Employee: \"models\" of \"Administration\" names \"Role\", which is no user model\n"},
          Case{R"({"TwoFactor": true, "Administration": {"role": "$everyone"}})",
               "\"role\" must be a role that is given to people\n"}}) {
        EXPECT_EQ(mistakes_of(two_models("db", "shadow", mixins)), complaint) << mixins;
    }
}

TEST(ProjectFolder, ARoleThatAdministersIsOneThatSomebodyCanBeGiven) {
    auto files = two_models("db", "shadow", R"({"TwoFactor": true, "Administration": {"role": "support"}})");
    EXPECT_EQ(mistakes_of(files, Kind::note),
              "Employee: nobody can be given the role \"support\" of \"Administration\": Role and RoleMapping have no "
              "data source\n");
    auto& config = files["server/model-config.json"];
    config.insert(config.size() - 1, R"(, "Role": {"dataSource": "db"}, "RoleMapping": {"dataSource": "db"})");
    EXPECT_EQ(mistakes_of(files, Kind::note), "");
}

TEST(ProjectFolder, AnOwnedModelHasARelationToAUserModel) {
    auto const with = [](std::string const& mixin, std::string const& relation) {
        return mistakes_of({{"server/model-config.json",
                             R"({"_meta": {"sources": ["../common/models"]}, "AccessToken": {"dataSource": "db"},
                "Reader": {"dataSource": "db"}, "Note": {"dataSource": "db"}})"},
                            {"common/models/reader.json", R"({"name": "Reader", "base": "User"})"},
                            {"common/models/note.json", R"({"name": "Note", "mixins": {"Owned": )" + mixin +
                                                            R"(}, "relations": {"writer": )" + relation + "}}"}});
    };
    auto const* const to_reader = R"({"type": "belongsTo", "model": "Reader"})";
    EXPECT_EQ(with("true", to_reader), "");
    EXPECT_EQ(with(R"({"relation": "writer", "ownOnly": true, "unless": ["admin"]})", to_reader), "");
    auto const* const complaint = "Note: the mixin \"Owned\" finds no relation that leads to an owner\n";
    EXPECT_EQ(with(R"({"relation": "editor"})", to_reader), complaint);
    EXPECT_EQ(with("true", R"({"type": "belongsTo", "model": "Note"})"), complaint);
    EXPECT_EQ(with("true", R"({"type": "hasMany", "model": "Reader"})"), complaint);
    EXPECT_EQ(with(R"({"unless": [1]})", to_reader), "\"unless\" must be a list of strings\n");
}

TEST(ProjectFolder, AMistakeInTheOptionsOfTwoFactorIsToldAndNoMore) {
    EXPECT_EQ(mistakes_of(two_models("db", "shadow", R"({"TwoFactor": {"channels": [1], "code": 2}})")),
              "\"channels\" must be a list of strings\n\"code\" must be an object\n");
}

}  // namespace
}  // namespace sallyport::app

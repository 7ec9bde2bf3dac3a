#include "definition/principals.hpp"

#include "small_app.hpp"

#include <gtest/gtest.h>

#include <map>
#include <string>

namespace sallyport::definition {
namespace {

using Files = std::map<std::string, std::string>;

// An app with two user models, of which access tokens belong to `user`; with none, to whatever they are for by default.
Files files_with(std::string const& models) {
    return {
        {"server/config.json", "{}"},
        {"server/datasources.json", R"({"db": {"connector": "memory"}})"},
        {"server/model-config.json",
         R"({"_meta": {"sources": ["loopback/common/models", "../common/models"]}, "Memo": {"dataSource": "db"}, )" +
             models + "}"},
        {"common/models/customer.json", R"({"name": "Customer", "base": "User"})"},
        {"common/models/employee.json", R"({"name": "Employee", "base": "User"})"},
        {"common/models/memo.json", R"({"name": "Memo", "acls": [
                {"permission": "DENY", "principalType": "Customer", "principalId": "1"},
                {"permission": "DENY", "principalType": "Employee", "principalId": "1"},
                {"permission": "DENY", "principalType": "USER", "principalId": "1"}]})"}};
}

constexpr char const* of_customers = R"(
    "AccessToken": {"dataSource": "db", "public": false,
                    "relations": {"user": {"type": "belongsTo", "model": "Customer", "foreignKey": "userId"}}},
    "Customer": {"dataSource": "db"}, "Employee": {"dataSource": "db"})";
constexpr char const* alone = R"(
    "AccessToken": {"dataSource": "db", "public": false}, "User": {"dataSource": "db", "public": false},
    "Employee": {"dataSource": "db"})";
constexpr char const* of_any = R"(
    "AccessToken": {"dataSource": "db", "public": false}, "Customer": {"dataSource": "db"},
    "Employee": {"dataSource": "db"})";

TEST(Principals, UserMeansTheModelThatTokensBelongToOrTheOnlyOne) {
    EXPECT_EQ(user_principal(SmallApp{files_with(of_customers)}.project.models), "Customer");
    EXPECT_EQ(user_principal(SmallApp{files_with(alone)}.project.models), "Employee");
    EXPECT_EQ(user_principal(SmallApp{files_with(of_any)}.project.models), "");
}

TEST(Principals, OthersHaveTheNameOfTheirModel) {
    EXPECT_EQ(principal_type("Customer", "Customer"), "USER");
    EXPECT_EQ(principal_type("Employee", "Customer"), "Employee");
    EXPECT_EQ(principal_type("Employee", ""), "Employee");
}

TEST(Principals, ARuleThatNamesTheModelOfUserIsNoted) {
    SmallApp const app{files_with(of_customers)};

    ASSERT_EQ(app.project.findings.size(), 1U);
    auto const& finding = app.project.findings.front();
    EXPECT_EQ(finding.kind, Finding::Kind::note);
    EXPECT_EQ(finding.line, 2);
    EXPECT_EQ(finding.text, R"(the rule is for nobody: access tokens are of "Customer" alone)");
    EXPECT_EQ(finding.hint, R"(write "principalType": "USER" for its accounts)");
}

}  // namespace
}  // namespace sallyport::definition

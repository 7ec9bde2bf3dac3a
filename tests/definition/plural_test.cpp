#include "definition/plural.hpp"

#include <gtest/gtest.h>

namespace sallyport::definition {
namespace {

struct Row {
    char const* name;
    char const* expected;
};

TEST(Plural, EqualsWhatLoopBackServes) {
    Row const rows[] = {
        {"Note", "Notes"},
        {"Category", "Categories"},
        {"Address", "Addresses"},
        {"Person", "People"},
        {"Child", "Children"},
        {"Bus", "Buses"},
        {"Box", "Boxes"},
        {"Status", "Statuses"},
        {"Day", "Days"},
        {"Query", "Queries"},
        {"Series", "Series"},
        {"News", "News"},
        {"Data", "Data"},
        {"Datum", "Data"},
        {"UserData", "UserData"},
        {"Man", "Men"},
        {"Woman", "Women"},
        {"Mouse", "Mice"},
        {"Quiz", "Quizzes"},
        {"Axis", "Axes"},
        {"Crisis", "Crises"},
        {"Analysis", "Analyses"},
        {"Knife", "Knives"},
        {"Leaf", "Leafs"},
        {"Life", "Lives"},
        {"Hero", "Heros"},
        {"Potato", "Potatoes"},
        {"Index", "Indices"},
        {"Matrix", "Matrices"},
        {"Money", "Money"},
        {"Sms", "Sms"},
        {"Notes", "Notes"},
        {"user-role", "user-roles"},
        {"Employees", "Employees"},
        {"Half", "Halves"},
        {"Stock", "Stocks"},
        {"Access", "Accesses"},
        {"Gas", "Gas"},
        {"Foot", "feet"},
        {"Criteria", "Criteria"},
        {"OrderInfo", "OrderInfos"},
        {"Campus", "Campuses"},
        {"Safe", "Saves"},
        {"Archive", "Archives"},
        {"Movie", "Movies"},
        {"Hive", "Hives"},
        {"Business", "Businesses"},
        {"Wolf", "Wolves"},
        {"ACL", "ACLs"},
        {"Gallery", "Galleries"},
        {"Shoes", "Shoes"},
        {"Company", "Companies"},
    };

    for (auto const& row : rows) EXPECT_EQ(plural(row.name), row.expected) << row.name;
}

TEST(Plural, ForeignKeysAreCamelCase) {
    Row const rows[] = {{"Order_id", "orderId"},
                        {"MyBigModel_id", "myBigModelId"},
                        {"user_role_id", "userRoleId"},
                        {"ACL_id", "aCLId"}};

    for (auto const& row : rows) EXPECT_EQ(camel(row.name), row.expected) << row.name;
}

TEST(Plural, FileNamesAreDashed) {
    Row const rows[] = {
        {"Employee", "employee"}, {"MyBigModel", "my-big-model"}, {"APIKey", "api-key"}, {"user_role", "user-role"}};

    for (auto const& row : rows) EXPECT_EQ(dashed(row.name), row.expected) << row.name;
}

TEST(Plural, NormalizedPathsAreLowerCaseWithDashesAsLoopBackServesThem) {
    Row const rows[] = {
        {"/", "/"},
        {"/Employees", "/employees"},
        {"/replaceOrCreate", "/replace-or-create"},
        {"/HTTPRequestLog2s", "/h-t-t-p-request-log2s"},
        {"/X2Y", "/x2-y"},
        {"/a_b", "/a-b"},
        {"/doIt_Now/:someId", "/do-it--now/:someId"},
        {"/:id/bigThings/:fk", "/:id/big-things/:fk"},
        {"/ab-Cd", "/ab--cd"},
        {"/Team Members", "/team--members"},
        {"/A__B", "/a---b"},
        {"/__A", "/--a"},
        {"/Foo.barBaz/", "/foo.bar-baz/"},
    };

    for (auto const& row : rows) EXPECT_EQ(normalized_path(row.name), row.expected) << row.name;
}

}  // namespace
}  // namespace sallyport::definition

#include "query/parse.hpp"
#include "sallyport/error.hpp"

#include <gtest/gtest.h>

#include <string>

namespace sallyport::query {
namespace {

TEST(QueryString, IsReadAsQsReadsIt) {
    struct Case {
        std::string text;
        std::string expected;
    };
    Case const cases[] = {
        {"", "{}"},
        {"a=1&b=x+y%20z", R"({"a":"1","b":"x y z"})"},
        {"a", R"({"a":""})"},
        {"a=b=c", R"({"a":"b=c"})"},
        {"=1&&", "{}"},
        {"filter[where][name]=Alpha&filter[fields]=name", R"({"filter":{"where":{"name":"Alpha"},"fields":"name"}})"},
        {"filter%5Bwhere%5D%5Bname%5D=A", R"({"filter":{"where":{"name":"A"}}})"},
        {"f[or][0][s]=10&f[or][1][s]=30", R"({"f":{"or":[{"s":"10"},{"s":"30"}]}})"},
        {"f[and][][s]=20&f[and][][o]=false", R"({"f":{"and":[{"s":"20","o":"false"}]}})"},
        {"a[]=1&a[]=2", R"({"a":["1","2"]})"},
        {"a=1&a=2&a=3", R"({"a":["1","2","3"]})"},
        {"a[2]=x&a[0]=y", R"({"a":["y","x"]})"},
        {"a[19]=x", R"({"a":["x"]})"},
        {"a[999]=x", R"({"a":["x"]})"},
        {"a[1000]=x", R"({"a":{"1000":"x"}})"},
        {"a[0]=x&a[1000]=y", R"({"a":{"0":"x","1000":"y"}})"},
        {"a[0]=x&a[999]=y&a[7]=z", R"({"a":["x","z","y"]})"},
        {"a[b]=1&a=", R"({"a":{"b":"1"}})"},
        {"a[b]=1&a=2", R"({"a":[{"b":"1"},"2"]})"},
        {"a=1&a=2&a[b]=3", R"({"a":{"0":"1","1":"2","b":"3"}})"},
        {"a[0][b]=1&a[0][c]=2&a[0]=3", R"({"a":[{"b":"1","c":"2"},"3"]})"},
        {"a[0]=x&a[b]=y", R"({"a":{"0":"x","b":"y"}})"},
        {"a[01]=x", R"({"a":{"01":"x"}})"},
        {"a=1&a[b]=2", R"({"a":["1",{"b":"2"}]})"},
        {"a[b][c][d][e][f][g][h]=1", R"({"a":{"b":{"c":{"d":{"e":{"f":{"[g][h]":"1"}}}}}}})"},
        {"a[b=1", R"({"a":{"[b":"1"}})"},
        {"a[[b]=1", R"({"a":{"[[b]":"1"}})"},
        {"w[info.city]=SF", R"({"w":{"info.city":"SF"}})"},
        {"a=%zz&b=%ff&c=%", R"({"a":"%zz","b":"%ff","c":"%"})"},
        {"a=%C3%A9", "{\"a\":\"\xC3\xA9\"}"},
        {"filter=%7B%22limit%22%3A1%7D", R"({"filter":"{\"limit\":1}"})"},
        {"__proto__[x]=1&constructor=2", R"({"__proto__":{"x":"1"},"constructor":"2"})"},
    };
    for (auto const& one : cases) EXPECT_EQ(to_text(Json{read_query(one.text, false)}), one.expected) << one.text;
}

TEST(QueryString, ANameGivenTwiceIsRefusedWhereTheRulesSaySo) {
    EXPECT_THROW(read_query("a=1&a=2", true), Error);
    EXPECT_THROW(read_query("a[b]=1&a[b]=2", true), Error);
    EXPECT_NO_THROW(read_query("a[]=1&a[]=2&a[b]=1&a[c]=2", true));
}

TEST(QueryString, AFormMayBeDeeperAndNoDeeperThanItsRules) {
    BracketRules const rules{.levels = 6, .refuses_deeper = true};

    EXPECT_EQ(to_text(Json{read_query("a[b][c][d][e][f][g]=1", false, rules)}),
              R"({"a":{"b":{"c":{"d":{"e":{"f":{"g":"1"}}}}}}})");
    EXPECT_THROW(read_query("a[b][c][d][e][f][g][h]=1", false, rules), Error);
}

TEST(QueryString, AnIndexIsOneBelowTheLimitOfItsRules) {
    EXPECT_EQ(to_text(Json{read_query("a[99]=x&b[100]=y", false, {.list_limit = 100})}),
              R"({"a":["x"],"b":{"100":"y"}})");
}

TEST(QueryString, OnlyTheFirstThousandParametersCount) {
    std::string text;
    for (int i = 0; i < 1500; ++i) text += "k" + std::to_string(i) + "=1&";

    EXPECT_EQ(read_query(text, false).size(), 1000U);
}

}  // namespace
}  // namespace sallyport::query

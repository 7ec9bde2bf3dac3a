#include "sallyport/json.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace sallyport {
namespace {

std::string number_text(double value) {
    std::string out;
    append_number(out, value);
    return out;
}

TEST(Json, NumbersAreWrittenInJavaScriptsForm) {
    struct Row {
        double value;
        char const* text;
    };
    Row const rows[] = {{0, "0"},
                        {-0.0, "0"},
                        {1, "1"},
                        {-17, "-17"},
                        {3.14, "3.14"},
                        {0.1, "0.1"},
                        {1e21, "1e+21"},
                        {1e20, "100000000000000000000"},
                        {123456789012345680000.0, "123456789012345680000"},
                        {1e-6, "0.000001"},
                        {1e-7, "1e-7"},
                        {1.5e-9, "1.5e-9"},
                        {5e-324, "5e-324"},
                        {1.7976931348623157e308, "1.7976931348623157e+308"},
                        {9007199254740993.0, "9007199254740992"},
                        {std::numeric_limits<double>::infinity(), "null"},
                        {std::numeric_limits<double>::quiet_NaN(), "null"}};
    for (auto const& row : rows) EXPECT_EQ(number_text(row.value), row.text);
}

TEST(Json, NumbersAreReadExactly) {
    EXPECT_EQ(parse_json("0.1").as_number(), 0.1);
    EXPECT_EQ(parse_json("2.2250738585072014e-308").as_number(), 2.2250738585072014e-308);
    EXPECT_EQ(parse_json("123456789012345678901234567890").as_number(), 123456789012345678901234567890.0);
}

TEST(Json, WhatIsReadIsWrittenTheSame) {
    for (char const* text :
         {"null", "true", "[]", "{}", "\"a\\\"b\\\\c\\n\\u0001\"", "{\"b\":1,\"a\":[null,{\"x\":\"é😀\"}]}"}) {
        EXPECT_EQ(to_text(parse_json(text)), text);
    }
}

TEST(Json, WhatIsNotJsonIsRefusedWithItsPlace) {
    struct Row {
        char const* text;
        int line;
    };
    Row const rows[] = {{"", 1},
                        {"{\"a\":", 1},
                        {"{a:1}", 1},
                        {"[1,]", 1},
                        {"nope", 1},
                        {"1 2", 1},
                        {"\xEF\xBB\xBF{}", 1},
                        {"\"\xff\"", 1},
                        {"\"\\ud800\"", 1},
                        {"1e999", 1},
                        {"NaN", 1},
                        {"{\"a\":1,\n\"a\":2}", 2},
                        {"[\n\n01]", 3}};
    for (auto const& row : rows) {
        try {
            parse_json(row.text);
            ADD_FAILURE() << row.text;
        } catch (JsonError const& error) {
            EXPECT_EQ(error.line(), row.line) << row.text << ": " << error.what();
        }
    }
}

TEST(Json, DepthAndNamesAreBounded) {
    EXPECT_THROW(parse_json(std::string(33, '[') + std::string(33, ']')), JsonError);
    EXPECT_NO_THROW(parse_json(std::string(32, '[') + std::string(32, ']')));
    EXPECT_THROW(parse_json(std::string(100000, '[')), JsonError);
    EXPECT_THROW(parse_json(R"({"a":1,"b":2,"c":3})", {.max_keys = 2}), JsonError);
}

TEST(Json, TheLastOfTwoEqualNamesWinsWhereAllowed) {
    auto const value = parse_json(R"({"a":1,"b":2,"a":3})", {.duplicates = JsonLimits::Duplicates::last_wins});
    EXPECT_EQ(to_text(value), R"({"a":3,"b":2})");
}

TEST(Json, BrokenUtf8IsWrittenAsReplacementCharacters) {
    std::string out;
    append_string(out, "a\xC0\x80z");
    EXPECT_EQ(out, "\"a\xEF\xBF\xBD\xEF\xBF\xBDz\"");
}

TEST(Json, UndefinedMembersAreLeftOutAndUndefinedElementsAreNull) {
    JsonObject object;
    object["gone"];
    object.set("list", JsonArray{Json{}, Json{1}});
    EXPECT_EQ(to_text(object), R"({"list":[null,1]})");
}

TEST(Json, NumberOfAValueIsJavaScripts) {
    struct Row {
        Json value;
        double number;
    };
    Row const rows[] = {{"42", 42},   {"", 0},      {" 4.50 ", 4.5},           {"0x10", 16},
                        {true, 1},    {nullptr, 0}, {JsonArray{Json{"7"}}, 7}, {"-.5", -.5},
                        {"1e3", 1000}};
    for (auto const& row : rows) EXPECT_EQ(to_number(row.value), row.number) << to_text(row.value);
    for (Json const& value : {Json{"abc"}, Json{"1x"}, Json{}, Json::object(), Json{"+-1"}, Json{"inf"}}) {
        EXPECT_NE(to_number(value), to_number(value)) << to_text(value);
    }
}

TEST(Json, TextOfAValueIsJavaScripts) {
    EXPECT_EQ(to_display(Json::object()), "[object Object]");
    EXPECT_EQ(to_display(JsonArray{Json{"p"}, Json{nullptr}, Json{1.5}}), "p,,1.5");
}

}  // namespace
}  // namespace sallyport

#include "cli/json_text.hpp"

#include <gtest/gtest.h>

namespace sallyport::cli {
namespace {

TEST(JsonText, PrettyKeepsSmallThingsOnALine) {
    auto const json = parse_json(
        R"({"name":"A","properties":{"mobile":{"type":"string"}},"acls":[],"mixins":{"T":{"channels":["console"],"phone":"mobile"}}})");

    EXPECT_EQ(
        pretty(json),
        "{\n  \"name\": \"A\",\n  \"properties\": {\n    \"mobile\": {\"type\": \"string\"}\n  },\n  \"acls\": [],\n"
        "  \"mixins\": {\n    \"T\": {\n      \"channels\": [\"console\"],\n      \"phone\": \"mobile\"\n    }\n  "
        "}\n}\n");
}

TEST(JsonText, AMemberIsAddedAndNothingElseTouched) {
    struct Row {
        char const* before;
        char const* after;
    };
    Row const rows[] = {
        {"{\n    \"b\" :  1\n}\n", "{\n    \"b\" :  1,\n    \"x\": {\"y\": [1, 2]}\n}\n"},
        {"{\n\t\"b\": {\n\t}\n}", "{\n\t\"b\": {\n\t},\n\t\"x\": {\"y\": [1, 2]}\n}"},
        {"{}", "{\n  \"x\": {\"y\": [1, 2]}\n}"},
        {"{\n}\n", "{\n  \"x\": {\"y\": [1, 2]}\n}\n"},
        {"{\"a\": 1}", "{\"a\": 1, \"x\": {\"y\": [1, 2]}}"},
    };

    for (auto const& row : rows) {
        auto const result = with_member(row.before, "x", parse_json(R"({"y":[1,2]})"));
        EXPECT_EQ(result, row.after);
        EXPECT_NO_THROW(parse_json(result));
    }
    EXPECT_THROW(with_member("[]", "x", Json{1}), JsonError);
    EXPECT_THROW(with_member("{,}", "x", Json{1}), JsonError);
}

TEST(JsonText, WhatStandsDeeperIsAddedToInItsOwnStyle) {
    auto const member = [](std::string_view text, std::vector<std::string> const& path) {
        return with_member_at(text, path, "x", Json{1});
    };
    auto const element = [](std::string_view text, std::vector<std::string> const& path) {
        return with_element_at(text, path, Json{1});
    };
    std::string const spaced = "{\n  \"a\": {\n\t\t\"b\" : \"}\\\"]\" \n  },\n  \"c\": [ ]\n}\n";
    EXPECT_EQ(member(spaced, {"a"}), "{\n  \"a\": {\n\t\t\"b\" : \"}\\\"]\",\n\t\t\"x\": 1 \n  },\n  \"c\": [ ]\n}\n");
    EXPECT_EQ(element(spaced, {"c"}), "{\n  \"a\": {\n\t\t\"b\" : \"}\\\"]\" \n  },\n  \"c\": [\n    1\n  ]\n}\n");
    EXPECT_EQ(member("{\n  \"a\": {}\n}", {"a"}), "{\n  \"a\": {\n    \"x\": 1\n  }\n}");
    EXPECT_EQ(member("{\"a\": {\"b\": {\"c\": 1}}}", {"a", "b"}), "{\"a\": {\"b\": {\"c\": 1, \"x\": 1}}}");
    EXPECT_EQ(element("{\"a\": [[2], 3]}", {"a"}), "{\"a\": [[2], 3, 1]}");
    EXPECT_EQ(member("{\n  \"b\": 2\n}", {"a"}), "{\n  \"b\": 2,\n  \"a\": {\"x\": 1}\n}");
    EXPECT_EQ(element("{}", {"a", "b"}), "{\n  \"a\": {\"b\": [1]}\n}");
    EXPECT_THROW(member("{\"a\": []}", {"a"}), JsonError);
    EXPECT_THROW(element("{\"a\": {}}", {"a"}), JsonError);
}

}  // namespace
}  // namespace sallyport::cli

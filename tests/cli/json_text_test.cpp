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
        {"{\n\t\"b\": {\n\t}\n}", "{\n\t\"b\": {\n\t},\n \"x\": {\"y\": [1, 2]}\n}"},
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

}  // namespace
}  // namespace sallyport::cli

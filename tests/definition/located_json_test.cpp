#include "definition/located_json.hpp"

#include <gtest/gtest.h>

namespace sallyport::definition {
namespace {

TEST(LocatedJson, KnowsWhereNamesAndValuesStand) {
    auto const json = parse_located("{\n  \"a\": [1, \"x\\\"y\"],\n  \"b\\u0063\" : {\"d\":\ttrue}\n}", "f.json");

    auto const* list = json.member("a");
    ASSERT_NE(list, nullptr);
    EXPECT_EQ(list->place.line, 2);
    EXPECT_EQ(list->place.column, 3);
    ASSERT_EQ(list->value.items.size(), 2U);
    EXPECT_EQ(list->value.items[1].place.column, 12);
    EXPECT_EQ(list->value.items[1].value.as_string(), "x\"y");
    auto const* object = json.member("bc");
    ASSERT_NE(object, nullptr);
    EXPECT_EQ(object->place.line, 3);
    EXPECT_EQ(object->value.find("d")->place.column, 21);
    EXPECT_EQ(object->value.find("d")->place.file, "f.json");
}

TEST(LocatedJson, GivesTheSameValueAsTheStrictReader) {
    for (auto const* text : {"[]", "{}", " [ ] ", "null", "-1.5e3", "\"\"", R"({"a":{"b":[{},[],[[1,2],3]]},"c":"\\"})",
                             "[true,false,null]"}) {
        EXPECT_EQ(parse_located(text, "f").json(), parse_json(text)) << text;
    }
}

TEST(LocatedJson, RefusesWhatTheStrictReaderRefuses) {
    for (auto const* text :
         {"", "{", "[1,]", "{\"a\":1,}", "// x\n{}", "{\"a\":1 \"b\":2}", "{\"a\":1,\"a\":2}", "{} x", "{'a':1}"}) {
        EXPECT_THROW(parse_located(text, "f"), JsonError) << text;
    }
}

}  // namespace
}  // namespace sallyport::definition

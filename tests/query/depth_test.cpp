#include "query/depth.hpp"

#include "sallyport/error.hpp"

#include <gtest/gtest.h>

namespace sallyport::query {
namespace {

TEST(Depth, CountsTheLevelsBelowAValue) {
    struct {
        char const* value;
        int depth;
    } const cases[] = {
        {"1", 0},
        {"{}", 0},
        {"[]", 0},
        {R"({"a":1})", 1},
        {R"({"a":{}})", 1},
        {R"([1,[2,[3]],4])", 3},
        {R"({"where":{"and":[{"name":"a"}]}})", 4},
        {R"({"where":{"name":{"inq":["a"]}}})", 4},
        {R"({"o":{"a":{"b":{"c":{"d":1}}}}})", 5},
    };
    for (auto const& one : cases) {
        auto const value = parse_json(one.value);
        EXPECT_NO_THROW(require_depth(value, one.depth)) << one.value;
        EXPECT_THROW(require_depth(value, one.depth - 1), Error) << one.value;
        EXPECT_NO_THROW(require_depth(value, one.depth + 2, 2)) << one.value;
        EXPECT_THROW(require_depth(value, one.depth + 1, 2), Error) << one.value;
    }
}

TEST(Depth, WhatIsTooDeepIs400WithLoopBacksCode) {
    try {
        require_depth(parse_json(R"({"a":{"b":1}})"), 1);
        FAIL() << "taken";
    } catch (Error const& error) {
        EXPECT_EQ(error.status, 400);
        EXPECT_EQ(error.code, "QUERY_OBJECT_TOO_DEEP");
        EXPECT_EQ(error.message, "The query object exceeds maximum depth 1");
    }
}

}  // namespace
}  // namespace sallyport::query

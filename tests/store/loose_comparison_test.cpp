#include "store/loose_comparison.hpp"

#include <gtest/gtest.h>

#include <string>

namespace sallyport::store {
namespace {

struct Pair {
    char const* left;
    char const* sign;
    char const* right;
    bool holds;
};

// What Node answers to each of these.
Pair const pairs[] = {
    {"1", "=", R"("1")", true},        {R"("")", "=", "0", true},
    {"true", "=", "1", true},          {"true", "=", R"("true")", false},
    {"null", "=", "null", true},       {"null", "=", "0", false},
    {R"("a")", "=", R"(["a"])", true}, {R"("a,b")", "=", R"(["a","b"])", true},
    {"5", "=", "[5]", true},           {R"("[object Object]")", "=", "{}", true},
    {"{}", "=", "{}", false},          {R"({"a":1})", "=", R"({"a":1})", false},
    {"[1]", "=", "[1]", false},        {R"("10")", ">", "2", true},
    {R"("10")", ">", R"("2")", false}, {R"("b")", "<", R"(["c"])", true},
    {R"("a")", "<", "1", false},       {"2", ">", "true", true},
    {"0", ">=", "false", true},        {"null", ">=", "null", true},
    {"null", ">", "null", false},      {"null", "<=", "0", false},
    {"0", "<=", "null", false},        {"{}", ">=", "{}", false},
    {"[1]", ">=", "1", true},          {"[1]", ">", "0", false},
};

TEST(LooseComparison, HoldsAsInJavaScript) {
    for (auto const& [left, sign, right, holds] : pairs) {
        EXPECT_EQ(compares(parse_json(left), sign, parse_json(right)), holds) << left << ' ' << sign << ' ' << right;
    }
}

TEST(LooseComparison, BuffersAreEqualByTheirBytes) {
    auto const buffer = parse_json(R"({"type":"Buffer","data":[97,98]})");

    EXPECT_TRUE(is_loosely_equal(buffer, buffer));
    EXPECT_FALSE(is_loosely_equal(buffer, parse_json(R"({"type":"Buffer","data":[97]})")));
}

}  // namespace
}  // namespace sallyport::store

#include "store/value_condition.hpp"

#include <gtest/gtest.h>

namespace sallyport::store {
namespace {

struct Case {
    char const* test;
    char const* operand;
    char const* values;
    bool passes;
};

Case const cases[] = {
    {"=", "2", R"([1,"2"])", true},
    {"=", "2", "[1,3]", false},
    {"not =", "1", "[1,3]", true},
    {"not =", "1", "[1]", false},
    {"not =", "1", "[]", true},
    {"not in", "[1]", "[]", false},
    {">", "2", R"(["10"])", true},
    {"<=", "2", "[null]", false},
    {"in", "[1,null]", "[null]", true},
    {"in", "[]", "[null]", false},
    {"not in", "[1,2]", "[1,3]", true},
    {"between", R"([1,"3"])", "[0,2]", true},
    {"between", "[1,3]", "[0,4]", false},
    {"like", "^tr", "[true]", true},
    {"like", "^.object", "[{}]", true},
    {"like", "null", "[null]", false},
    {"not like", "null", "[null]", true},
    {"regexp", "a", R"(["b","a"])", true},
    {"regexp", ".*", R"(["",true,null])", false},
    {"like", "(", R"(["("])", false},
    // A name given twice, as a query of broken UTF-8 may have it, is no fault.
    {"=", R"({"a":1,"a":2})", R"([{"a":2}])", false},
    {"between", "null", "[1]", false},
    {"in", "5", "[5]", false},
    // U+0000 ends no text.
    {"=", "false", R"(["\u0000"])", false},
    {"=", R"("a")", R"(["a\u0000b"])", false},
    {"=", R"("a\u0000b")", R"(["a\u0000b"])", true},
};

TEST(ValueCondition, PassesWhereOneValueDoes) {
    for (auto const& [test, operand, values, passes] : cases) {
        EXPECT_EQ(ValueCondition(test, operand).passes_some(parse_json(values).as_array()), passes)
            << test << ' ' << operand << " of " << values;
    }
}

}  // namespace
}  // namespace sallyport::store

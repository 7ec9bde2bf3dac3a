#include "cli/printed_table.hpp"

#include <gtest/gtest.h>

#include <sstream>

namespace sallyport::cli {
namespace {

std::string table(JsonArray const& rows, std::vector<std::string> const& columns) {
    std::ostringstream out;
    print_table(rows, columns, out);
    return out.str();
}

TEST(Table, ColumnsAreAsWideAsTheirWidestCellInCharacters) {
    EXPECT_EQ(
        table({JsonObject{{"id", 1}, {"name", "Zoë"}, {"x", "a"}}, JsonObject{{"id", 22}, {"name", "Bo"}, {"x", "b"}}},
              {"id", "name", "x"}),
        "ID  NAME  X\n1   Zoë   a\n22  Bo    b\n");
}

TEST(Table, WhatIsEmptyIsLeftOut) {
    EXPECT_EQ(table({JsonObject{{"a", 1}, {"b", ""}}}, {"a", "b", "c"}), "A\n1\n");
    EXPECT_EQ(table({}, {"a"}), "");
}

TEST(Table, NothingMovesTheCursorOrTurnsTheLine) {
    EXPECT_EQ(table({JsonObject{{"a", "x\x1b[2Jy\nz"}}}, {"a"}), "A\nx\\u001b[2Jy\\u000az\n");
    EXPECT_EQ(table({JsonObject{{"a", "x\u009b2Jy"}, {"b", "\u202ez"}}}, {"a", "b"}),
              "A           B\nx\\u009b2Jy  \\u202ez\n");
}

}  // namespace
}  // namespace sallyport::cli

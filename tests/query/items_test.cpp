#include "query/items.hpp"

#include <gtest/gtest.h>

namespace sallyport::query {
namespace {

TEST(SelectItems, NeitherTheListNorTheValuesAreInTheText) {
    auto const statement =
        select_items(parse_json(R"([{"name": "needle"}])"), equals("name'--", "thread"), Dialect::sqlite);

    EXPECT_FALSE(statement.sql.contains("needle"));
    EXPECT_FALSE(statement.sql.contains("thread"));
    EXPECT_FALSE(statement.sql.contains("name'--"));
    EXPECT_EQ(statement.values.front(), Value{R"([{"name":"needle"}])"});
}

}  // namespace
}  // namespace sallyport::query

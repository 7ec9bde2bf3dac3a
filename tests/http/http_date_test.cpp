#include "http/http_date.hpp"

#include <gtest/gtest.h>

namespace sallyport::http {
namespace {

TEST(HttpDate, EqualsTheExampleOfTheStandard) {  // RFC 9110 section 5.6.7
    EXPECT_EQ(http_date(784111777), "Sun, 06 Nov 1994 08:49:37 GMT");
    EXPECT_EQ(http_date(0), "Thu, 01 Jan 1970 00:00:00 GMT");
    EXPECT_EQ(http_date(1709164799), "Wed, 28 Feb 2024 23:59:59 GMT");
    EXPECT_EQ(http_date(1709164800), "Thu, 29 Feb 2024 00:00:00 GMT");
}

TEST(HttpDate, IsReadBackAndNothingElseIs) {
    for (std::int64_t seconds : {0L, 784111777L, 1709164800L, 4102444799L}) {
        EXPECT_EQ(parse_http_date(http_date(seconds)), seconds);
    }
    for (std::string_view text :
         {"", "yesterday", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994",
          "Mon, 06 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 24:49:37 GMT", "Sun, 06 Nov 1994 08:49:37 CET",
          "Wed, 30 Feb 2024 00:00:00 GMT", "Sun, 06 Nov 1994 -8:49:37 GMT"}) {
        EXPECT_EQ(parse_http_date(text), std::nullopt) << text;
    }
}

}  // namespace
}  // namespace sallyport::http

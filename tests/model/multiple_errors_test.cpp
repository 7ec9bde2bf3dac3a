#include "model/multiple_errors.hpp"

#include <gtest/gtest.h>

namespace sallyport::model {
namespace {

TEST(MultipleErrors, ListsNullUpToTheLastThatFailed) {
    MultipleErrors errors;
    EXPECT_TRUE(errors.empty());

    errors.add(1, Error{409, "Duplicate entry for Coupon.code"});
    errors.add(3, Error{422, "no"}.with_name("ValidationError").with_details(JsonObject{{"a", 1}}));
    auto const error = errors.together();

    EXPECT_EQ(error.status, 500);
    EXPECT_EQ(error.name, "");
    EXPECT_EQ(error.message, "Failed with multiple errors, see `details` for more information.");
    EXPECT_EQ(to_text(error.details),
              R"([null,{"statusCode":409,"name":"Error","message":"Duplicate entry for Coupon.code"},null,)"
              R"({"statusCode":422,"name":"ValidationError","message":"no","details":{"a":1}}])");
}

TEST(MultipleErrors, TellNothingOfAFailureOfTheServer) {
    EXPECT_EQ(to_text(wire_form(Error{0, "disk /dev/sda is full"})),
              R"({"statusCode":500,"message":"Internal Server Error"})");
}

}  // namespace
}  // namespace sallyport::model

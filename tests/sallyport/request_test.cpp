#include "sallyport/request.hpp"

#include "sallyport/error.hpp"

#include <gtest/gtest.h>

namespace sallyport {
namespace {

Request request_for(std::string target, std::string body = {}) {
    return {.verb = "GET", .target = std::move(target), .headers = {}, .body = std::move(body), .peer = {}};
}

TEST(Request, AParameterIsDecodedAndTheFirstOfItsNameCounts) {
    auto const request = request_for("/a?name=a+b%21&empty=&bare&na%6De=second&odd=%zz");
    EXPECT_EQ(request.parameter("name"), "a b!");
    EXPECT_EQ(request.parameter("empty"), "");
    EXPECT_EQ(request.parameter("bare"), "");
    EXPECT_EQ(request.parameter("odd"), "%zz");
    EXPECT_FALSE(request.parameter("second"));
    EXPECT_FALSE(request_for("/a").parameter("name"));
}

TEST(Request, ABodyThatIsNoJsonIs400) {
    EXPECT_EQ(request_for("/", R"({"a": 1})").json()["a"], 1);
    try {
        request_for("/", "{").json();
        ADD_FAILURE() << "it was taken";
    } catch (Error const& error) {
        EXPECT_EQ(error.status, 400);
        EXPECT_EQ(error.name, "SyntaxError");
    }
}

TEST(Response, AJsonAnswerSaysWhatItIs) {
    auto const response = json_response(JsonObject{{"a", 1}}, 201);
    EXPECT_EQ(response.status, 201);
    EXPECT_EQ(response.header("Content-Type"), "application/json; charset=utf-8");
    EXPECT_EQ(std::get<std::string>(response.body), R"({"a":1})");
}

}  // namespace
}  // namespace sallyport

#include "rest/negotiation.hpp"

#include <gtest/gtest.h>

#include <string>

namespace sallyport::rest {
namespace {

Request asking(std::string accept, std::string target = "/api/Notes/1") {
    Request request;
    request.verb = "GET";
    request.target = std::move(target);
    if (!accept.empty()) request.headers.emplace_back("Accept", std::move(accept));
    return request;
}

TEST(Negotiation, ResultsAreJsonForWhoeverTakesIt) {
    struct {
        char const* accept;
        ResultType expected;
    } const cases[] = {
        {"", ResultType::json},
        {"*/*", ResultType::json},
        {"application/json", ResultType::json},
        {"Application/JSON", ResultType::json},
        {"application/*", ResultType::json},
        {"application/javascript", ResultType::json},
        {"text/*", ResultType::json},
        {"text/html,application/xhtml+xml,*/*;q=0.8", ResultType::json},
        {"application/json;q=0, */*", ResultType::json},
        {"text/html", ResultType::none},
        {"application/xml", ResultType::none},
        {"image/png", ResultType::none},
        {"application/vnd.api+json", ResultType::none},
        {"*/*;q=0", ResultType::none},
        {"application/json;version=1", ResultType::none},
    };
    for (auto const& c : cases) EXPECT_EQ(result_type(asking(c.accept)), c.expected) << c.accept;
}

TEST(Negotiation, TheFormatOfTheQueryWinsOverAccept) {
    struct {
        char const* target;
        ResultType expected;
    } const cases[] = {
        {"/api/Notes?_format=json", ResultType::json},
        {"/api/Notes?_format=JSON", ResultType::json},
        {"/api/Notes?_format=jsonp&callback=cb", ResultType::none},
        {"/api/Notes?_format=xml", ResultType::none},
        {"/api/Notes?_format[]=json", ResultType::none},
        {"/api/Notes?_format=application/vnd.api%2Bjson", ResultType::json_api},
        {"/api/Notes?_format=", ResultType::none},
    };
    for (auto const& c : cases) EXPECT_EQ(result_type(asking("text/html", c.target)), c.expected) << c.target;
}

TEST(Negotiation, TheDefaultTypeOfErrorsIsForThoseWhoTakeNeither) {
    auto const by_default = read_error_form(parse_json(R"({"defaultType": "html"})"));
    EXPECT_TRUE(prefers_html(asking("image/png"), by_default));
    EXPECT_FALSE(prefers_html(asking("image/png")));
    EXPECT_FALSE(prefers_html(asking("application/json"), by_default));
    auto const always = read_error_form(parse_json(R"({"defaultType": "text/html", "negotiateContentType": false})"));
    EXPECT_TRUE(prefers_html(asking("application/json"), always));
}

TEST(Negotiation, ErrorsArePagesForThoseWhoPreferHtml) {
    struct {
        char const* accept;
        bool expected;
    } const cases[] = {
        {"", false},
        {"*/*", false},
        {"text/html", true},
        {"text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", true},
        {"application/json, text/html", false},
        {"text/html, application/json", true},
        {"text/html;q=0.5, application/json", false},
        {"image/png", false},
        {"text/html;q=0", false},
    };
    for (auto const& c : cases) EXPECT_EQ(prefers_html(asking(c.accept)), c.expected) << c.accept;
    EXPECT_TRUE(prefers_html(asking("", "/api/x?_format=html")));
    EXPECT_FALSE(prefers_html(asking("text/html", "/api/x?_format=json")));
}

}  // namespace
}  // namespace sallyport::rest

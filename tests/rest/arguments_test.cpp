#include "rest/arguments.hpp"

#include "http/gzip.hpp"
#include "query/parse.hpp"
#include "sallyport/error.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace sallyport::rest {
namespace {

using Source = ArgumentSpec::Source;

ArgumentSpec argument(std::string name, std::string type, Source source = Source::unspecified) {
    ArgumentSpec spec;
    spec.name = std::move(name);
    spec.type.name = std::move(type);
    spec.source = source;
    return spec;
}

Request posting(std::string target, std::string type, std::string body) {
    Request request;
    request.verb = "POST";
    request.target = std::move(target);
    if (!type.empty()) request.headers.emplace_back("Content-Type", std::move(type));
    request.body = std::move(body);
    return request;
}

// The arguments as JSON, or the error's status and message.
std::string read(std::vector<ArgumentSpec> accepts, Request const& request, PathParameters const& path = {},
                 InputRules const& rules = {}) {
    definition::Registry const models;
    MethodSpec method;
    method.accepts = std::move(accepts);
    try {
        auto const query = query::read_query(request.query(), false);
        auto const body = read_body(request, rules);
        auto const arguments = read_arguments(method, {request, path, query, body}, models, rules);
        require_arguments(method, arguments);
        return to_text(arguments);
    } catch (Error const& error) {
        return std::to_string(error.status) + " " + error.name + ": " + error.message;
    }
}

constexpr char const* json = "application/json";
constexpr char const* form = "application/x-www-form-urlencoded";

TEST(Arguments, ComeFromThePathThenTheBodyThenTheQueryThenAHeader) {
    PathParameters path;
    path.add("id", "7");
    auto const id = argument("id", "number");
    EXPECT_EQ(read({id}, posting("/x?id=1", json, R"({"id":2})"), path), R"({"id":7})");
    EXPECT_EQ(read({id}, posting("/x?id=1", json, R"({"id":2})")), R"({"id":2})");
    EXPECT_EQ(read({id}, posting("/x?id=1", json, "{}")), R"({"id":1})");
    auto request = posting("/x", "", "");
    request.headers.emplace_back("ID", "3");
    EXPECT_EQ(read({id}, request), R"({"id":3})");
    EXPECT_EQ(read({id}, posting("/x", "", "")), "{}");
}

TEST(Arguments, ComeFromWhereTheyAreDeclaredOnly) {
    auto request = posting("/x?q=query", json, R"({"q":"body"})");
    request.headers.emplace_back("q", "header");
    EXPECT_EQ(read({argument("q", "string", Source::query)}, request), R"({"q":"query"})");
    EXPECT_EQ(read({argument("q", "string", Source::header)}, request), R"({"q":"header"})");
    EXPECT_EQ(read({argument("q", "string", Source::form)}, request), R"({"q":"body"})");
    EXPECT_EQ(read({argument("q", "string", Source::path)}, request), "{}");
    EXPECT_EQ(read({argument("q", "object", Source::body)}, request), R"({"q":{"q":"body"}})");
    EXPECT_EQ(read({argument("options", "object", Source::options)}, posting("/x", json, R"({"options":{"a":1}})")),
              "{}");
}

TEST(Arguments, OnlyJsonBodiesHaveTypes) {
    auto const a = argument("a", "number");
    EXPECT_EQ(read({a}, posting("/x", form, "a=1")), R"({"a":1})");
    EXPECT_EQ(read({a}, posting("/x", json, R"({"a":"1"})")), "400 Error: Value is not a number.");
    EXPECT_EQ(read({a}, posting("/x?a=1", json, "{}")), R"({"a":1})");
    EXPECT_EQ(read({argument("v", "object", Source::body)}, posting("/x", form, "a=1&b[c]=2")),
              R"({"v":{"a":"1","b":{"c":"2"}}})");
}

TEST(Arguments, AFilterIsJsonTextOrBrackets) {
    auto const filter = argument("filter", "object");
    EXPECT_EQ(read({filter}, posting("/x?filter=%7B%22limit%22%3A1%7D", "", "")), R"({"filter":{"limit":1}})");
    EXPECT_EQ(read({filter}, posting("/x?filter[where][a]=1", "", "")), R"({"filter":{"where":{"a":"1"}}})");
    EXPECT_EQ(read({filter}, posting("/x?filter={bad", "", "")), "400 Error: Value is not an object.");
    EXPECT_EQ(read({filter}, posting("/x?filter={bad}", "", "")), "400 Error: Cannot parse JSON-encoded object value.");
}

TEST(Arguments, RequiredOnesMustSaySomething) {
    auto spec = argument("v", "string");
    spec.required = true;
    for (auto const* target : {"/x", "/x?v="}) {
        EXPECT_EQ(read({spec}, posting(target, "", "")), "400 Error: v is a required argument");
    }
    EXPECT_EQ(read({spec}, posting("/x", json, R"({"v":""})")), "400 Error: v is a required argument");
    EXPECT_EQ(read({spec}, posting("/x?v=null", "", "")), R"({"v":"null"})");
    EXPECT_EQ(read({argument("v", "date")}, posting("/x?v=abc", "", "")),
              "400 Error: Invalid argument \"v\". Value is not a valid date.");
}

TEST(Arguments, DefaultsAreNotFilledIn) {
    auto spec = argument("v", "string");
    spec.default_value = "dflt";
    EXPECT_EQ(read({spec}, posting("/x", "", "")), "{}");
}

TEST(Arguments, BodiesOfOtherTypesAreAsIfThereWereNone) {
    auto const data = argument("data", "object", Source::body);
    struct {
        char const* type;
        char const* body;
        char const* expected;
    } const cases[] = {
        {"text/plain", R"({"a":1})", R"({"data":{}})"},
        {"", R"({"a":1})", R"({"data":{}})"},
        {"application/vnd.api+json", R"({"a":1})", R"({"data":{}})"},
        {"multipart/form-data; boundary=x", "a=1", R"({"data":{}})"},
        {json, "", R"({"data":{}})"},
        {json, "null", R"({"data":null})"},
        {json, "12", "400 Error: Value is not an object."},
        {json, "\"text\"", "400 Error: Value is not an object."},
        {json, "[]", "400 Error: Value is not an object."},
        {"Application/JSON; charset=UTF-8", R"({"a":1})", R"({"data":{"a":1}})"},
        {"application/json; charset=\"utf-8\"", R"({"a":1})", R"({"data":{"a":1}})"},
        {"application/json; charset=latin9", "{}", "415 UnsupportedMediaTypeError: unsupported charset \"LATIN9\""},
        {"application/x-www-form-urlencoded; charset=latin1", "a=1",
         "415 UnsupportedMediaTypeError: unsupported charset \"LATIN1\""},
    };
    InputRules rules;
    rules.refuse_unread = false;
    for (auto const& c : cases) EXPECT_EQ(read({data}, posting("/x", c.type, c.body), {}, rules), c.expected) << c.type;
}

TEST(Arguments, ABodyOfAnotherTypeIsRefusedWhereArgumentsComeFromIt) {
    auto const data = argument("data", "object", Source::body);
    EXPECT_EQ(read({data}, posting("/x", "text/plain; charset=utf-8", "a")),
              "415 UnsupportedMediaTypeError: unsupported media type \"text/plain\": send application/json");
    EXPECT_EQ(read({argument("a", "any", Source::form)}, posting("/x", "", "a=1")),
              "415 UnsupportedMediaTypeError: the body has no Content-Type: send application/json");
    EXPECT_EQ(read({data}, posting("/x", "text/plain", "")), R"({"data":{}})");
    EXPECT_EQ(read({argument("a", "any", Source::query)}, posting("/x?a=1", "text/plain", "read as it is")),
              R"({"a":1})");
}

TEST(Arguments, AByteOrderMarkBeforeJsonIsPassedOver) {
    auto const whole = argument("data", "object", Source::body);
    EXPECT_EQ(read({whole}, posting("/x", json, "\xEF\xBB\xBF{\"a\":1}")), R"({"data":{"a":1}})");
}

TEST(Arguments, WhatIsNoJsonIsSaidToBeASyntaxErrorAndWhere) {
    for (auto const* text : {"{\"title\":", "{title:1}", "{]", "nope", "{\"a\":1} x", "{\"a\":1,\"a\":2}"}) {
        auto const answer = read({argument("data", "object", Source::body)}, posting("/x", json, text));
        EXPECT_TRUE(answer.starts_with("400 SyntaxError: ")) << answer;
        EXPECT_TRUE(answer.contains("(line 1, column ")) << answer;
    }
    InputRules rules;
    rules.refuse_duplicates = false;
    EXPECT_EQ(read({argument("data", "object", Source::body)}, posting("/x", json, R"({"a":1,"a":2})"), {}, rules),
              R"({"data":{"a":2}})");
}

TEST(Arguments, ABodyTooLargeOrInAnUnknownCodingIsRefused) {
    InputRules rules;
    rules.json_limit = 10;
    auto const data = argument("data", "object", Source::body);
    EXPECT_EQ(read({data}, posting("/x", json, R"({"a":1234})"), {}, rules), R"({"data":{"a":1234}})");
    EXPECT_EQ(read({data}, posting("/x", json, R"({"a":12345})"), {}, rules),
              "413 PayloadTooLargeError: request entity too large");
    auto request = posting("/x", json, "{}");
    request.headers.emplace_back("Content-Encoding", "br");
    EXPECT_EQ(read({data}, request), "415 UnsupportedMediaTypeError: unsupported content encoding \"br\"");
}

TEST(Arguments, ACompressedBodyIsReadNoFurtherThanAnyOther) {
    auto const data = argument("data", "object", Source::body);
    InputRules rules;
    rules.json_limit = 100;
    auto const answer = [&](char const* coding, std::string body) {
        auto request = posting("/x", json, std::move(body));
        request.headers.emplace_back("Content-Encoding", coding);
        return read({data}, request, {}, rules);
    };
    auto const compressed = http::gzip(R"({"a":1})");

    EXPECT_EQ(answer("gzip", compressed), R"({"data":{"a":1}})");
    EXPECT_EQ(answer("GZIP", compressed), R"({"data":{"a":1}})");
    EXPECT_EQ(answer("identity", R"({"a":1})"), R"({"data":{"a":1}})");
    EXPECT_EQ(answer("gzip", http::gzip(R"({"a":")" + std::string(1000, 'x') + R"("})")),
              "413 PayloadTooLargeError: request entity too large");
    EXPECT_EQ(answer("gzip", R"({"a":1})"), "400 Error: incorrect header check");
    EXPECT_EQ(answer("gzip", compressed.substr(0, compressed.size() - 9)), "400 Error: unexpected end of file");
}

TEST(Arguments, AFormHasAThousandParametersAtMost) {
    auto const form_of = [](int parameters) {
        std::string text = "a=1";
        for (int i = 1; i < parameters; ++i) text += "&b=1";
        return posting("/x", "application/x-www-form-urlencoded", text);
    };
    InputRules rules;
    rules.refuse_duplicates = false;
    auto const a = argument("a", "number", Source::form);

    EXPECT_EQ(read({a}, form_of(1000), {}, rules), R"({"a":1})");
    EXPECT_EQ(read({a}, form_of(1001), {}, rules), "413 PayloadTooLargeError: too many parameters");
}

TEST(Arguments, TheRecordAskedAboutIsNamedByThePathOrAnArgumentOfTheMethod) {
    struct {
        char const* record_argument;
        char const* arguments;
        char const* asked;
    } const cases[] = {
        {"id", R"({"id":2})", "2"},
        {"id", R"({"id":"2"})", R"("2")"},
        {"id", R"({"data":{"id":2}})", "undefined"},  // The method does not act on it.
        {"data", R"({"data":{"code":3,"id":2}})", "3"},
        {"data", R"({"data":{"id":2}})", "undefined"},
        {"data", R"({"data":{"code":[3]}})", "undefined"},
        {"data", R"({"id":2})", "undefined"},
    };
    for (auto const& [record_argument, arguments, asked] : cases) {
        MethodSpec method;
        method.record_argument = record_argument;
        auto const given = parse_json(arguments).as_object();
        PathParameters path;
        auto const id = asked_id(method, path, given, "code");
        EXPECT_EQ(id.is_undefined() ? "undefined" : to_text(id), asked) << arguments;
        path.add("id", "02");
        EXPECT_EQ(asked_id(method, path, given, "code"), Json{"02"});
    }
}

}  // namespace
}  // namespace sallyport::rest

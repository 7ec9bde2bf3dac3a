#include "rest/reply.hpp"

#include "no_model.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace sallyport::rest {
namespace {

std::string body_of(Response const& response) { return std::get<std::string>(response.body); }

Request asking(std::string accept = "") {
    Request request;
    request.verb = "GET";
    request.target = "/api/Calc/add";
    if (!accept.empty()) request.headers.emplace_back("Accept", std::move(accept));
    return request;
}

// A method that has run, replied to.
struct Call {
    MethodSpec method{};
    Result result{};
    Request request = asking();
    int status = 0;
    Headers headers{};

    Response reply() {
        NoModel model;
        Caller const nobody;
        Invocation invocation{model, method, nobody, request, {}, {}, {}, std::move(result), status, headers};
        return result_reply(invocation);
    }
};

MethodSpec returning(std::vector<ReturnSpec> returns) {
    MethodSpec method;
    method.returns = std::move(returns);
    return method;
}

ReturnSpec named(std::string name) {
    ReturnSpec spec;
    spec.name = std::move(name);
    return spec;
}

ReturnSpec root(std::string name) {
    auto spec = named(std::move(name));
    spec.root = true;
    return spec;
}

TEST(Reply, ErrorsHaveLoopBacksShapeAndOrder) {
    struct {
        Error error;
        int status;
        std::string body;
    } const cases[] = {
        {Error{404, "not here", "GONE"}, 404,
         R"({"error":{"statusCode":404,"name":"Error","message":"not here","code":"GONE"}})"},
        {Error{422, "bad"}.with_name("ValidationError").with_details(JsonObject{{"a", 1}}), 422,
         R"({"error":{"statusCode":422,"name":"ValidationError","message":"bad","details":{"a":1}}})"},
        {Error{500, "secret"}, 500, R"({"error":{"statusCode":500,"message":"Internal Server Error"}})"},
        {Error{503, "busy", "BUSY"}, 503, R"({"error":{"statusCode":503,"message":"Service Unavailable"}})"},
        {Error{501, "no body"}, 501, R"({"error":{"statusCode":501,"message":"Not Implemented"}})"},
        {Error{504, "x"}, 504, R"({"error":{"statusCode":504,"message":"Gateway Time-out"}})"},
        {Error{511, "x"}, 511, R"({"error":{"statusCode":511,"message":"Network Authentication Required"}})"},
        {Error{599, "x"}, 599, R"({"error":{"statusCode":599,"message":"Unknown Error"}})"},
        {Error{302, "x"}, 500, R"({"error":{"statusCode":500,"message":"Internal Server Error"}})"},
        {Error{500, "x"}.with_details(JsonArray{nullptr}), 500,
         R"({"error":{"statusCode":500,"message":"Failed with multiple errors, see `details` for more information.")"
         R"(,"details":[null]}})"},
    };
    for (auto const& c : cases) {
        auto const response = error_reply(c.error, asking());
        EXPECT_EQ(response.status, c.status);
        EXPECT_EQ(body_of(response), c.body);
        EXPECT_EQ(response.header("Content-Type"), "application/json; charset=utf-8");
        EXPECT_EQ(response.header("X-Content-Type-Options"), "nosniff");
    }
}

TEST(Reply, WhileDevelopingFailuresAreTold) {
    EXPECT_EQ(body_of(error_reply(Error{500, "why"}, asking(), {.candour = Candour::open})),
              R"({"error":{"statusCode":500,"name":"Error","message":"why"}})");
}

TEST(Reply, ErrorsTakeTheFormThatMiddlewareJsonSays) {
    auto const shown = [](char const* params, Error const& error) {
        return body_of(error_reply(error, asking(), read_error_form(parse_json(params))));
    };
    Error const broken{503, "down for repairs", "REPAIRS"};
    EXPECT_EQ(shown("{}", broken), R"({"error":{"statusCode":503,"message":"Service Unavailable"}})");
    EXPECT_EQ(shown(R"({"safeFields": ["code"]})", broken),
              R"({"error":{"statusCode":503,"message":"Service Unavailable","code":"REPAIRS"}})");
    EXPECT_EQ(shown(R"({"safeFields": "message"})", broken),
              R"({"error":{"statusCode":503,"message":"down for repairs"}})");
    EXPECT_EQ(shown(R"({"debug": true})", broken),
              R"({"error":{"statusCode":503,"name":"Error","message":"down for repairs","code":"REPAIRS"}})");
    EXPECT_EQ(shown(R"({"rootProperty": "fault"})", Error{404, "no"}),
              R"({"fault":{"statusCode":404,"name":"Error","message":"no"}})");
    EXPECT_EQ(shown(R"({"rootProperty": false})", Error{404, "no"}),
              R"({"statusCode":404,"name":"Error","message":"no"})");
}

TEST(Reply, AnErrorMaySayWhenToComeBack) {
    EXPECT_EQ(error_reply(Error{429, "later"}.with_retry_after(30), asking()).header("Retry-After"), "30");
    EXPECT_EQ(error_reply(Error{429, "later"}, asking()).header("Retry-After"), "");
}

TEST(Reply, APageShowsAnErrorWithoutTrustingIt) {
    auto const response = error_reply(Error{404, "Cannot GET /<script>\"&"}, asking("text/html"));
    EXPECT_EQ(response.header("Content-Type"), "text/html; charset=utf-8");
    EXPECT_TRUE(body_of(response).contains("Cannot GET /&lt;script&gt;&quot;&amp;"));
    EXPECT_FALSE(body_of(response).contains("<script>"));
}

TEST(Reply, ResultsHaveTheFormThatReturnsSay) {
    struct {
        std::vector<ReturnSpec> returns;
        Result result;
        int status;
        std::string body;
    } const cases[] = {
        {{}, std::monostate{}, 204, ""},
        {{}, Json{1}, 204, ""},
        {{named("sum")}, Json{3}, 200, R"({"sum":3})"},
        {{named("sum")}, Json{}, 200, "{}"},
        {{named("sum")}, Json{nullptr}, 200, R"({"sum":null})"},
        {{named("a"), named("b")}, JsonObject{{"b", 2}, {"a", 1}, {"c", 3}}, 200, R"({"a":1,"b":2})"},
        {{root("x")}, JsonObject{{"hello", "world"}}, 200, R"({"hello":"world"})"},
        {{root("x")}, Json{nullptr}, 200, "null"},
        {{root("x")}, Json{"text"}, 200, R"("text")"},
        {{root("x")}, Json{false}, 200, "false"},
        {{root("x")}, Json{}, 204, ""},
        {{root("x")}, JsonText{"[1]"}, 200, "[1]"},
        {{named("list")}, JsonText{"[1]"}, 200, R"({"list":[1]})"},
    };
    for (auto const& c : cases) {
        auto const response = Call{.method = returning(c.returns), .result = c.result}.reply();
        EXPECT_EQ(response.status, c.status) << c.body;
        EXPECT_EQ(body_of(response), c.body);
        if (c.status == 200) {
            EXPECT_EQ(response.header("Content-Type"), "application/json; charset=utf-8");
        }
    }
}

TEST(Reply, ReturnsMayGoToAHeaderOrTheStatus) {
    auto where = named("loc");
    where.target = ReturnSpec::Target::header;
    where.header = "X-Where";
    auto code = named("code");
    code.target = ReturnSpec::Target::status;
    Json const result = JsonObject{{"msg", "hi"}, {"loc", "/somewhere"}, {"code", 202}};

    auto const response = Call{.method = returning({named("msg"), where, code}), .result = result}.reply();

    EXPECT_EQ(response.status, 202);
    EXPECT_EQ(response.header("X-Where"), "/somewhere");
    EXPECT_EQ(body_of(response), R"({"msg":"hi"})");
}

TEST(Reply, AHeaderCannotEndTheHeader) {
    auto where = named("loc");
    where.target = ReturnSpec::Target::header;
    Call call{.method = returning({where}), .result = Json{"/a\r\nSet-Cookie: x"}};
    EXPECT_THROW(call.reply(), Error);
}

TEST(Reply, TheStatusOfSuccessIsTheMethodsThenTheCalls) {
    auto method = returning({root("x")});
    method.status = 201;
    EXPECT_EQ((Call{.method = method, .result = Json{1}}.reply().status), 201);
    EXPECT_EQ((Call{.method = method, .result = Json{1}, .status = 202}.reply().status), 202);
}

TEST(Reply, WhoTakesNoJsonGetsNone) {
    auto const response =
        Call{.method = returning({root("x")}), .result = Json{1}, .request = asking("text/html")}.reply();
    EXPECT_EQ(response.status, 406);
    EXPECT_EQ(response.header("Content-Type"), "text/plain; charset=utf-8");
    EXPECT_EQ(body_of(response), "Not Acceptable");
}

}  // namespace
}  // namespace sallyport::rest

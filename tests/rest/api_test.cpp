#include "rest/api.hpp"

#include "auth/role.hpp"
#include "sallyport/error.hpp"
#include "small_app.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace sallyport::rest {
namespace {

std::map<std::string, std::string> const files{
    {"server/config.json", R"({"restApiRoot": "/api"})"},
    {"server/datasources.json", R"({"db": {"name": "db", "connector": "memory"}})"},
    {"server/model-config.json", R"({
        "_meta": {"sources": ["loopback/common/models", "../common/models"]},
        "AccessToken": {"dataSource": "db", "public": false}, "Customer": {"dataSource": "db"},
        "Memo": {"dataSource": "db"}, "Calc": {"dataSource": null, "public": true},
        "Hidden": {"dataSource": null, "public": false}})"},
    {"common/models/customer.json", R"({"name": "Customer", "base": "User"})"},
    {"common/models/memo.json", R"({"name": "Memo", "base": "PersistedModel", "properties": {"text": "string"},
        "relations": {"owner": {"type": "belongsTo", "model": "Customer", "foreignKey": "ownerId"}},
        "acls": [{"principalType": "ROLE", "principalId": "$everyone", "permission": "DENY"},
                 {"principalType": "ROLE", "principalId": "$owner", "permission": "ALLOW", "property": ["shout", "peek"]},
                 {"principalType": "ROLE", "principalId": "dancer", "permission": "ALLOW", "property": "whoami"},
                 {"principalType": "ROLE", "principalId": "$authenticated", "permission": "ALLOW", "property": ["peek", "whoami"]}],
        "methods": {"prototype.whoami": {"accepts": {"arg": "options", "type": "object", "http": "optionsFromRequest"},
                        "returns": {"arg": "options", "type": "object"}, "http": {"verb": "get"}},
                    "prototype.shout": {"returns": {"arg": "text", "type": "string"}, "http": {"verb": "get"}},
                    "prototype.peek": {"accepts": [{"arg": "n", "type": "number", "required": true}],
                                       "returns": {"arg": "id", "type": "any"}, "http": {"verb": "get"}}}})"},
    {"common/models/calc.json", R"({"name": "Calc", "base": "Model", "plural": "Calc", "methods": {
        "add": {"accepts": [{"arg": "a", "type": "number", "required": true}, {"arg": "b", "type": "number"}],
                "returns": {"arg": "sum", "type": "number"}, "http": {"verb": "get"}},
        "fail": {"accepts": {"arg": "status", "type": "number"}, "http": {"verb": "get"}},
        "rows": {"accepts": {"arg": "rows", "type": "object", "allowArray": true, "http": {"source": "body"}},
                 "returns": {"arg": "count", "type": "number"}},
        "teapot": {"http": {"verb": "get", "errorStatus": 418}},
        "crash": {"http": {"verb": "get", "errorStatus": 418}},
        "declared": {"http": {"verb": "get"}}}})"},
    {"common/models/hidden.json",
     R"({"name": "Hidden", "base": "Model", "methods": {"x": {"http": {"verb": "get"}}}})"},
};

Task<Result> add(Invocation& call) {
    auto const& b = call.argument("b");
    co_return Json{call.argument("a").as_number() + (b.is_number() ? b.as_number() : 0)};
}

Task<Result> rows(Invocation& call) {
    auto const& rows = call.argument("rows");
    co_return Json{rows.is_array() ? rows.as_array().size() : 1};
}

Task<Result> fail(Invocation& call) { throw Error{static_cast<int>(call.argument("status").as_number()), "failed"}; }

Task<Result> teapot(Invocation&) { throw Error{0, "short and stout"}; }

Task<Result> crash(Invocation&) { throw std::runtime_error{"a cause\nfrom below"}; }

Task<Result> shout(Invocation& call) { co_return Json{call.instance["text"].as_string() + "!"}; }

Task<Result> peek(Invocation& call) { co_return call.id; }

class ApiTest : public testing::Test {
protected:
    ApiTest() {
        app.model("Calc").add_method("add", add);
        app.model("Calc").add_method("fail", fail);
        app.model("Calc").add_method("rows", rows);
        app.model("Calc").add_method("teapot", teapot);
        app.model("Calc").add_method("crash", crash);
        app.model("Memo").add_method("prototype.shout", shout);
        app.model("Memo").add_method("prototype.peek", peek);
        parts.rules.user_literal = "me";
    }

    // A session of that customer: the clear token.
    std::string token_of(int customer) {
        std::string clear;
        wait_for(app.store->write(
            [&](store::Transaction& transaction) -> Task<> { return mint(tokens, transaction, customer, clear); }));
        return clear;
    }

    Response ask(std::string verb, std::string target, std::string token = {}, std::string body = {}) {
        Request request;
        request.verb = std::move(verb);
        request.target = std::move(target);
        if (!token.empty()) request.headers.emplace_back("Authorization", std::move(token));
        if (!body.empty()) request.headers.emplace_back("Content-Type", "application/json");
        request.body = std::move(body);
        if (!api) api = std::make_unique<Api>(parts);
        return wait_for(api->answer(request));
    }

    // "200 body"
    std::string answer(std::string verb, std::string target, std::string token = {}, std::string body = {}) {
        auto const response = ask(std::move(verb), std::move(target), std::move(token), std::move(body));
        return std::to_string(response.status) + " " + std::get<std::string>(response.body);
    }

    SmallApp app{files};
    auth::RoleResolvers resolvers;
    auth::AccessTokens tokens{*app.store, app.clock, {}, {"Customer"}};
    auth::Access access{{.without_rule = auth::Access::Default::allow, .models = &app.project.models},
                        auth::role_check(*app.models, resolvers),
                        auth::stored_rules(*app.models)};
    ApiParts parts{.models = *app.models,
                   .tokens = tokens,
                   .access = access,
                   .plain_routes = {},
                   .files = {},
                   .rules = {},
                   .clock = &app.clock};
    std::unique_ptr<Api> api;

private:
    static Task<> mint(auth::AccessTokens& tokens, store::Transaction& transaction, int customer, std::string& clear) {
        Request const request;
        auto const token =
            co_await tokens.mint(transaction, auth::ProofOf::password("Customer", Json{customer}), {}, request);
        clear = token.id;
    }
};

TEST_F(ApiTest, AMethodIsFoundReadRunAndAnswered) {
    EXPECT_EQ(answer("GET", "/api/Calc/add?a=1&b=2"), R"(200 {"sum":3})");
    EXPECT_EQ(answer("GET", "/API/calc/ADD/?a=1"), R"(200 {"sum":1})");
    EXPECT_EQ(answer("GET", "/api/Calc/add"),
              R"(400 {"error":{"statusCode":400,"name":"Error","message":"a is a required argument"}})");
}

TEST_F(ApiTest, MethodsOfModelsThatAreNotPublicAreNotThere) { EXPECT_EQ(ask("GET", "/api/Hiddens/x").status, 404); }

TEST_F(ApiTest, AnObjectMayBeAnArrayOfThemWhereTheArgumentSaysSo) {
    EXPECT_EQ(answer("POST", "/api/Calc/rows", {}, R"([{"a":1},{}])"), R"(200 {"count":2})");
    EXPECT_EQ(answer("POST", "/api/Calc/rows", {}, R"({"a":1})"), R"(200 {"count":1})");
}

TEST_F(ApiTest, ABodyThatCannotBeReadIsRefusedBeforeARouteIsLookedFor) {
    for (auto const* target : {"/api/nothing", "/api/Calc/nothing"}) {
        EXPECT_EQ(ask("POST", target, {}, "{bad}").status, 400) << target;
        EXPECT_EQ(ask("POST", target, {}, "{}").status, 404) << target;
    }
}

TEST_F(ApiTest, ErrorsWithoutAStatusTakeTheMethods) {
    EXPECT_EQ(answer("GET", "/api/Calc/teapot"),
              R"(418 {"error":{"statusCode":418,"name":"Error","message":"short and stout"}})");
    EXPECT_EQ(ask("GET", "/api/Calc/fail?status=409").status, 409);
    EXPECT_EQ(answer("GET", "/api/Calc/fail?status=0"),
              R"(500 {"error":{"statusCode":500,"message":"Internal Server Error"}})");
}

TEST_F(ApiTest, ACauseFromBelowGoesToTheLogInOneLine) {
    testing::internal::CaptureStderr();
    EXPECT_EQ(answer("GET", "/api/Calc/crash"),
              R"(500 {"error":{"statusCode":500,"message":"Internal Server Error"}})");
    EXPECT_EQ(testing::internal::GetCapturedStderr(), "error: Calc.crash: a cause from below\n");
}

TEST_F(ApiTest, AMethodThatNobodyGaveABodyIsNotImplemented) {
    EXPECT_EQ(answer("GET", "/api/Calc/declared"), R"(501 {"error":{"statusCode":501,"message":"Not Implemented"}})");
    auto const names = api->without_body();
    EXPECT_NE(std::ranges::find(names, "Calc.declared"), names.end());
    EXPECT_EQ(std::ranges::find(names, "Calc.add"), names.end());
}

TEST_F(ApiTest, ArgumentsAreConvertedBeforeAccessAndRequiredAfter) {
    app.create("Memo", JsonObject{{"text", "a"}});
    EXPECT_EQ(ask("GET", "/api/Memos/1/peek?n=x").status, 400);
    EXPECT_EQ(ask("GET", "/api/Memos/1/peek").status, 401);
    EXPECT_EQ(ask("GET", "/api/Memos/9/peek", token_of(1)).status, 404);
    EXPECT_EQ(ask("GET", "/api/Memos/1/peek", token_of(1)).status, 400);
    EXPECT_EQ(answer("GET", "/api/Memos/1/peek?n=1", token_of(1)), R"(200 {"id":1})");
}

TEST_F(ApiTest, AnInstanceMethodHasItsRecordOrIs404) {
    app.create("Memo", JsonObject{{"text", "mine"}, {"ownerId", 2}});
    EXPECT_EQ(answer("GET", "/api/Memos/1/shout", token_of(2)), R"(200 {"text":"mine!"})");
    EXPECT_EQ(ask("GET", "/api/Memos/1/shout", token_of(3)).status, 403);
    EXPECT_EQ(ask("GET", "/api/Memos/9/shout", token_of(2)).status, 403);
    EXPECT_EQ(answer("GET", "/api/Memos/abc/peek?n=1", token_of(2)),
              R"(404 {"error":{"statusCode":404,"name":"Error","message":"could not find a model with id abc",)"
              R"("code":"MODEL_NOT_FOUND"}})");
}

Task<> only_own(HookContext& context) {
    auto const* caller = context.options.caller;
    if (caller != nullptr) context.filter->where = all_of({context.filter->where, equals("ownerId", caller->user_id)});
    co_return;
}

// Also where access has read the record for $owner, as the program.
TEST_F(ApiTest, HooksSayWhichRecordsAnInstanceMethodMayBeAbout) {
    app.model("Memo").observe(Moment::access, only_own);
    app.create("Memo", JsonObject{{"text", "a"}, {"ownerId", 1}});
    EXPECT_EQ(answer("GET", "/api/Memos/1/peek?n=1", token_of(1)), R"(200 {"id":1})");
    EXPECT_EQ(ask("GET", "/api/Memos/1/peek?n=1", token_of(2)).status, 404);
    EXPECT_EQ(answer("GET", "/api/Memos/1/shout", token_of(1)), R"(200 {"text":"a!"})");
}

TEST_F(ApiTest, TheIdOfAClientThatHasNoneIsMissing) {
    EXPECT_EQ(answer("GET", "/api/Memos/null/peek?n=1", token_of(2)),
              R"(400 {"error":{"statusCode":400,"name":"Error","message":"id is a required argument"}})");
}

TEST_F(ApiTest, TheLiteralStandsForTheCallersId) {
    app.create("Memo", JsonObject{{"text", "first"}});
    EXPECT_EQ(answer("GET", "/api/Memos/me/peek?n=1", token_of(1)), R"(200 {"id":1})");
    EXPECT_EQ(ask("GET", "/api/Memos/me/peek?n=1").status, 401);
    EXPECT_EQ(ask("GET", "/api/Memos/me/nothing").status, 401);  // As in LoopBack, before a route is looked for.
    EXPECT_EQ(ask("GET", "/api/Memos/men/nothing").status, 404);
    EXPECT_NE(answer("GET", "/api/Memos/me/nothing", token_of(1)).find("GET /1/nothing"), std::string::npos);
}

TEST_F(ApiTest, HooksStandAroundTheBody) {
    std::vector<std::string> seen;
    auto const note = [&seen](std::string what) {
        return [&seen, what = std::move(what)](Invocation&) -> Task<> {
            seen.push_back(what);
            return []() -> Task<> { co_return; }();
        };
    };
    auto& calc = app.model("Calc");
    calc.before_remote("add", note("before"));
    calc.after_remote("*", note("after"));
    calc.after_remote_error("*", note("error"));
    ask("GET", "/api/Calc/add?a=1");
    EXPECT_EQ(seen, (std::vector<std::string>{"before", "after"}));
    seen.clear();
    ask("GET", "/api/Calc/add");
    EXPECT_EQ(seen, (std::vector<std::string>{"before", "error"}));
}

TEST_F(ApiTest, AHookAfterAnErrorSeesItAndMayChangeIt) {
    app.model("Calc").after_remote_error("fail", [](Invocation& call) -> Task<> {
        call.error->code = "WAS_" + std::to_string(call.error->status);
        return []() -> Task<> { co_return; }();
    });
    EXPECT_EQ(answer("GET", "/api/Calc/fail?status=409"),
              R"(409 {"error":{"statusCode":409,"name":"Error","message":"failed","code":"WAS_409"}})");
}

Task<Result> options_of(Invocation& call) { co_return call.argument("options"); }

TEST_F(ApiTest, AMethodThatWantsThemIsToldWhoAsksAndInWhichRoles) {
    resolvers["dancer"] = [](Caller const& caller, Model&, Json) -> Task<bool> { co_return caller.user_id == 2; };
    app.model("Memo").add_method("prototype.whoami", options_of);
    auto const token = token_of(2);
    EXPECT_EQ(answer("GET", "/api/Memos/1/whoami?options={\"x\":1}", token).substr(0, 3), "404");
    app.create("Memo", JsonObject{{"text", "a"}});
    auto const told = parse_json(answer("GET", "/api/Memos/1/whoami?options={\"x\":1}", token).substr(4));
    EXPECT_EQ(told["options"]["accessToken"]["userId"], 2);
    EXPECT_EQ(to_text(told["options"]["authorizedRoles"]), R"({"dancer":true,"$authenticated":true})");
}

TEST_F(ApiTest, WhatIsOutsideTheRootGoesToFilesThenPlainRoutesThenTheStatus) {
    parts.plain_routes[{"GET", "/hello"}] = [](Request const&) -> Task<Response> {
        Response response;
        response.body = "hello";
        co_return response;
    };
    EXPECT_EQ(answer("GET", "/hello"), "200 hello");
    EXPECT_EQ(answer("HEAD", "/hello"), "200 hello");
    EXPECT_EQ(ask("POST", "/hello").status, 404);
    EXPECT_EQ(answer("GET", "/"), R"(200 {"started":"2015-06-01T10:00:00.000Z","uptime":0})");
    EXPECT_EQ(answer("GET", "/nothing?a=1"),
              R"(404 {"error":{"statusCode":404,"name":"Error","message":"Cannot GET /nothing?a=1"}})");
    EXPECT_EQ(ask("POST", "/").status, 404);

    parts.files = [](Request const& request) -> std::optional<Response> {
        if (request.path() != "/") return std::nullopt;
        Response response;
        response.body = "index";
        return response;
    };
    EXPECT_EQ(answer("GET", "/"), "200 index");
}

TEST_F(ApiTest, OurOwnPagesStandBehindEverythingOfTheApp) {
    auto const saying = [](std::string const& text) { return Response{200, {}, text}; };
    parts.own_pages = [&](Request const& request) -> std::optional<Response> {
        if (request.path() == "/nothing") return std::nullopt;
        return saying("ours");
    };
    EXPECT_EQ(answer("GET", "/page"), "200 ours");
    EXPECT_EQ(ask("GET", "/nothing").status, 404);
    EXPECT_EQ(ask("GET", "/api/page").status, 404);

    parts.plain_routes[{"GET", "/page"}] = [&](Request const&) -> Task<Response> { co_return saying("route"); };
    EXPECT_EQ(answer("GET", "/page"), "200 route");
    parts.files = [&](Request const&) { return std::optional{saying("file")}; };
    EXPECT_EQ(answer("GET", "/page"), "200 file");
}

TEST_F(ApiTest, BodiesAreLimitedByTheirType) {
    parts.rules.json_limit = 8;
    parts.rules.form_limit = 20;
    EXPECT_EQ(ask("GET", "/api/Calc/add?a=1", {}, R"({"a":1})").status, 200);
    EXPECT_EQ(answer("GET", "/api/Calc/add?a=1", {}, R"({"a":123})"),
              R"(413 {"error":{"statusCode":413,"name":"PayloadTooLargeError","message":"request entity too large"}})");
    Request request;
    request.headers.emplace_back("Content-Type", "application/x-www-form-urlencoded");
    EXPECT_EQ(api->body_limit(request), 20U);
    auto const refusal = Api::refusal(413, "anything");
    EXPECT_EQ(std::get<std::string>(refusal.body),
              R"({"error":{"statusCode":413,"name":"PayloadTooLargeError","message":"request entity too large"}})");
}

TEST_F(ApiTest, EveryRouteIsListed) {
    ask("GET", "/");
    auto const lines = api->list();
    EXPECT_NE(std::ranges::find(lines, "GET /api/Calc/add  Calc.add"), lines.end());
    EXPECT_NE(std::ranges::find(lines, "GET /api/Memos/:id/shout  Memo.prototype.shout"), lines.end());
    EXPECT_TRUE(std::ranges::is_sorted(lines));
}

}  // namespace
}  // namespace sallyport::rest

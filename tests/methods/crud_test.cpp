#include "methods/crud.hpp"

#include "methods/record_calls.hpp"
#include "small_app.hpp"

namespace sallyport::methods {
namespace {

class Crud : public RecordCalls {
protected:
    using RecordCalls::RecordCalls;

    void create_items(int count) {
        for (int i = 1; i <= count; ++i)
            call("Item", "create", {{"data", JsonObject{{"label", "i" + std::to_string(i)}}}});
    }
};

TEST_F(Crud, MethodsAndRoutesAreLoopBacks) {
    struct Row {
        char const* name;
        char const* routes;
        char const* access_type;
        char const* aliases;
    };
    Row const rows[] = {
        {"create", "POST / ", "WRITE", ""},
        {"patchOrCreate", "PATCH / ", "WRITE", "upsert updateOrCreate "},
        {"replaceOrCreate", "POST /replaceOrCreate PUT / ", "WRITE", ""},
        {"upsertWithWhere", "POST /upsertWithWhere ", "WRITE", "patchOrCreateWithWhere "},
        {"exists", "GET /:id/exists HEAD /:id ", "READ", ""},
        {"findById", "GET /:id ", "READ", ""},
        {"find", "GET / ", "READ", ""},
        {"findOne", "GET /findOne ", "READ", ""},
        {"count", "GET /count ", "READ", ""},
        {"replaceById", "POST /:id/replace PUT /:id ", "WRITE", ""},
        {"updateAll", "POST /update ", "WRITE", "update "},
        {"deleteById", "DELETE /:id ", "WRITE", "destroyById removeById "},
        {"patchAttributes", "PATCH /:id ", "WRITE", "updateAttributes "},
        {"createChangeStream", "POST /change-stream GET /change-stream ", "READ", ""},
    };

    for (auto const& row : rows) {
        SCOPED_TRACE(row.name);
        auto const& spec = method("Item", row.name).spec;
        std::string routes;
        for (auto const& route : spec.http) routes += route.verb + " " + route.path + " ";
        std::string aliases;
        for (auto const& alias : spec.aliases) aliases += alias + " ";
        EXPECT_EQ(routes, row.routes);
        EXPECT_EQ(spec.access_type, row.access_type);
        EXPECT_EQ(aliases, row.aliases);
    }
    EXPECT_TRUE(app["Address"].methods().empty());
}

TEST_F(Crud, CreateTakesOneOrMany) {
    EXPECT_EQ(call("Item", "create", {{"data", JsonObject{{"label", "a"}}}}), R"({"label":"a","qty":1,"id":1})");
    EXPECT_EQ(call("Item", "create", {{"data", JsonArray{JsonObject{{"label", "b"}}, JsonObject{{"label", "c"}}}}}),
              R"([{"label":"b","qty":1,"id":2},{"label":"c","qty":1,"id":3}])");
    EXPECT_EQ(call("Item", "create", {{"data", Json::array()}}), "[]");
    EXPECT_EQ(refusal("Item", "create", {{"data", JsonArray{1}}}), "400 Some of array items are not an object.");
    EXPECT_EQ(refusal("Item", "create", {{"data", "text"}}), "400 Value is not an object.");
    EXPECT_TRUE(refusal("Item", "create", {}).starts_with("422 "));
}

TEST_F(Crud, FindByIdGivesTheFieldsAsked) {
    create_items(1);
    JsonObject const fields{{"fields", JsonArray{"label"}}, {"where", JsonObject{{"label", "other"}}}};

    EXPECT_EQ(call("Item", "findById", {{"id", 1}}), R"({"label":"i1","qty":1,"id":1})");
    EXPECT_EQ(call("Item", "findById", {{"id", "01"}, {"filter", fields}}), R"({"label":"i1"})");
    EXPECT_EQ(call("Item", "findById", {{"id", 1}, {"filter", JsonObject{{"include", "order"}}}}),
              R"({"label":"i1","qty":1,"id":1})");
    EXPECT_EQ(refusal("Item", "findById", {{"id", 9}}), "404 Unknown \"Item\" id \"9\".");
    EXPECT_EQ(refusal("Item", "findById", {{"id", "abc"}}), "404 Unknown \"Item\" id \"abc\".");
}

TEST_F(Crud, OfAFilterOnlyWhatAMethodUsesIsRead) {
    create_items(1);
    JsonObject const bad_where{{"where", 5}, {"limit", "x"}, {"order", 5}, {"fields", JsonArray{"label"}}};
    JsonObject const bad_limit{{"limit", 1.5}, {"fields", JsonArray{"label"}}};

    EXPECT_EQ(call("Item", "findById", {{"id", 1}, {"filter", bad_where}}), R"({"label":"i1"})");
    EXPECT_EQ(call("Item", "findOne", {{"filter", bad_limit}}), R"({"label":"i1"})");
    EXPECT_EQ(refusal("Item", "findOne", {{"filter", bad_where}}), "400 The order 5 is not valid");
    EXPECT_EQ(refusal("Item", "find", {{"filter", bad_limit}}), "400 The limit parameter 1.5 is not valid");

    auto const deep =
        parse_json(R"({"fields": ["label"], "where": )" + std::string(13, '[') + std::string(13, ']') + "}");
    EXPECT_EQ(call("Item", "findById", {{"id", 1}, {"filter", deep}}), R"({"label":"i1"})");
    EXPECT_EQ(refusal("Item", "findOne", {{"filter", deep}}), "400 The query object exceeds maximum depth 12");
}

TEST_F(Crud, ARecordThatWasReadForTheAccessCheckIsNotReadAgain) {
    instance = JsonObject{{"id", 7}, {"name", "handed on"}, {"pin", "1234"}};

    EXPECT_EQ(call("Secret", "findById", {{"id", 7}}), R"({"id":7,"name":"handed on"})");
    EXPECT_EQ(call("Secret", "findById", {{"id", 7}, {"filter", JsonObject{{"fields", JsonArray{"id", "pin"}}}}}),
              R"({"id":7})");
}

TEST_F(Crud, FindAndCountTakeAFilter) {
    create_items(3);

    EXPECT_EQ(call("Item", "find",
                   {{"filter", JsonObject{{"where", JsonObject{{"id", JsonObject{{"gt", 1}}}}}, {"fields", "id"}}}}),
              R"([{"id":2},{"id":3}])");
    EXPECT_EQ(call("Item", "findOne", {{"filter", JsonObject{{"order", "id DESC"}, {"fields", "id"}}}}), R"({"id":3})");
    EXPECT_EQ(refusal("Item", "findOne", {{"filter", JsonObject{{"where", JsonObject{{"id", 9}}}}}}),
              "404 Unknown \"Item\" id \"undefined\".");
    EXPECT_EQ(call("Item", "count", {}), "3");
    EXPECT_EQ(call("Item", "count", {{"where", JsonObject{{"id", 2}}}}), "1");
}

TEST_F(Crud, ExistsAnswersGetAndHead) {
    create_items(1);

    EXPECT_EQ(call("Item", "exists", {{"id", 1}}), "true");
    EXPECT_EQ(call("Item", "exists", {{"id", 9}}), "false");
    request.verb = "HEAD";
    EXPECT_EQ(call("Item", "exists", {{"id", 1}}), "true");
    EXPECT_EQ(refusal("Item", "exists", {{"id", 9}}), "404 Unknown \"Item\" id \"9\".");
}

TEST_F(Crud, ChangesAnswerWithTheRecordOrACount) {
    create_items(2);

    EXPECT_EQ(call("Item", "patchAttributes", {{"data", JsonObject{{"qty", 2}}}}, 1),
              R"({"label":"i1","qty":2,"id":1})");
    EXPECT_EQ(call("Item", "patchAttributes", {}, 1), R"({"label":"i1","qty":2,"id":1})");
    EXPECT_EQ(refusal("Item", "patchAttributes", {}, 9), "404 could not find a model with id 9");
    EXPECT_EQ(call("Item", "replaceById", {{"id", 1}, {"data", JsonObject{{"label", "r"}}}}),
              R"({"label":"r","qty":1,"id":1})");
    EXPECT_EQ(call("Item", "patchOrCreate", {{"data", JsonObject{{"id", 2}, {"qty", 5}}}}),
              R"({"label":"i2","qty":5,"id":2})");
    EXPECT_EQ(call("Item", "replaceOrCreate", {{"data", JsonObject{{"id", 2}, {"label", "s"}}}}),
              R"({"label":"s","qty":1,"id":2})");
    EXPECT_EQ(call("Item", "upsertWithWhere", {{"where", JsonObject{{"id", 2}}}, {"data", JsonObject{{"label", "t"}}}}),
              R"({"label":"t","qty":1,"id":2})");
    EXPECT_EQ(call("Item", "updateAll", {{"where", Json::object()}, {"data", JsonObject{{"qty", 9}}}}),
              R"({"count":2})");
    EXPECT_EQ(call("Item", "deleteById", {{"id", 1}}), R"({"count":1})");
    EXPECT_EQ(call("Item", "deleteById", {{"id", 1}}), R"({"count":0})");
}

TEST_F(Crud, ABulkChangeNeedsACondition) {
    create_items(1);

    EXPECT_EQ(refusal("Item", "updateAll", {{"data", JsonObject{{"qty", 9}}}}), "400 where is a required argument");
    EXPECT_EQ(refusal("Item", "upsertWithWhere", {{"data", JsonObject{{"label", "x"}}}}),
              "400 where is a required argument");
}

TEST_F(Crud, HiddenPropertiesNeverLeave) {
    JsonObject const secret{{"name", "s"}, {"pin", "1234"}, {"hint", "h"}};
    auto const shown = std::string{R"({"name":"s","hint":"h","id":1})"};

    EXPECT_EQ(call("Secret", "create", {{"data", secret}}), shown);
    EXPECT_EQ(call("Secret", "find", {}), "[" + shown + "]");
    EXPECT_EQ(call("Secret", "findById", {{"id", 1}}), shown);
    EXPECT_EQ(call("Secret", "findOne", {}), shown);
    EXPECT_EQ(call("Secret", "replaceById", {{"id", 1}, {"data", secret}}), shown);
    EXPECT_EQ(call("Secret", "patchAttributes", {{"data", JsonObject{{"pin", "9"}}}}, 1), shown);
    EXPECT_EQ(call("Secret", "find", {{"filter", JsonObject{{"fields", JsonArray{"pin", "id"}}}}}), R"([{"id":1}])");
}

TEST_F(Crud, AccessTokensAreNeitherMadeNorChangedAsRecords) {
    for (auto const* name : {"create", "patchOrCreate", "replaceOrCreate", "replaceById"}) {
        EXPECT_TRUE(
            refusal("AccessToken", name, {{"id", "x"}, {"data", JsonObject{{"userId", 1}}}}).starts_with("403 "))
            << name;
    }
    EXPECT_TRUE(refusal("AccessToken", "updateAll", {{"where", Json::object()}}).starts_with("403 "));
    EXPECT_TRUE(refusal("AccessToken", "patchAttributes", {}, "x").starts_with("403 "));
}

TEST_F(Crud, NamedScopesAreFiltersOfTheirOwn) {
    for (auto const& [name, price] : std::vector<std::pair<char const*, int>>{{"a", 1}, {"b", 30}, {"c", 5}}) {
        call("Product", "create", {{"data", JsonObject{{"name", name}, {"price", price}}}});
    }
    JsonObject const names{{"fields", "name"}, {"order", "price DESC"}};

    EXPECT_EQ(call("Product", "__get__cheap", {{"filter", names}}), R"([{"name":"c"},{"name":"a"}])");
    EXPECT_EQ(call("Product", "__count__cheap", {{"where", JsonObject{{"name", "a"}}}}), "1");
    EXPECT_EQ(call("Product", "__create__cheap", {{"data", JsonObject{{"name", "d"}}}}),
              R"({"name":"d","stock":0,"active":true,"id":4})");
    EXPECT_EQ(call("Product", "__get__newest", {{"filter", JsonObject{{"fields", "id"}, {"limit", 1}}}}).size(),
              std::string{R"([{"id":1}])"}.size());
    EXPECT_EQ(call("Product", "__delete__cheap", {}), "");
    EXPECT_EQ(call("Product", "count", {}), "2");
}

Headers headers_of_list(model::StoredModel& model, JsonObject filter) {
    auto const& entries = model.methods();
    auto const found = std::ranges::find_if(entries, [](auto const& entry) { return entry.spec.name == "find"; });
    Caller const caller;
    Request const request{.verb = "GET", .target = {}, .headers = {}, .body = {}, .peer = {}};
    Invocation call{.model = model,
                    .method = found->spec,
                    .caller = caller,
                    .request = request,
                    .arguments = JsonObject{{"filter", std::move(filter)}},
                    .id = {},
                    .instance = {},
                    .result = {},
                    .status = 0,
                    .response_headers = {}};
    wait_for(found->body(call));
    return call.response_headers;
}

TEST(CountedLists, SayHowManyThereAreBeyondWhereTheModelAsksForIt) {
    SmallApp app{{
        {"server/config.json", "{}"},
        {"server/datasources.json", R"({"db": {"connector": "memory"}})"},
        {"server/model-config.json",
         R"({"Counted": {"dataSource": "db", "options": {"listCounts": true}}, "Plain": {"dataSource": "db"}})"},
        {"common/models/counted.json", R"({"name": "Counted", "properties": {"kind": "string"}})"},
        {"common/models/plain.json", R"({"name": "Plain", "properties": {"kind": "string"}})"},
    }};
    add_crud(*app.models, {});
    for (auto const* name : {"Counted", "Plain"}) {
        for (auto const* kind : {"a", "a", "a", "b"}) app.create(name, JsonObject{{"kind", kind}});
    }
    struct Row {
        JsonObject filter;
        char const* range;
        char const* total;
    };
    Row const rows[] = {
        {{{"limit", 2}, {"skip", 1}}, "items 1-2/4", "4"},
        {{{"limit", 2}, {"skip", 3}}, "items 3-3/4", "4"},
        {{{"where", JsonObject{{"kind", "a"}}}}, "items 0-2/3", "3"},
        {{{"limit", 2}, {"skip", 9}}, "items */4", "4"},
    };

    for (auto const& [filter, range, total] : rows) {
        EXPECT_EQ(headers_of_list(app.model("Counted"), filter),
                  (Headers{{"Content-Range", range}, {"X-Total-Count", total}}));
        EXPECT_EQ(headers_of_list(app.model("Plain"), filter), Headers{});
    }
}

}  // namespace
}  // namespace sallyport::methods

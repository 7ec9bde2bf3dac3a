#include "crypto/digest.hpp"
#include "methods/record_calls.hpp"

namespace sallyport::methods {
namespace {

class Relations : public RecordCalls {
protected:
    using RecordCalls::RecordCalls;

    void SetUp() override {
        for (auto const* name : {"p", "q"}) call("Product", "create", {{"data", JsonObject{{"name", name}}}});
        for (auto const& [stars, product] : std::vector<std::pair<int, int>>{{5, 1}, {3, 1}, {1, 2}}) {
            call("Review", "create", {{"data", JsonObject{{"stars", stars}, {"productId", product}}}});
        }
    }
};

TEST_F(Relations, HasManyHasLoopBacksRoutes) {
    std::string routes;
    for (auto const& entry : app["Product"].methods()) {
        if (entry.spec.name.ends_with("__reviews")) {
            routes += entry.spec.name + " " + entry.spec.http[0].verb + " " + entry.spec.http[0].path + " " +
                      entry.spec.access_type + "\n";
        }
    }
    EXPECT_EQ(routes,
              "prototype.__get__reviews GET /:id/reviews READ\n"
              "prototype.__create__reviews POST /:id/reviews WRITE\n"
              "prototype.__delete__reviews DELETE /:id/reviews WRITE\n"
              "prototype.__count__reviews GET /:id/reviews/count READ\n"
              "prototype.__findById__reviews GET /:id/reviews/:fk READ\n"
              "prototype.__updateById__reviews PUT /:id/reviews/:fk WRITE\n"
              "prototype.__destroyById__reviews DELETE /:id/reviews/:fk WRITE\n");
}

TEST_F(Relations, HasManyReadsItsOwnOnly) {
    EXPECT_EQ(call("Product", "__get__reviews", {}, 1),
              R"([{"stars":5,"id":1,"productId":1},{"stars":3,"id":2,"productId":1}])");
    EXPECT_EQ(call("Product", "__get__reviews", {{"filter", JsonObject{{"where", JsonObject{{"productId", 2}}}}}}, 1),
              "[]");
    EXPECT_EQ(call("Product", "__get__reviews",
                   {{"filter", JsonObject{{"order", "stars ASC"}, {"limit", 1}, {"fields", "stars"}}}}, 1),
              R"([{"stars":3}])");
    EXPECT_EQ(call("Product", "__count__reviews", {{"where", JsonObject{{"stars", JsonObject{{"lt", 4}}}}}}, 1), "1");
    EXPECT_EQ(call("Product", "__findById__reviews", {{"fk", 1}}, 1), R"({"stars":5,"id":1,"productId":1})");
    EXPECT_EQ(refusal("Product", "__findById__reviews", {{"fk", 3}}, 1), "404 No instance with id 3 found for Review");
    EXPECT_EQ(refusal("Product", "__findById__reviews", {{"fk", "count"}}, 1),
              "404 No instance with id count found for Review");
    EXPECT_EQ(refusal("Product", "__get__reviews", {}, 99), "404 could not find a model with id 99");
}

TEST_F(Relations, HasManySetsTheForeignKeyItself) {
    EXPECT_EQ(call("Product", "__create__reviews", {{"data", JsonObject{{"stars", 2}, {"productId", 7}}}}, 1),
              R"({"stars":2,"id":4,"productId":1})");
    EXPECT_EQ(call("Product", "__create__reviews", {{"data", JsonArray{JsonObject{{"stars", 1}}}}}, 2),
              R"([{"stars":1,"id":5,"productId":2}])");
    EXPECT_TRUE(refusal("Product", "__create__reviews", {}, 1).starts_with("422 "));
    EXPECT_EQ(refusal("Product", "__create__reviews", {{"data", JsonObject{{"stars", 1}}}}, 99),
              "404 could not find a model with id 99");
    EXPECT_EQ(
        call("Product", "__updateById__reviews", {{"fk", 1}, {"data", JsonObject{{"stars", 4}, {"productId", 1}}}}, 1),
        R"({"stars":4,"id":1,"productId":1})");
    EXPECT_EQ(refusal("Product", "__updateById__reviews", {{"fk", 1}, {"data", JsonObject{{"productId", 2}}}}, 1),
              "400 Cannot override foreign key productId from 1 to 2");
}

TEST_F(Relations, HasManyRemovesItsOwnOnly) {
    EXPECT_EQ(call("Product", "__destroyById__reviews", {{"fk", 2}}, 1), "");
    EXPECT_EQ(refusal("Product", "__destroyById__reviews", {{"fk", 3}}, 1),
              "404 No instance with id 3 found for Review");
    EXPECT_EQ(call("Product", "__delete__reviews", {}, 1), "");
    EXPECT_EQ(call("Review", "find", {{"filter", JsonObject{{"fields", "id"}}}}), R"([{"id":3}])");
}

TEST_F(Relations, BelongsToTellsNoneFromNowhere) {
    call("Review", "create", {{"data", JsonObject{{"stars", 1}}}});
    call("Review", "create", {{"data", JsonObject{{"stars", 1}, {"productId", 99}}}});

    EXPECT_EQ(call("Review", "__get__product", {}, 1), R"({"name":"p","stock":0,"active":true,"id":1})");
    EXPECT_EQ(call("Review", "__get__product", {}, 4), "{}");
    EXPECT_EQ(call("Review", "__get__product", {}, 5), "null");
    EXPECT_EQ(refusal("Review", "__get__product", {}, 9), "404 could not find a model with id 9");
}

TEST_F(Relations, HasOneHoldsOne) {
    call("Team", "create", {{"data", JsonObject{{"name", "reds"}}}});
    auto const none = "404 No \"Captain\" instance(s) found";

    EXPECT_EQ(refusal("Team", "__get__captain", {}, 1), none);
    EXPECT_EQ(refusal("Team", "__update__captain", {{"data", JsonObject{{"age", 1}}}}, 1), none);
    EXPECT_EQ(call("Team", "__create__captain", {{"data", JsonObject{{"name", "ann"}}}}, 1),
              R"({"name":"ann","id":1,"teamId":1})");
    EXPECT_TRUE(refusal("Team", "__create__captain", {{"data", JsonObject{{"name", "bob"}}}}, 1).starts_with("409 "));
    EXPECT_EQ(call("Team", "__update__captain", {{"data", JsonObject{{"age", 31}}}}, 1),
              R"({"name":"ann","age":31,"id":1,"teamId":1})");
    EXPECT_EQ(call("Team", "__get__captain", {}, 1), R"({"name":"ann","age":31,"id":1,"teamId":1})");
    EXPECT_EQ(call("Team", "__destroy__captain", {}, 1), "");
    EXPECT_EQ(refusal("Team", "__get__captain", {}, 1), none);
}

// Access tokens of customer 1 and of employee 1: same user id, not the same person.
class TokenRelation : public RecordCalls {
protected:
    void SetUp() override {
        call("Customer", "create", {{"data", JsonObject{{"email", "a@x.test"}, {"password", "p"}}}});
        call("Employee", "create", {{"data", JsonObject{{"email", "e@x.test"}, {"password", "p"}}}});
        wait_for(app.store().write(insert_all));
    }

    static Task<> insert_all(store::Transaction& transaction) {
        for (auto const& [token, model] : std::vector<std::pair<std::string, std::string>>{
                 {"ann-1", "Customer"}, {"ann-2", "Customer"}, {"eve", "Employee"}}) {
            auto const id = stored(token);
            co_await transaction.run({"INSERT INTO accesstoken (id, ttl, created, userid) VALUES (?1, 5, 0, 1)", {id}});
            co_await transaction.run(
                {"INSERT INTO sallyport_sessions VALUES (?1, ?2, '1', 'session', 0, 0, 0, 0, '[]', '', '')",
                 {id, model}});
        }
    }

    static std::string stored(std::string const& token) { return "sha256:" + crypto::to_hex(crypto::sha256(token)); }
    static std::string handle(std::string const& token) { return stored(token).substr(7, 8); }
};

TEST_F(TokenRelation, ListsTheTokensOfThisUserModelAndOnlyTheOwnOneInClear) {
    caller.token = "ann-1";
    caller.token_id = stored("ann-1");

    auto const list = parse_json(call("Customer", "__get__accessTokens", {}, 1)).as_array();

    ASSERT_EQ(list.size(), 2U);
    std::vector<std::string> ids{list[0]["id"].as_string(), list[1]["id"].as_string()};
    std::ranges::sort(ids);
    std::vector<std::string> expected{"ann-1", handle("ann-2")};
    std::ranges::sort(expected);
    EXPECT_EQ(ids, expected);
}

TEST_F(TokenRelation, ATokenIsNamedByItselfOrItsHandleNeverByItsHash) {
    EXPECT_EQ(parse_json(call("Customer", "__findById__accessTokens", {{"fk", "ann-2"}}, 1))["id"],
              Json{handle("ann-2")});
    EXPECT_EQ(parse_json(call("Customer", "__findById__accessTokens", {{"fk", handle("ann-2")}}, 1))["id"],
              Json{handle("ann-2")});
    EXPECT_TRUE(refusal("Customer", "__findById__accessTokens", {{"fk", stored("ann-2")}}, 1).starts_with("404 "));
    EXPECT_TRUE(refusal("Customer", "__findById__accessTokens", {{"fk", "eve"}}, 1).starts_with("404 "));
}

TEST_F(TokenRelation, EndingATokenEndsItsSession) {
    call("Customer", "__destroyById__accessTokens", {{"fk", handle("ann-2")}}, 1);

    std::int64_t sessions = 0;
    app.store().inspect({"SELECT count(*) FROM sallyport_sessions", {}},
                        [&](store::Row const& row) { sessions = row.integer(0); });
    EXPECT_EQ(sessions, 2);
    call("Customer", "__delete__accessTokens", {}, 1);
    EXPECT_EQ(call("AccessToken", "count", {}), "1");
}

TEST_F(TokenRelation, NoTokenIsMadeThroughIt) {
    EXPECT_TRUE(refusal("Customer", "__create__accessTokens", {}, 1).starts_with("403 "));
    EXPECT_TRUE(refusal("Customer", "__updateById__accessTokens", {{"fk", "ann-1"}}, 1).starts_with("403 "));
}

class CheckedRelations : public RecordCalls {
protected:
    static CrudRules checked() {
        auto rules = open_rules();
        rules.require_read = [](Caller const& caller, model::StoredModel& related) { return require(caller, related); };
        return rules;
    }
    static Task<> require(Caller const& caller, model::StoredModel& related) {
        if (!caller.is_known()) throw Error{401, related.name()};
        co_return;
    }
    CheckedRelations() : RecordCalls{checked()} {}
};

TEST_F(CheckedRelations, NeedTheRightToReadTheOtherModel) {
    call("Product", "create", {{"data", JsonObject{{"name", "p"}}}});
    JsonObject const with_reviews{{"filter", JsonObject{{"include", "reviews"}}}};

    EXPECT_EQ(refusal("Product", "__get__reviews", {}, 1), "401 Review");
    EXPECT_EQ(refusal("Product", "__count__reviews", {}, 1), "401 Review");
    EXPECT_EQ(refusal("Product", "find", with_reviews), "401 Review");
    EXPECT_EQ(refusal("Product", "findOne", with_reviews), "401 Review");
    EXPECT_EQ(refusal("Product", "findById", {{"id", 1}, {"filter", JsonObject{{"include", "reviews"}}}}),
              "401 Review");
    caller.user_id = 1;
    EXPECT_EQ(call("Product", "__get__reviews", {}, 1), "[]");
    EXPECT_NE(call("Product", "find", with_reviews), "[]");
}

}  // namespace
}  // namespace sallyport::methods

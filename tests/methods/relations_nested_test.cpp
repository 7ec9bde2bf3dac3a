#include "methods/relation_app.hpp"

namespace sallyport::methods {
namespace {

class NestedRelations : public RelationCalls {
protected:
    void SetUp() override {
        app.create("Shelf", JsonObject{{"name", "top"}});
        app.create("Book", JsonObject{{"title", "a"}, {"shelfId", 1}});
        app.create("Book", JsonObject{{"title", "elsewhere"}, {"shelfId", 2}});
        app.create("Page", JsonObject{{"text", "p"}, {"bookId", 1}});
    }
};

TEST_F(NestedRelations, StandBelowTheRelationWithAKeyOfTheirOwn) {
    auto const& spec = method("Shelf", "__findById__books__pages").spec;
    EXPECT_EQ(spec.http[0].path, "/:id/books/:nk/pages/:fk");
    EXPECT_EQ(spec.access_type, "READ");
    EXPECT_EQ(spec.accepts.front().name, "nk");
    EXPECT_EQ(method("Shelf", "__get__newest__pages").spec.http[0].path, "/:id/newest/pages");
    EXPECT_THROW(method("Shelf", "__get__photos__subject"), std::logic_error);
}

TEST_F(NestedRelations, ReachOnlyWhatBelongsToTheRecord) {
    EXPECT_EQ(call("Shelf", "__get__books__pages", R"({"nk": 1})"), R"([{"text":"p","id":1,"bookId":1}])");
    EXPECT_EQ(call("Shelf", "__get__books__pages", R"({"nk": 2})"), "404 No instance with id 2 found for Book");
    EXPECT_EQ(call("Shelf", "__get__books__pages", R"({"nk": 1})", 9), "404 could not find a model with id 9");
    EXPECT_EQ(call("Shelf", "__create__books__pages", R"({"nk": 1, "data": {"text": "q"}})"),
              R"({"text":"q","id":2,"bookId":1})");
    EXPECT_EQ(call("Shelf", "__updateById__books__pages", R"({"nk": 1, "fk": 2, "data": {"text": "r"}})"),
              R"({"text":"r","id":2,"bookId":1})");
    EXPECT_EQ(call("Shelf", "__count__books__pages", R"({"nk": 1})"), "2");
}

TEST_F(NestedRelations, AreNullBelowARecordThatIsNotThere) {
    EXPECT_EQ(call("Shelf", "__get__newest__pages"), "null");
    app.create("Book", JsonObject{{"title", "b"}, {"newestOf", 1}});
    EXPECT_EQ(call("Shelf", "__get__newest__pages"), "[]");
}

TEST_F(NestedRelations, RunTheRemoteHooksOfTheMethodTheyStandFor) {
    app.model("Book").before_remote("prototype.__get__pages",
                                    [](Invocation&) -> Task<> { throw Error{403, "not these"}; });

    EXPECT_EQ(call("Shelf", "__get__books__pages", R"({"nk": 1})"), "403 not these");
}

class CheckedNestedRelations : public RelationCalls {
protected:
    static CrudRules checked() {
        CrudRules rules;
        rules.require_read = [](Caller const& caller, model::StoredModel& related) { return require(caller, related); };
        return rules;
    }
    static Task<> require(Caller const& caller, model::StoredModel& related) {
        if (caller.user_model != related.name()) throw Error{401, related.name()};
        co_return;
    }
    CheckedNestedRelations() : RelationCalls{checked()} {}
    void SetUp() override {
        app.create("Shelf", JsonObject{{"name", "top"}});
        app.create("Book", JsonObject{{"title", "a"}, {"shelfId", 1}});
        app.create("Photo", JsonObject{{"subjectId", 1}, {"subjectType", "Person"}});
    }
};

TEST_F(CheckedNestedRelations, NeedTheRightToReadEveryModelOnTheWay) {
    EXPECT_EQ(call("Shelf", "__get__books__pages", R"({"nk": 1})"), "401 Book");
    caller.user_model = "Book";
    EXPECT_EQ(call("Shelf", "__get__books__pages", R"({"nk": 1})"), "401 Page");
}

TEST_F(CheckedNestedRelations, EveryKindNeedsTheRightToReadTheOtherModel) {
    for (auto const* verb :
         {"get", "create", "delete", "count", "findById", "updateById", "destroyById", "link", "unlink", "exists"}) {
        auto const arguments = R"({"fk": 1, "data": {}})";
        EXPECT_EQ(call("Book", "__" + std::string{verb} + "__readers", arguments), "401 Person") << verb;
        EXPECT_EQ(call("Shelf", "__" + std::string{verb} + "__favourites", arguments), "401 Book") << verb;
    }
    EXPECT_EQ(call("Photo", "__get__subject"), "401 Person");
    for (auto const* include : {"readers", "authors"}) {
        EXPECT_EQ(call("Book", "find", R"({"filter": {"include": ")" + std::string{include} + R"("}})"), "401 Person");
    }
    EXPECT_EQ(call("Shelf", "find", R"({"filter": {"include": "favourites"}})"), "401 Book");
    EXPECT_EQ(call("Photo", "find", R"({"filter": {"include": "subject"}})"), "401 Person");
    EXPECT_EQ(call("Shelf", "__get__boxes"), "[]");
}

}  // namespace
}  // namespace sallyport::methods

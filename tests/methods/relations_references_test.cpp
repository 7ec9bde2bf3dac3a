#include "methods/relation_app.hpp"

namespace sallyport::methods {
namespace {

class References : public RelationCalls {
protected:
    void SetUp() override {
        for (auto const* title : {"a", "b", "c"}) app.create("Book", JsonObject{{"title", title}, {"old", false}});
        app.create("Shelf", JsonObject{{"name", "top"}, {"room", "hall"}});
    }
    std::string list() { return to_text(wait_for(app.model("Shelf").find_one())->operator[]("favouriteIds")); }
};

TEST_F(References, LinkingAddsToTheListAndTwiceIsRefused) {
    EXPECT_EQ(call("Shelf", "__link__favourites", R"({"fk": "2"})"), R"({"title":"b","old":false,"id":2})");
    call("Shelf", "__link__favourites", R"({"fk": 1})");
    EXPECT_EQ(list(), "[2,1]");
    EXPECT_EQ(call("Shelf", "__link__favourites", R"({"fk": 1})"),
              "422 The `Shelf` instance is not valid. Details: `favourites` contains duplicate `Book` instance (value: "
              "undefined).");
    EXPECT_EQ(call("Shelf", "__link__favourites", R"({"fk": 9})"), "null");
    EXPECT_EQ(call("Shelf", "__link__favourites", R"({"fk": 1})", 9), "404 could not find a model with id 9");
}

TEST_F(References, OfLinksAtOnceNoneIsLost) {
    std::vector<std::string> links;
    for (int i = 4; i <= 20; ++i) {
        app.create("Book", JsonObject{{"title", "x"}});
        links.push_back(R"({"fk": )" + std::to_string(i) + "}");
    }

    EXPECT_TRUE(call_at_once("Shelf", "__link__favourites", links).empty());

    EXPECT_EQ(call("Shelf", "__count__favourites"), "17");
}

TEST_F(References, ListInTheOrderOfTheListUnlessAskedOtherwise) {
    for (auto const* link : {R"({"fk": 3})", R"({"fk": 1})", R"({"fk": 2})"}) call("Shelf", "__link__favourites", link);

    EXPECT_EQ(call("Shelf", "__get__favourites", R"({"filter": {"fields": ["title"]}})"),
              R"([{"title":"c"},{"title":"a"},{"title":"b"}])");
    EXPECT_EQ(call("Shelf", "__get__favourites", R"({"filter": {"fields": ["title"], "order": "title ASC"}})"),
              R"([{"title":"a"},{"title":"b"},{"title":"c"}])");
    EXPECT_EQ(call("Shelf", "__get__favourites", R"({"filter": {"fields": ["id"], "limit": 1, "skip": 1}})"),
              R"([{"id":1}])");
    EXPECT_EQ(call("Shelf", "__count__favourites", R"({"where": {"title": "b"}})"), "1");
}

TEST_F(References, ListEachOnceHoweverOftenItIsNamed) {
    wait_for(app.model("Shelf").update_all({}, JsonObject{{"favouriteIds", JsonArray{3, 1, 3}}}));

    EXPECT_EQ(call("Shelf", "__get__favourites", R"({"filter": {"fields": ["id"]}})"), R"([{"id":3},{"id":1}])");
}

TEST_F(References, OnlyWhatTheListNamesIsReached) {
    call("Shelf", "__link__favourites", R"({"fk": 2})");

    EXPECT_EQ(call("Shelf", "__findById__favourites", R"({"fk": 2})"), R"({"title":"b","old":false,"id":2})");
    EXPECT_EQ(call("Shelf", "__findById__favourites", R"({"fk": "1e0"})"),
              "400 Key mismatch: Shelf.favouriteIds: [2], Book.id: 1");
    EXPECT_EQ(call("Shelf", "__updateById__favourites", R"({"fk": 1, "data": {"title": "z"}})").substr(0, 3), "400");
    EXPECT_EQ(call("Shelf", "__updateById__favourites", R"({"fk": 2, "data": {"title": "z"}})"),
              R"({"title":"z","old":false,"id":2})");
    EXPECT_EQ(call("Shelf", "__destroyById__favourites", R"({"fk": 9})"), "404 No instance with id 9 found for Book");
    EXPECT_EQ(call("Shelf", "__exists__favourites", R"({"fk": 2})"), "true");
    EXPECT_EQ(call("Shelf", "__exists__favourites", R"({"fk": 3})"), R"(404 Unknown "Shelf" id "1".)");
}

TEST_F(References, UnlinkingLeavesTheRecordAndDestroyingTakesBoth) {
    for (auto const* link : {R"({"fk": 1})", R"({"fk": 2})"}) call("Shelf", "__link__favourites", link);

    EXPECT_EQ(call("Shelf", "__unlink__favourites", R"({"fk": " 01"})"), "");
    EXPECT_EQ(call("Shelf", "__unlink__favourites", R"({"fk": 3})"), "");
    EXPECT_EQ(call("Shelf", "__destroyById__favourites", R"({"fk": 2})"), "");
    EXPECT_EQ(list(), "[]");
    EXPECT_EQ(call("Book", "count", "{}"), "2");
}

TEST_F(References, RemovingAllTakesOnlyWhatTheListNames) {
    call("Shelf", "__link__favourites", R"({"fk": 2})");

    call("Shelf", "__delete__favourites");

    EXPECT_EQ(list(), "[]");
    EXPECT_EQ(call("Book", "find", R"({"filter": {"fields": ["id"]}})"), R"([{"id":1},{"id":3}])");
}

TEST_F(References, ANewRecordIsCopiedToAndJoinsTheList) {
    EXPECT_EQ(call("Shelf", "__create__favourites", R"({"data": {"title": "d", "room": "attic"}})"),
              R"({"title":"d","room":"hall","id":4})");
    EXPECT_EQ(call("Shelf", "__create__favourites", R"({"data": [{"title": "e"}]})"),
              R"([{"title":"e","room":"hall","id":5}])");
    EXPECT_EQ(call("Shelf", "__create__favourites", R"({"data": {}})").substr(0, 3), "422");
    EXPECT_EQ(list(), "[4,5]");
}

TEST_F(References, ANewRecordThatTheOwnerCannotTakeIsTakenBack) {
    app.model("Shelf").observe(Moment::before_save, [](HookContext&) -> Task<> { throw Error{409, "full"}; });

    EXPECT_EQ(call("Shelf", "__create__favourites", R"({"data": {"title": "d"}})"), "409 full");
    EXPECT_EQ(call("Book", "count", "{}"), "3");
}

TEST_F(References, TheScopeAndTheFrontOfTheListAreHeeded) {
    app.create("Book", JsonObject{{"title", "ancient"}, {"old", true}});
    call("Shelf", "__link__latest", R"({"fk": 1})");
    call("Shelf", "__link__latest", R"({"fk": 2})");

    EXPECT_EQ(call("Shelf", "__link__latest", R"({"fk": 4})"), "null");
    EXPECT_EQ(call("Shelf", "__get__latest", R"({"filter": {"fields": ["id"]}})"), R"([{"id":2},{"id":1}])");
    EXPECT_EQ(call("Shelf", "__findById__latest", R"({"fk": 4})"), "404 No instance with id 4 found for Book");
}

}  // namespace
}  // namespace sallyport::methods

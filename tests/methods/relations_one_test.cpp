#include "methods/relation_app.hpp"

namespace sallyport::methods {
namespace {

class OneRelations : public RelationCalls {
protected:
    void SetUp() override {
        app.create("Shelf", JsonObject{{"name", "top"}, {"room", "hall"}});
        app.create("Person", JsonObject{{"name", "ann"}, {"secret", "s"}});
    }
};

TEST_F(OneRelations, OfHasOnesMadeAtOnceOneIsKept) {
    std::vector<std::string> const many(6, R"({"data": {"title": "t"}})");

    EXPECT_EQ(call_at_once("Shelf", "__create__newest", many), std::vector<std::string>(5, "409"));

    EXPECT_EQ(call("Book", "count", "{}"), "1");
}

TEST_F(OneRelations, APolymorphicHasOneFindsItsOwnKindOnly) {
    app.create("Photo", JsonObject{{"file", "other"}, {"ownerId", 1}, {"ownerType", "Person"}});
    EXPECT_EQ(call("Shelf", "__get__portrait"), "404 No \"Photo\" instance(s) found");

    EXPECT_EQ(call("Shelf", "__create__portrait", R"({"data": {"file": "f", "ownerType": "Person"}})"),
              R"({"file":"f","id":2,"ownerType":"Shelf","ownerId":1})");
    EXPECT_EQ(call("Shelf", "__get__portrait"), R"({"file":"f","id":2,"ownerType":"Shelf","ownerId":1})");
    EXPECT_EQ(call("Shelf", "__destroy__portrait"), "");
    EXPECT_EQ(call("Photo", "count", "{}"), "1");
}

TEST_F(OneRelations, APolymorphicHasManyKeepsKindsApart) {
    EXPECT_EQ(call("Shelf", "__create__photos", R"({"data": {"file": "a"}})"),
              R"({"file":"a","id":1,"subjectId":1,"subjectType":"Shelf"})");
    call("Person", "__create__photos", R"({"data": [{"file": "b"}]})");

    EXPECT_EQ(call("Shelf", "__count__photos"), "1");
    EXPECT_EQ(call("Shelf", "__findById__photos", R"({"fk": 2})"), "404 No instance with id 2 found for Photo");
    call("Shelf", "__delete__photos");
    EXPECT_EQ(call("Photo", "count", "{}"), "1");
}

TEST_F(OneRelations, APolymorphicBelongsToLeadsWhereTheRecordSaysAndHidesWhatThatHides) {
    app.create("Photo", JsonObject{{"subjectId", 1}, {"subjectType", "Person"}});
    app.create("Photo", JsonObject{{"subjectId", 1}, {"subjectType", "shelf"}});
    app.create("Photo", JsonObject{{"subjectId", 1}, {"subjectType", "Nothing"}});
    app.create("Photo", JsonObject{{"subjectType", "Person"}});
    app.create("Photo", JsonObject{{"subjectId", 9}, {"subjectType", "Person"}});

    EXPECT_EQ(call("Photo", "__get__subject", "{}", 1), R"({"name":"ann","id":1})");
    EXPECT_TRUE(call("Photo", "__get__subject", "{}", 2).starts_with(R"({"name":"top")"));
    EXPECT_EQ(call("Photo", "__get__subject", "{}", 3), "null");
    EXPECT_EQ(call("Photo", "__get__subject", "{}", 4), "{}");
    EXPECT_EQ(call("Photo", "__get__subject", "{}", 5), "null");
}

TEST_F(OneRelations, APolymorphicBelongsToIsIncludedFromEachModelAndAScopeFromThoseItFits) {
    app.create("Photo", JsonObject{{"file", "a"}, {"subjectId", 1}, {"subjectType", "Person"}});
    app.create("Photo", JsonObject{{"file", "b"}, {"subjectId", 1}, {"subjectType", "Shelf"}});
    app.create("Photo", JsonObject{{"file", "c"}, {"subjectId", 9}, {"subjectType", "Shelf"}});
    app.create("Photo", JsonObject{{"file", "d"}, {"subjectId", 1}, {"subjectType", "Nothing"}});

    EXPECT_FALSE(call("Photo", "find", R"({"filter": {"fields": ["file"], "include": "subject"}})").contains("secret"));
    auto const scoped = call("Photo", "find", R"({"filter": {"fields": ["file"], "include": {"relation": "subject",
                                                  "scope": {"fields": ["name"]}}}})");
    EXPECT_EQ(scoped, R"([{"file":"a","subject":{"name":"ann","id":1}},{"file":"b","subject":{"name":"top","id":1}},)"
                      R"({"file":"c"},{"file":"d"}])");
    EXPECT_EQ(call("Photo", "find", R"({"filter": {"fields": ["file"], "limit": 2, "include": {"subject": "staff"}}})"),
              R"([{"file":"a","subject":{"name":"ann","id":1,"staff":[]}},{"file":"b"}])");
    EXPECT_EQ(call("Photo", "find", R"({"filter": {"include": {"subject": "nothing"}}})").substr(0, 3), "400");
    EXPECT_EQ(call("Photo", "find",
                   R"({"filter": {"include": {"relation": "subject", "scope": {"where": {"secret": "s"}}}}})")
                  .substr(0, 3),
              "400");
}

TEST_F(OneRelations, PropertiesAreCopiedAndAScopeLimitsButSetsNothing) {
    EXPECT_EQ(call("Shelf", "__create__books", R"({"data": {"title": "a", "room": "attic"}})"),
              R"({"title":"a","room":"hall","id":1,"shelfId":1})");
    call("Shelf", "__create__old", R"({"data": {"title": "b", "old": true}})");
    call("Shelf", "__create__old", R"({"data": {"title": "c", "old": true}})");
    EXPECT_EQ(call("Shelf", "__create__old", R"({"data": {"title": "d"}})"), R"({"title":"d","id":4,"shelfId":1})");

    EXPECT_EQ(call("Shelf", "__get__old", R"({"filter": {"fields": ["title"]}})"), R"([{"title":"c"},{"title":"b"}])");
    EXPECT_EQ(call("Shelf", "__count__old"), "2");
    EXPECT_EQ(call("Shelf", "__findById__old", R"({"fk": 4})"), "404 No instance with id 4 found for Book");
    EXPECT_EQ(method("Shelf", "__get__old").spec.http[0].path, "/:id/antiquarian");
    EXPECT_FALSE(call("Shelf", "find", R"({"filter": {"include": "old"}})").contains("old"));
}

TEST_F(OneRelations, AModelMayLeadToItself) {
    call("Person", "__create__staff", R"({"data": {"name": "bob"}})");

    EXPECT_EQ(call("Person", "__get__staff"), R"([{"name":"bob","id":2,"bossId":1}])");
    EXPECT_EQ(call("Person", "__get__boss", "{}", 2), R"({"name":"ann","id":1})");
}

}  // namespace
}  // namespace sallyport::methods

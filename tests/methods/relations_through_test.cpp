#include "methods/relation_app.hpp"

namespace sallyport::methods {
namespace {

class ThroughRelations : public RelationCalls {
protected:
    void SetUp() override {
        for (auto const* title : {"a", "b"}) app.create("Book", JsonObject{{"title", title}, {"price", 9}});
        for (auto const* name : {"ann", "bob", "cat"})
            app.create("Person", JsonObject{{"name", name}, {"secret", "s"}});
    }
};

TEST_F(ThroughRelations, HaveLoopBacksRoutes) {
    std::string routes;
    for (auto const& entry : app.model("Book").methods()) {
        if (!entry.spec.name.ends_with("__readers")) continue;
        routes += entry.spec.name + " " + entry.spec.http[0].verb + " " + entry.spec.http[0].path + " " +
                  entry.spec.access_type + "\n";
    }
    EXPECT_EQ(routes,
              "prototype.__get__readers GET /:id/readers READ\n"
              "prototype.__create__readers POST /:id/readers WRITE\n"
              "prototype.__delete__readers DELETE /:id/readers WRITE\n"
              "prototype.__count__readers GET /:id/readers/count READ\n"
              "prototype.__findById__readers GET /:id/readers/:fk READ\n"
              "prototype.__updateById__readers PUT /:id/readers/:fk WRITE\n"
              "prototype.__destroyById__readers DELETE /:id/readers/:fk WRITE\n"
              "prototype.__link__readers PUT /:id/readers/rel/:fk WRITE\n"
              "prototype.__unlink__readers DELETE /:id/readers/rel/:fk WRITE\n"
              "prototype.__exists__readers HEAD /:id/readers/rel/:fk READ\n");
}

TEST_F(ThroughRelations, LinkingMakesARowWithWhatWasSentAndNeverASecond) {
    EXPECT_EQ(call("Book", "__link__readers", R"({"fk": 2, "data": {"until": "May", "bookId": 7, "fee": 3}})"),
              R"({"until":"May","id":1,"bookId":1,"borrowerId":2})");
    EXPECT_EQ(call("Book", "__link__readers", R"({"fk": 2, "data": {"until": "June"}})"),
              R"({"until":"May","id":1,"bookId":1,"borrowerId":2})");
    EXPECT_EQ(call("Book", "__link__readers", R"({"fk": 99})"), R"({"id":2,"bookId":1,"borrowerId":99})");
    EXPECT_EQ(call("Book", "__link__readers", R"({"fk": "x"})"), "404 No instance with id x found for Person");
    EXPECT_EQ(call("Book", "__link__readers", R"({"fk": "Infinity"})"),
              "404 No instance with id Infinity found for Person");
    EXPECT_EQ(call("Book", "__link__readers", R"({"fk": 2})", 9), "404 could not find a model with id 9");
}

TEST_F(ThroughRelations, LinkingAtOnceMakesOneRow) {
    std::vector<std::string> const same(8, R"({"fk": 2})");

    EXPECT_TRUE(call_at_once("Book", "__link__readers", same).empty());

    EXPECT_EQ(call("Loan", "count", "{}"), "1");
}

TEST_F(ThroughRelations, ListInTheOrderOfLinkingAndByAFilterAsThatSays) {
    for (auto const* link : {R"({"fk": 3})", R"({"fk": 99})", R"({"fk": 1})"}) call("Book", "__link__readers", link);

    EXPECT_EQ(call("Book", "__get__readers"), R"([{"name":"cat","id":3},{"name":"ann","id":1}])");
    EXPECT_EQ(call("Book", "__get__readers", R"({"filter": {}})"), R"([{"name":"ann","id":1},{"name":"cat","id":3}])");
    EXPECT_EQ(call("Book", "__get__readers", R"({"filter": {"where": {"name": "cat"}, "fields": ["name"]}})"),
              R"([{"name":"cat"}])");
    EXPECT_EQ(call("Book", "__get__readers", R"({"filter": {"where": {"secret": "s"}}})").substr(0, 3), "400");
    EXPECT_EQ(call("Book", "__count__readers"), "3");
    EXPECT_EQ(call("Book", "__count__readers", R"({"where": {"borrowerId": 1}})"), "1");
    EXPECT_EQ(call("Book", "__get__readers", "{}", 2), "[]");
}

TEST_F(ThroughRelations, OnlyLinkedRecordsAreReached) {
    call("Book", "__link__readers", R"({"fk": 1})");
    call("Book", "__link__readers", R"({"fk": 99})");

    EXPECT_EQ(call("Book", "__findById__readers", R"({"fk": 1})"), R"({"name":"ann","id":1})");
    EXPECT_EQ(call("Book", "__findById__readers", R"({"fk": 2})"),
              "404 No relation found in Loan for (Book.1,Person.2)");
    EXPECT_EQ(call("Book", "__findById__readers", R"({"fk": 99})"), "404 No instance with id 99 found for Person");
    EXPECT_EQ(call("Book", "__updateById__readers", R"({"fk": 1, "data": {"name": "amy"}})"),
              R"({"name":"amy","id":1})");
    EXPECT_EQ(call("Book", "__updateById__readers", R"({"fk": 2, "data": {"name": "x"}})").substr(0, 3), "404");
    EXPECT_EQ(call("Book", "__destroyById__readers", R"({"fk": 2})"),
              "404 No record found in Loan for (Book.1 ,Person.2)");
    EXPECT_EQ(call("Book", "__exists__readers", R"({"fk": 1})"), "true");
    EXPECT_EQ(call("Book", "__exists__readers", R"({"fk": 2})"), R"(404 Unknown "Book" id "1".)");
}

TEST_F(ThroughRelations, UnlinkingLeavesTheRecordAndDestroyingTakesBoth) {
    for (auto const* link : {R"({"fk": 1})", R"({"fk": 2})", R"({"fk": 3})"}) call("Book", "__link__readers", link);

    EXPECT_EQ(call("Book", "__unlink__readers", R"({"fk": 1})"), "");
    EXPECT_EQ(call("Book", "__unlink__readers", R"({"fk": 1})"), "");
    EXPECT_EQ(call("Book", "__destroyById__readers", R"({"fk": 2})"), "");
    EXPECT_EQ(call("Book", "__get__readers"), R"([{"name":"cat","id":3}])");
    EXPECT_EQ(call("Book", "__delete__readers"), "");
    EXPECT_EQ(call("Loan", "count", "{}"), "0");
    EXPECT_EQ(call("Person", "count", "{}"), "2");
}

TEST_F(ThroughRelations, ANewRecordIsLinkedAndAnInvalidOneIsNot) {
    EXPECT_EQ(call("Book", "__create__readers", R"({"data": {"name": "dan"}})"), R"({"name":"dan","id":4})");
    EXPECT_EQ(call("Book", "__create__readers", R"({"data": [{"name": "eve"}]})"), R"([{"name":"eve","id":5}])");
    EXPECT_EQ(call("Book", "__create__readers", R"({"data": {}})").substr(0, 3), "422");
    EXPECT_EQ(call("Book", "__count__readers"), "2");
}

TEST_F(ThroughRelations, ARecordThatCannotBeLinkedIsTakenBack) {
    app.model("Loan").observe(Moment::before_save, [](HookContext&) -> Task<> { throw Error{409, "no loans today"}; });

    EXPECT_EQ(call("Book", "__create__readers", R"({"data": {"name": "dan"}})"), "409 no loans today");
    EXPECT_EQ(call("Person", "count", "{}"), "3");
}

TEST_F(ThroughRelations, ManyToManyMakesItsOwnModelAndLeadsBothWays) {
    EXPECT_EQ(call("Book", "__link__authors", R"({"fk": 2})"), R"({"id":1,"personId":2,"bookId":1})");
    call("Person", "__link__written", R"({"fk": 2})", 2);

    EXPECT_EQ(call("Person", "__get__written", "{}", 2), R"([{"title":"a","id":1},{"title":"b","id":2}])");
    EXPECT_EQ(call("Book", "__get__authors", "{}", 2), R"([{"name":"bob","id":2}])");
}

TEST_F(ThroughRelations, AModelMayLeadToItself) {
    call("Person", "__link__followers", R"({"fk": 2})", 1);
    call("Person", "__link__following", R"({"fk": 1})", 3);

    EXPECT_EQ(stored("Follow"),
              "{\"id\":1,\"followerId\":2,\"followeeId\":1}\n{\"id\":2,\"followerId\":3,\"followeeId\":1}\n");
    EXPECT_EQ(call("Person", "__get__followers", "{}", 1), R"([{"name":"bob","id":2},{"name":"cat","id":3}])");
    EXPECT_EQ(call("Person", "__get__following", "{}", 2), R"([{"name":"ann","id":1}])");
    EXPECT_EQ(call("Person", "__get__following", "{}", 1), "[]");
}

TEST_F(ThroughRelations, APolymorphicOneKeepsKindsApartAndLeadsBack) {
    app.create("Shelf", JsonObject{{"name", "top"}});
    app.create("Label", JsonObject{{"text", "rare"}});
    app.create("Labelling", JsonObject{{"labelId", 1}, {"labelledId", 1}, {"labelledType", "Book"}});
    EXPECT_EQ(call("Shelf", "__get__labels"), "[]");

    EXPECT_EQ(call("Shelf", "__link__labels", R"({"fk": 1, "data": {"labelledType": "Book"}})"),
              R"({"id":2,"labelId":1,"labelledId":1,"labelledType":"Shelf"})");
    EXPECT_EQ(call("Shelf", "__get__labels"), R"([{"text":"rare","id":1}])");
    EXPECT_EQ(call("Label", "__count__shelves"), "1");
    EXPECT_EQ(parse_json(call("Label", "__get__shelves")).as_array().size(), 1U);
    EXPECT_EQ(call("Shelf", "__delete__labels"), "");
    EXPECT_EQ(call("Labelling", "count", "{}"), "1");
}

}  // namespace
}  // namespace sallyport::methods

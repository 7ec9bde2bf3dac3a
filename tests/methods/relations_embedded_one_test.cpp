#include "methods/relation_app.hpp"

namespace sallyport::methods {
namespace {

class EmbedsOne : public RelationCalls {
protected:
    void SetUp() override { app.create("Shelf", JsonObject{{"name", "top"}}); }
};

TEST_F(EmbedsOne, IsNoContentBeforeItIsSetAndNotFoundOnceItIsGone) {
    EXPECT_EQ(call("Shelf", "__get__lid"), "");
    call("Shelf", "__create__lid", R"({"data": {"text": "x"}})");
    EXPECT_EQ(call("Shelf", "__destroy__lid"), "");
    EXPECT_EQ(call("Shelf", "__get__lid"), "404 No \"Cover\" instance(s) found");
    EXPECT_EQ(call("Shelf", "__destroy__lid"), "");
    EXPECT_EQ(call("Shelf", "__get__lid", "{}", 9), "404 could not find a model with id 9");
}

TEST_F(EmbedsOne, MakingOneReplacesItAndChangingKeepsTheRest) {
    auto const made = parse_json(call("Shelf", "__create__lid", R"({"data": {"text": "a", "id": "mine"}})"));
    EXPECT_EQ(made["id"].as_string().size(), 24U);  // forceId
    EXPECT_EQ(made["id"].as_string().find_first_not_of("0123456789abcdef"), std::string::npos);

    EXPECT_TRUE(
        call("Shelf", "__update__lid", R"({"data": {"colour": "red"}})").starts_with(R"({"text":"a","colour":"red")"));
    EXPECT_TRUE(call("Shelf", "__create__lid", R"({"data": {"text": "b"}})").starts_with(R"({"text":"b","id":)"));
}

TEST_F(EmbedsOne, ChangingMakesOneWhereThereIsNone) {
    EXPECT_TRUE(call("Shelf", "__update__lid", R"({"data": {"text": "a"}})").starts_with(R"({"text":"a","id":)"));
    EXPECT_EQ(call("Shelf", "__update__lid", R"({"data": {"text": ""}})"),
              "422 The `Cover` instance is not valid. Details: `text` can't be blank (value: \"\").");
}

TEST_F(EmbedsOne, NewOwnersHoldTheDefault) {
    EXPECT_EQ(call("Shelf", "__get__cover"), R"({"text":"none"})");
    EXPECT_EQ(call("Shelf", "patchAttributes", R"({"data": {"coverData": {}}})"),
              "422 The `Shelf` instance is not valid. Details: `cover` is invalid: `text` can't be blank (value: "
              "undefined).");
}

TEST_F(EmbedsOne, OfChangesAtOnceNoneIsLost) {
    call("Shelf", "__create__lid", R"({"data": {"text": "a"}})");
    std::vector<std::string> changes;
    for (int i = 0; i < 12; ++i) changes.push_back(R"({"data": {"p)" + std::to_string(i) + R"(": 1}})");

    EXPECT_TRUE(call_at_once("Shelf", "__update__lid", changes).empty());

    EXPECT_EQ(parse_json(call("Shelf", "__get__lid")).as_object().size(), 14U);
}

TEST_F(EmbedsOne, HiddenPropertiesStayHidden) {
    EXPECT_FALSE(call("Shelf", "__create__lid", R"({"data": {"text": "a", "code": "1234"}})").contains("1234"));
    EXPECT_FALSE(call("Shelf", "__get__lid").contains("1234"));
    EXPECT_FALSE(call("Shelf", "find", R"({"filter": {"include": "lid"}})").contains("1234"));
    EXPECT_EQ(call("Shelf", "find", R"({"filter": {"where": {"lidData.code": "1234"}}})").substr(0, 3), "400");
    EXPECT_TRUE(stored("Shelf").contains("1234"));
}

}  // namespace
}  // namespace sallyport::methods

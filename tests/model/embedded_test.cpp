#include "model/embedded.hpp"

#include "model/contract_models.hpp"
#include "query/parse.hpp"
#include "small_app.hpp"

namespace sallyport::model {
namespace {

class Embedded : public testing::Test {
protected:
    std::string refusal(std::string_view model, std::string_view data) {
        return error_of(app[model].create(parse_json(data))).message;
    }
    ContractModels app;
};

TEST_F(Embedded, TheOwnerIsValidOnlyIfWhatItHoldsIs) {
    EXPECT_EQ(refusal("Profile", R"({"name":"p","contactList":[{"id":1,"kind":"mail"},{"id":2}]})"),
              "The `Profile` instance is not valid. Details: `contactList` contains invalid item: `2` (`kind` can't be "
              "blank) (value: [\n  { id: 1, kind: 'mail', ...]).");
    EXPECT_EQ(refusal("Profile", R"({"name":"p","contactList":[{}]})"),
              "The `Profile` instance is not valid. Details: `contactList` contains invalid item at index `0` (`kind` "
              "can't be blank) (value: [ { id: undefined, kind: ...} ]).");
    EXPECT_EQ(refusal("Profile", R"({"name":"p","billing":{"city":"x"}})"),
              "The `Profile` instance is not valid. Details: `billingAddress` is invalid: `street` can't be blank "
              "(value: undefined).");
}

TEST_F(Embedded, AValueThatIsNoObjectIsNoRecord) {
    EXPECT_TRUE(refusal("Profile", R"({"name":"p","billing":"x"})").contains("`billingAddress` is invalid"));
    EXPECT_TRUE(refusal("Profile", R"({"name":"p","contactList":["x"]})").contains("`contactList` contains invalid"));
}

TEST_F(Embedded, IdsAndReferencesAreGivenOnce) {
    EXPECT_TRUE(refusal("Profile", R"({"name":"p","contactList":[{"id":1,"kind":"a"},{"id":"1","kind":"b"}]})")
                    .contains("`contactList` contains duplicate `id`"));
    EXPECT_EQ(refusal("Playlist", R"({"title":"mix","trackIds":[1,2,1]})"),
              "The `Playlist` instance is not valid. Details: `tracks` contains duplicate `Track` instance (value: "
              "undefined).");
}

TEST(EmbeddedIds, NeedNotBeGivenWhateverTheirType) {
    SmallApp app{
        {{"server/config.json", "{}"},
         {"server/datasources.json", R"({"db": {"connector": "memory"}, "inside": {"connector": "transient"}})"},
         {"server/model-config.json", R"({"Owner": {"dataSource": "db"}, "Tag": {"dataSource": "inside"}})"},
         {"common/models/owner.json", R"({"name": "Owner", "relations": {
                      "tag": {"type": "embedsOne", "model": "Tag", "property": "tagData"},
                      "tags": {"type": "embedsMany", "model": "Tag", "property": "tagList"}}})"},
         {"common/models/tag.json", R"({"name": "Tag", "base": "Model", "properties": {
                      "id": {"type": "string", "id": true}, "word": {"type": "string", "required": true}}})"}}};

    auto const made = app.create("Owner", parse_json(R"({"tagData": {"word": "a"}, "tagList": [{"word": "b"}]})"));

    EXPECT_EQ(to_text(made["tagData"]) + to_text(made["tagList"]), R"({"word":"a"}[{"word":"b"}])");
    EXPECT_EQ(error_of(app.model("Owner").create(parse_json(R"({"tagData": {"id": "x"}})"))).status, 422);
}

TEST(EmbeddedInEmbedded, IsChosenAmongWithoutAStoreOfItsOwn) {
    SmallApp app{
        {{"server/config.json", "{}"},
         {"server/datasources.json", R"({"db": {"connector": "memory"}, "inside": {"connector": "transient"}})"},
         {"server/model-config.json", R"({"Shelf": {"dataSource": "db"}, "Box": {"dataSource": "inside"},
                      "Part": {"dataSource": "inside"}})"},
         {"common/models/shelf.json", R"({"name": "Shelf", "relations": {
                      "boxes": {"type": "embedsMany", "model": "Box", "property": "boxList"}}})"},
         {"common/models/box.json", R"({"name": "Box", "base": "Model", "properties": {
                      "id": {"type": "number", "id": true}, "size": "string"}, "relations": {
                      "parts": {"type": "embedsMany", "model": "Part", "property": "partList"},
                      "lid": {"type": "embedsOne", "model": "Part", "property": "lidData"}}})"},
         {"common/models/part.json", R"({"name": "Part", "base": "Model", "properties": {
                      "id": {"type": "number", "id": true}, "word": "string"}})"}}};
    app.create("Shelf", parse_json(R"({"boxList": [
        {"id": 1, "size": "s", "partList": [{"id": 1, "word": "a"}]},
        {"id": 2, "size": "m", "partList": [{"id": 1, "word": "a"}, {"id": 2, "word": "b"}], "lidData": {"word": "l"}}]})"));
    auto const text = R"({"fields": ["id"], "include": {"relation": "boxes", "scope": {
        "where": {"size": "m"}, "include": [{"relation": "parts", "scope": {"where": {"word": "b"}}}, "lid"]}}})";

    auto& shelves = app.model("Shelf");
    auto const found = wait_for(
        shelves.find(query::read_filter(parse_json(text), shelves.definition(), shelves.models().registry(), {})));

    ASSERT_EQ(found.size(), 1U);
    auto const& boxes = found[0]["boxes"].as_array();
    ASSERT_EQ(boxes.size(), 1U);
    EXPECT_EQ(to_text(boxes[0]["parts"]) + to_text(boxes[0]["lid"]), R"([{"id":2,"word":"b"}]{"word":"l"})");

    app.store->prepare({{R"(UPDATE "Shelf" SET "boxList" = '[null,7,{"id":3}]')", {}}});
    Filter all;
    all.include.push_back({"boxes", {{.include = {{"parts", {}}, {"lid", {}}}}}});

    EXPECT_EQ(to_text(wait_for(shelves.find(all)).front()["boxes"]), R"([null,7,{"id":3,"parts":[]}])")
        << "what is no record stays as it is";
}

TEST_F(Embedded, WhatIsNotThereIsNotLookedAt) {
    wait_for(app["Profile"].create(parse_json(R"({"name":"p","billing":null})")));
    wait_for(app["Profile"].patch_attributes(1, parse_json(R"({"name":"q"})")));
    EXPECT_EQ(wait_for(app["Profile"].count()), 1);
}

}  // namespace
}  // namespace sallyport::model

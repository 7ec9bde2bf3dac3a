#include "methods/relation_app.hpp"

namespace sallyport::methods {
namespace {

class EmbedsMany : public RelationCalls {
protected:
    void SetUp() override { app.create("Shelf", JsonObject{{"name", "top"}, {"room", "hall"}}); }
    std::string boxes() { return to_text(wait_for(app.model("Shelf").find_one())->operator[]("boxList")); }
    void add(std::string const& data) { call("Shelf", "__create__boxes", R"({"data": )" + data + "}"); }
};

TEST_F(EmbedsMany, NewOnesGetTheNextNumberAndTheirDefaults) {
    EXPECT_EQ(call("Shelf", "__create__boxes", R"({"data": {"size": "s"}})"), R"({"id":1,"size":"s","count":1})");
    EXPECT_EQ(call("Shelf", "__create__boxes", R"({"data": {"size": "m", "id": 7}})"),
              R"({"id":7,"size":"m","count":1})");
    EXPECT_EQ(call("Shelf", "__create__boxes", R"({"data": [{"size": "l"}, {"size": "xl"}]})"),
              R"([{"id":8,"size":"l","count":1},{"id":9,"size":"xl","count":1}])");
    EXPECT_EQ(call("Shelf", "__get__boxes", R"({"filter": {"where": {"size": "m"}}})"),
              R"([{"id":7,"size":"m","count":1}])");
    EXPECT_EQ(call("Shelf", "__create__boxes", R"({"data": {"size": "s"}})", 9),
              "404 could not find a model with id 9");
}

TEST_F(EmbedsMany, OfAdditionsAtOnceNoneIsLost) {
    std::vector<std::string> const many(16, R"({"data": {"size": "s"}})");

    EXPECT_TRUE(call_at_once("Shelf", "__create__boxes", many).empty());

    EXPECT_EQ(call("Shelf", "__count__boxes"), "16");
}

TEST_F(EmbedsMany, WhatIsNotValidIsRefusedByItsOwnRulesAndTheOwners) {
    add(R"({"size": "s"})");

    EXPECT_EQ(call("Shelf", "__create__boxes", R"({"data": {}})"),
              "422 The `Box` instance is not valid. Details: `size` can't be blank (value: undefined).");
    EXPECT_EQ(call("Shelf", "__create__boxes", R"({"data": {"id": 1, "size": "m"}})").substr(0, 81),
              "422 The `Shelf` instance is not valid. Details: `boxList` contains duplicate `id`");
    EXPECT_EQ(call("Shelf", "__updateById__boxes", R"({"fk": 1, "data": {"size": ""}})").substr(0, 3), "422");
    EXPECT_EQ(call("Shelf", "patchAttributes", R"({"data": {"name": "x"}})").substr(0, 1), "{");
    EXPECT_EQ(call("Shelf", "__create__boxes", R"({"data": 5})"), "400 Value is not an object.");
}

TEST_F(EmbedsMany, AreFoundFilteredAndCounted) {
    add(R"([{"size": "s", "count": 2}, {"size": "m", "count": 5}, {"size": "l"}])");

    EXPECT_EQ(call("Shelf", "__findById__boxes", R"({"fk": "2"})"), R"({"id":2,"size":"m","count":5})");
    EXPECT_EQ(call("Shelf", "__findById__boxes", R"({"fk": " 02"})"), R"({"id":2,"size":"m","count":5})");
    EXPECT_EQ(call("Shelf", "__findById__boxes", R"({"fk": "x"})"), R"(404 Unknown "Box" id "x".)");
    EXPECT_EQ(call("Shelf", "__get__boxes", R"({"filter": {"where": {"count": {"gt": 1}, "size": {"neq": "m"}}}})"),
              R"([{"id":1,"size":"s","count":2}])");
    EXPECT_EQ(call("Shelf", "__count__boxes", R"({"where": {"or": [{"size": "l"}, {"id": 1}]}})"), "2");
}

TEST_F(EmbedsMany, AnIncludeChoosesAmongThem) {
    add(R"([{"size": "s"}, {"size": "m"}])");
    app.create("Shelf", parse_json(R"({"boxList": [{"id": 1, "size": "m"}]})"));
    app.create("Shelf", parse_json(R"({"boxList": []})"));
    auto const boxes_of = [&](std::string const& scope) {
        std::string out;
        auto const filter =
            R"({"filter": {"fields": ["id"], "include": {"relation": "boxes", "scope": )" + scope + "}}}";
        for (auto const& shelf : parse_json(call("Shelf", "find", filter)).as_array())
            for (auto const& box : shelf["boxes"].as_array()) out += to_display(shelf["id"]) + to_display(box["size"]);
        return out;
    };

    EXPECT_EQ(boxes_of(R"({"where": {"size": "m"}})"), "1m2m");
    EXPECT_EQ(boxes_of(R"({"where": {"size": {"neq": "m"}}})"), "1s");
    EXPECT_EQ(boxes_of("{}"), "1s1m2m");
}

TEST_F(EmbedsMany, AreComparedWithWhatWasSent) {
    add(R"([{"size": "s", "count": 2}, {"size": "m", "count": 5}])");

    EXPECT_EQ(call("Shelf", "__count__boxes", R"({"where": {"count": {"nilike": "0"}}})"), "2");
    EXPECT_EQ(call("Shelf", "__count__boxes", R"({"where": {"count": "5"}})"), "1");
    EXPECT_EQ(call("Shelf", "__count__boxes", R"({"where": {"size": {"gt": 10}}})"), "0");
    EXPECT_EQ(call("Shelf", "__get__boxes", R"({"filter": {"where": {"size": {"gt": 10}}}})"), "[]");
}

TEST_F(EmbedsMany, HiddenPropertiesStayHiddenAndStored) {
    add(R"({"size": "s", "code": "1234"})");

    EXPECT_EQ(call("Shelf", "__get__boxes"), R"([{"id":1,"size":"s","count":1}])");
    EXPECT_EQ(call("Shelf", "__findById__boxes", R"({"fk": 1})"), R"({"id":1,"size":"s","count":1})");
    EXPECT_EQ(call("Shelf", "__updateById__boxes", R"({"fk": 1, "data": {"count": 2}})"),
              R"({"id":1,"size":"s","count":2})");
    EXPECT_EQ(call("Shelf", "__get__boxes", R"({"filter": {"where": {"code": "1234"}}})").substr(0, 3), "400");
    EXPECT_EQ(call("Shelf", "find", R"({"filter": {"where": {"boxList.code": "1234"}}})").substr(0, 3), "400");
    EXPECT_FALSE(call("Shelf", "find", R"({"filter": {"include": "boxes"}})").contains("1234"));
    EXPECT_FALSE(call("Shelf", "__create__boxes", R"({"data": {"id": 1, "size": "m"}})").contains("1234"));
    EXPECT_TRUE(boxes().contains("1234"));
}

TEST_F(EmbedsMany, AreChangedAndRemoved) {
    add(R"([{"size": "s"}, {"size": "m"}, {"size": "l"}])");

    EXPECT_EQ(call("Shelf", "__updateById__boxes", R"({"fk": 2, "data": {"count": 4, "id": 20}})"),
              R"({"id":20,"size":"m","count":4})");
    EXPECT_EQ(call("Shelf", "__updateById__boxes", R"({"fk": 2, "data": {"count": 4}})"), "null");
    EXPECT_EQ(call("Shelf", "__destroyById__boxes", R"({"fk": 1})"), "");
    EXPECT_EQ(call("Shelf", "__destroyById__boxes", R"({"fk": 1})"), "");
    EXPECT_EQ(boxes(), R"([{"id":20,"size":"m","count":4},{"id":3,"size":"l","count":1}])");
    EXPECT_EQ(call("Shelf", "__delete__boxes"), "");
    EXPECT_EQ(boxes(), "[]");
}

TEST_F(EmbedsMany, RunTheHooksOfTheirOwnModel) {
    std::vector<std::string> seen;
    auto& box = app.model("Box");
    auto const note = [&](Moment moment, std::string name) {
        box.observe(moment, [&seen, name](HookContext& context) {
            seen.push_back(name + (context.is_new ? " new" : ""));
            if (context.data != nullptr) context.data->as_object().set("note", "hook");
            return []() -> Task<> { co_return; }();
        });
    };
    note(Moment::before_save, "before");
    note(Moment::after_save, "after");
    note(Moment::before_delete, "before delete");
    note(Moment::after_delete, "after delete");

    add(R"({"size": "s"})");
    EXPECT_EQ(call("Shelf", "__updateById__boxes", R"({"fk": 1, "data": {}})"),
              R"({"id":1,"size":"s","count":1,"note":"hook"})");
    call("Shelf", "__destroyById__boxes", R"({"fk": 1})");

    EXPECT_EQ(seen, (std::vector<std::string>{"before new", "after new", "before", "after", "before delete",
                                              "after delete"}));
}

TEST_F(EmbedsMany, TheFrontCopiesAndValidateAreHeeded) {
    call("Shelf", "__create__firsts", R"({"data": {"size": "s"}})");
    EXPECT_EQ(call("Shelf", "__create__firsts", R"({"data": {"size": "m", "note": "mine"}})"),
              R"({"id":2,"size":"m","count":1,"note":"hall"})");
    EXPECT_EQ(parse_json(call("Shelf", "__get__firsts")).as_array().front()["id"], Json{2});
    EXPECT_EQ(call("Shelf", "patchAttributes", R"({"data": {"firstList": [{"id": 1}]}})").substr(0, 1), "{");
    EXPECT_EQ(call("Shelf", "patchAttributes", R"({"data": {"boxList": [{"id": 1}]}})").substr(0, 3), "422");
}

TEST_F(EmbedsMany, PersistentOnesStandInTheirOwnTableToo) {
    EXPECT_EQ(call("Shelf", "__create__stamps", R"({"data": {"text": "red"}})"), R"({"text":"red","id":1})");
    EXPECT_EQ(call("Shelf", "__create__stamps", R"({"data": {}})").substr(0, 3), "422");
    EXPECT_EQ(stored("Stamp"), "{\"text\":\"red\",\"id\":1}\n");
    EXPECT_EQ(call("Shelf", "__get__stamps"), R"([{"text":"red","id":1}])");

    EXPECT_EQ(call("Shelf", "__delete__stamps"), "");
    EXPECT_EQ(call("Shelf", "__get__stamps"), "[]");
    EXPECT_EQ(call("Stamp", "count", "{}"), "1");
}

TEST_F(EmbedsMany, PersistentOnesAreMadeOnceHoweverManyAskAtOnce) {
    std::vector<std::string> const many(8, R"({"data": {"text": "red"}})");

    EXPECT_TRUE(call_at_once("Shelf", "__create__stamps", many).empty());

    EXPECT_EQ(call("Stamp", "count", "{}"), "8");
    EXPECT_EQ(call("Shelf", "__count__stamps"), "8");
}

TEST_F(EmbedsMany, IncludeWhatTheyLeadTo) {
    app.create("Page", JsonObject{{"text", "p"}});
    add(R"([{"size": "s", "pageId": 1}, {"size": "m"}])");

    EXPECT_EQ(call("Shelf", "__get__boxes", R"({"filter": {"include": "page"}})"),
              R"([{"id":1,"size":"s","count":1,"pageId":1,"page":{"text":"p","id":1}},{"id":2,"size":"m","count":1}])");
}

}  // namespace
}  // namespace sallyport::methods

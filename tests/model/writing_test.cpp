#include "model/contract_models.hpp"
#include "query/parse.hpp"
#include "small_app.hpp"

namespace sallyport::model {
namespace {

class Writing : public testing::Test {
protected:
    Json create(std::string_view model, Json data) { return wait_for(app[model].create(std::move(data))); }
    std::string all(std::string_view model) {
        std::string out;
        for (auto const& record : wait_for(app[model].find())) out += to_text(record) + "\n";
        return out;
    }

    ContractModels app;
};

TEST_F(Writing, ANewRecordHasItsIdAndDefaultsInTheOrderOfItsDefinition) {
    auto const made = create("Item", JsonObject{{"price", 2}, {"label", "a"}, {"extra", JsonObject{{"b", 1}}}});

    EXPECT_EQ(to_text(made), R"({"label":"a","qty":1,"price":2,"id":1,"extra":{"b":1}})");
    EXPECT_EQ(all("Item"), to_text(made) + "\n");
}

TEST_F(Writing, NullIsKeptAndAbsentStaysAbsent) {
    create("Item", JsonObject{{"label", "a"}, {"price", nullptr}, {"qty", nullptr}});
    create("Item", JsonObject{{"label", "b"}});

    EXPECT_EQ(all("Item"),
              "{\"label\":\"a\",\"id\":1,\"qty\":null,\"price\":null}\n{\"label\":\"b\",\"qty\":1,\"id\":2}\n");
}

TEST_F(Writing, AnIdThatTheStoreMakesIsRefusedUnlessItIsNone) {
    EXPECT_EQ(error_of(app["Item"].create(JsonObject{{"label", "a"}, {"id", 5}})).message,
              "The `Item` instance is not valid. Details: `id` can't be set (value: 5).");
    EXPECT_EQ(create("Item", JsonObject{{"label", "a"}, {"id", nullptr}})["id"], Json{1});
    EXPECT_EQ(create("Item", JsonObject{{"label", "a"}, {"id", "x"}})["id"], Json{2});
}

TEST_F(Writing, ASecondRecordWithTheSameIdIsAConflict) {
    create("Coupon", JsonObject{{"code", "SAVE10"}, {"pct", 10}});

    auto const error = error_of(app["Coupon"].create(JsonObject{{"code", "SAVE10"}, {"pct", 20}}));

    EXPECT_EQ(error.status, 409);
    EXPECT_EQ(error.message, "Duplicate entry for Coupon.code");
}

TEST_F(Writing, AUniqueIndexSpeaksAsAValidationDoes) {
    create("Product", JsonObject{{"name", "a"}, {"sku", "S1"}});

    auto const error = error_of(app["Product"].create(JsonObject{{"name", "b"}, {"sku", "S1"}}));

    EXPECT_EQ(error.status, 422);
    EXPECT_EQ(error.message, "The `Product` instance is not valid. Details: `sku` is not unique (value: \"S1\").");
}

TEST_F(Writing, DeclaredUniquenessHoldsAmongOthersAndComesLast) {
    create("Account", JsonObject{{"handle", "a"}, {"kind", "pro"}});
    auto const second = create("Account", JsonObject{{"handle", "b"}, {"kind", "pro"}});

    EXPECT_EQ(error_of(app["Account"].create(JsonObject{{"handle", "a"}, {"kind", "pro"}})).message,
              "The `Account` instance is not valid. Details: `handle` is taken (value: \"a\").");
    EXPECT_EQ(error_of(app["Account"].create(JsonObject{{"handle", "a"}, {"kind", "gold"}})).message,
              "The `Account` instance is not valid. Details: `kind` is not included in the list (value: \"gold\"); "
              "`handle` is taken (value: \"a\").");
    EXPECT_EQ(error_of(app["Account"].patch_attributes(second["id"], JsonObject{{"handle", "a"}})).status, 422);
    EXPECT_EQ(wait_for(app["Account"].patch_attributes(second["id"], JsonObject{{"handle", "b"}}))["handle"],
              Json{"b"});
}

TEST_F(Writing, AChangeByAConditionNeedNotSayAnIdThatClientsChoose) {
    create("Coupon", JsonObject{{"code", "SAVE10"}, {"pct", 10}});
    auto const changed = [&](char const* code) {
        return app["Coupon"].upsert_with_where(equals("code", Json{code}), JsonObject{{"pct", 20}}, {});
    };

    EXPECT_EQ(to_text(wait_for(changed("SAVE10"))), R"({"code":"SAVE10","pct":20})");
    EXPECT_EQ(error_of(changed("SAVE20")).message,
              "The `Coupon` instance is not valid. Details: `code` can't be blank (value: undefined).");
}

TEST(WritingRules, AChangeByAConditionSaysAnIdThatIsRequired) {
    SmallApp app{project_of({R"({"name": "Key", "properties": {
                      "code": {"type": "string", "id": true, "required": true}, "pct": "number"}})"})};
    app.create("Key", JsonObject{{"code", "a"}, {"pct", 1}});

    EXPECT_EQ(error_of(app.model("Key").upsert_with_where(equals("code", "a"), JsonObject{{"pct", 2}}, {})).status,
              422);
}

TEST(WritingTypes, ABufferAndADateStringComeBackAsTheyWereKept) {
    SmallApp app{project_of({R"({"name": "File", "properties": {
                      "day": "DateString", "days": ["DateString"], "bytes": "Buffer", "parts": ["Buffer"]}})"})};
    auto& file = app.model("File");
    auto const text_of_first = [&] { return wait_for(file.find_by_id_text(1, {}))->text; };

    auto const made =
        app.create("File", parse_json(R"({"day": "Jun 1, 2015", "days": ["2015-06-01"], "bytes": "h\u00e9",
        "parts": ["a"]})"));

    auto const expected =
        R"({"day":"Jun 1, 2015","days":["2015-06-01"],"bytes":{"type":"Buffer","data":[104,195,169]},)"
        R"("parts":[{"type":"Buffer","data":[97]}],"id":1})";
    EXPECT_EQ(to_text(made), expected);
    EXPECT_EQ(text_of_first(), expected);
    EXPECT_EQ(wait_for(file.find_by_id(1)), made);

    auto const changed =
        JsonObject{{"day", "2016-02-03"}, {"days", nullptr}, {"bytes", JsonArray{1}}, {"parts", nullptr}};
    wait_for(file.patch_attributes(1, changed));
    EXPECT_EQ(text_of_first(),
              R"({"day":"2016-02-03","bytes":{"type":"Buffer","data":[1]},"id":1,"days":null,"parts":null})");
    wait_for(file.update_all({}, JsonObject{{"bytes", parse_json(R"({"type": "Buffer", "data": [2]})")}}));
    EXPECT_EQ(wait_for(file.find_by_id(1))->as_object().find("bytes")->as_object().find("data")->as_array().front(),
              Json{2});
    EXPECT_THROW(wait_for(file.patch_attributes(1, JsonObject{{"day", "zz"}})), Error);
    EXPECT_THROW(wait_for(file.update_all({}, JsonObject{{"bytes", 5}})), Error);

    Filter by_bytes;
    by_bytes.where = query::read_where(parse_json(R"({"bytes": [2]})"), file.definition(), {});
    EXPECT_EQ(wait_for(file.find(by_bytes)).size(), 1U);
}

TEST(WritingRules, PatchOrCreateValidatesWhereTheModelSaysSo) {
    SmallApp app{project_of({R"({"name": "Loose", "forceId": false, "properties": {
                      "title": {"type": "string", "required": true}}})",
                             R"({"name": "Tight", "base": "Loose", "validateUpsert": true})"})};
    auto const with_id = [](int id) { return JsonObject{{"id", id}}; };

    EXPECT_EQ(wait_for(app.model("Loose").patch_or_create(with_id(3)))["id"], Json{3});
    EXPECT_EQ(wait_for(app.model("Loose").patch_or_create(JsonObject{{"id", 3}, {"title", ""}}))["title"], Json{""});
    EXPECT_EQ(error_of(app.model("Loose").patch_or_create(JsonObject{})).status, 422);
    EXPECT_EQ(error_of(app.model("Tight").patch_or_create(with_id(3))).status, 422);
    app.create("Tight", JsonObject{{"id", 4}, {"title", "a"}});
    EXPECT_EQ(error_of(app.model("Tight").patch_or_create(with_id(4))).status, 422);  // By itself, as in LoopBack.
}

TEST(WritingRules, DeletingNothingIs404WhereTheModelIsStrictAboutIt) {
    SmallApp app{project_of({R"({"name": "Loose"})", R"({"name": "Tight", "strictDelete": true})"})};

    EXPECT_EQ(wait_for(app.model("Loose").delete_by_id(3)), 0);
    EXPECT_EQ(error_of(app.model("Tight").delete_by_id(3)).status, 404);
    app.create("Tight", Json::object());
    EXPECT_EQ(wait_for(app.model("Tight").delete_by_id(1)), 1);
}

TEST(WritingRules, NothingIsValidatedWhereTheModelSwitchesThatOffButAccountsAre) {
    SmallApp app{project_of({R"({"name": "Draft", "automaticValidation": false, "properties": {
                      "title": {"type": "string", "required": true}}})",
                             R"({"name": "Person", "base": "User", "automaticValidation": false})"})};

    EXPECT_EQ(to_text(app.create("Draft", Json::object())), R"({"id":1})");
    EXPECT_EQ(error_of(app.model("Person").create(JsonObject{{"username", "ann"}})).status, 422);
}

TEST(EmbeddedStrict, FollowsTheModelThatIsEmbedded) {
    SmallApp app{
        {{"server/config.json", "{}"},
         {"server/datasources.json", R"({"db": {"connector": "memory"}})"},
         {"server/model-config.json", R"({"Person": {"dataSource": "db"}, "Tight": {"dataSource": null},
                      "Loose": {"dataSource": null}})"},
         {"common/models/tight.json", R"({"name": "Tight", "base": "Model", "strict": true, "idInjection": false,
                      "properties": {"street": "string"}})"},
         {"common/models/loose.json", R"({"name": "Loose", "base": "Model", "idInjection": false,
                      "properties": {"street": "string"}})"},
         {"common/models/person.json", R"({"name": "Person", "properties": {"one": "Tight", "many": ["Tight"],
                      "other": "Loose"}})"}}};
    Json const address{JsonObject{{"street", 5}, {"odd", 1}}};
    EXPECT_EQ(
        to_text(app.create("Person", JsonObject{{"one", address}, {"many", JsonArray{address}}, {"other", address}})),
        R"({"one":{"street":"5"},"many":[{"street":"5"}],"other":{"street":"5","odd":1},"id":1})");
}

TEST(WritingRules, ABulkChangeIsValidatedAsARecordWhereTheModelSaysSo) {
    SmallApp app{project_of({R"({"name": "Loose", "strict": true, "properties": {
                      "title": {"type": "string", "required": true}}})",
                             R"({"name": "Tight", "base": "Loose", "validateUpdate": true})",
                             R"({"name": "Automatic", "base": "Loose", "automaticValidation": true})",
                             R"({"name": "Both", "base": "Automatic", "validateUpdate": false})"})};
    for (auto const* name : {"Tight", "Automatic"}) {
        for (auto const& data : {JsonObject{{"title", ""}}, JsonObject{{"title", "b"}, {"odd", 1}}, JsonObject{}})
            EXPECT_EQ(error_of(app.model(name).update_all({}, data)).status, 422) << name;
        app.create(name, JsonObject{{"title", "a"}});
        EXPECT_EQ(wait_for(app.model(name).update_all({}, JsonObject{{"title", "b"}})), 1);
    }
    for (auto const* name : {"Loose", "Both"})
        EXPECT_EQ(wait_for(app.model(name).update_all({}, JsonObject{{"title", ""}})), 0);
}

TEST(WritingRules, WhatAWholeRecordDoesNotSayIsNullWhereTheModelSaysSo) {
    SmallApp app{project_of({R"({"name": "Form", "persistUndefinedAsNull": true, "properties": {
                      "title": {"type": "string", "required": true}, "size": {"type": "number", "default": 1},
                      "note": "string"}})"})};
    auto& form = app.model("Form");

    EXPECT_EQ(to_text(app.create("Form", JsonObject{{"title", "a"}})), R"({"title":"a","size":1,"note":null,"id":1})");
    EXPECT_EQ(to_text(wait_for(form.patch_attributes(1, JsonObject{{"note", "n"}}))["note"]), R"("n")");
    EXPECT_EQ(to_text(wait_for(form.replace_by_id(1, JsonObject{{"title", "b"}}))),
              R"({"title":"b","size":1,"note":null,"id":1})");
    EXPECT_EQ(error_of(form.upsert_with_where(equals("id", 9), JsonObject{{"size", 2}})).message,
              "The `Form` instance is not valid. Details: `title` can't be blank (value: null).");
}

TEST(WritingTypes, DefaultsCountAlsoUnderAnIdThatCannotBeOne) {
    SmallApp app{project_of({R"({"name": "Form", "properties": {
                      "size": {"type": "number", "required": true, "default": 1}}})"})};

    EXPECT_EQ(error_of(app.model("Form").replace_or_create(JsonObject{{"id", "x"}})).message,
              "Could not replace. Object with id x does not exist!");
}

TEST(WritingTypes, ARecordNestsAsDeepAsItsModelLets) {
    SmallApp app{project_of({R"({"name": "Flat", "maxDepthOfData": 2})", R"({"name": "Deep", "maxDepthOfData": 99})"})};
    auto nested = [](int levels) {
        Json value{1};
        for (int i = 0; i < levels; ++i) value = JsonObject{{"a", std::move(value)}};
        return value;
    };

    EXPECT_NO_THROW(app.create("Flat", nested(2)));
    EXPECT_EQ(error_of(app.model("Flat").create(nested(3))).code, "QUERY_OBJECT_TOO_DEEP");
    EXPECT_EQ(error_of(app.model("Flat").patch_attributes(1, nested(3))).code, "QUERY_OBJECT_TOO_DEEP");
    EXPECT_EQ(error_of(app.model("Flat").replace_by_id(1, nested(3))).code, "QUERY_OBJECT_TOO_DEEP");
    EXPECT_EQ(error_of(app.model("Flat").update_all({}, nested(3))).code, "QUERY_OBJECT_TOO_DEEP");
    EXPECT_NO_THROW(app.create("Deep", nested(32)));
    EXPECT_EQ(error_of(app.model("Deep").create(nested(33))).code, "QUERY_OBJECT_TOO_DEEP");
}

TEST_F(Writing, StrictModelsRefuseWhatTheyDoNotDefine) {
    for (auto const* name : {"StrictNote", "CheckedNote", "ThrowNote"}) {
        auto const error = error_of(app[name].create(JsonObject{{"title", "a"}, {"zip", "z"}}));
        EXPECT_EQ(to_text(error.details["codes"]), R"({"zip":["unknown-property"]})") << name;
    }
    create("CheckedNote", JsonObject{{"title", "a"}});
    EXPECT_EQ(error_of(app["CheckedNote"].patch_attributes(1, JsonObject{{"zip", "y"}})).status, 422);
    EXPECT_EQ(wait_for(app["CheckedNote"].update_all({}, JsonObject{{"zip", "y"}, {"n", 2}})), 1);
    EXPECT_EQ(all("CheckedNote"), "{\"title\":\"a\",\"n\":2,\"id\":1}\n");
}

TEST_F(Writing, RecordsThatCameIncludedAreNotKept) {
    create("Product", JsonObject{{"name", "p"}, {"reviews", JsonArray{JsonObject{{"stars", 1}}}}});

    EXPECT_EQ(all("Product"), "{\"name\":\"p\",\"stock\":0,\"active\":true,\"id\":1}\n");
}

TEST_F(Writing, ANameWithADotIsRefused) {
    EXPECT_EQ(error_of(app["Item"].create(JsonObject{{"label", "a"}, {"a.b", 1}})).status, 400);
}

TEST_F(Writing, OfAnArrayTheValidOnesAreMade) {
    auto const error =
        error_of(app["Item"].create_all({JsonObject{{"label", "a"}}, JsonObject{}, JsonObject{{"label", "c"}}}));

    EXPECT_EQ(error.status, 500);
    ASSERT_EQ(error.details.as_array().size(), 2U);
    EXPECT_TRUE(error.details.as_array()[0].is_null());
    EXPECT_EQ(error.details.as_array()[1]["name"], Json{"ValidationError"});
    EXPECT_EQ(wait_for(app["Item"].count()), 2);
}

TEST_F(Writing, APatchChangesWhatItNames) {
    create("Note", JsonObject{{"title", "a"}, {"body", "b"}, {"created", "2015-01-01"}, {"uid", "u"}});

    auto const patched =
        wait_for(app["Note"].patch_attributes(1, JsonObject{{"count", "2"}, {"body", nullptr}, {"id", 1}}));

    EXPECT_EQ(to_text(patched),
              R"({"title":"a","body":null,"count":2,"done":false,"created":"2015-01-01T00:00:00.000Z",)"
              R"("uid":"u","level":3,"id":1})");
    EXPECT_EQ(wait_for(app["Note"].find_by_id(1))->as_object(), patched.as_object());
}

TEST_F(Writing, APatchThatChangesTheIdOrMissesItsRecordIsRefused) {
    create("Note", JsonObject{{"title", "a"}});

    EXPECT_EQ(error_of(app["Note"].patch_attributes(1, JsonObject{{"id", 5}})).message,
              "id cannot be updated from 1 to 5 when forceId is set to true");
    EXPECT_EQ(error_of(app["Note"].patch_attributes(1, JsonObject{{"id", "x"}})).message,
              "id cannot be updated from 1 to x when forceId is set to true");
    auto const missing = error_of(app["Note"].patch_attributes(9, JsonObject{}));
    EXPECT_EQ(missing.message, "could not find a model with id 9");
    EXPECT_EQ(missing.code, "MODEL_NOT_FOUND");
    EXPECT_EQ(error_of(app["Note"].patch_attributes(1, JsonObject{{"title", ""}})).status, 422);
}

TEST_F(Writing, APatchThatChangesTheIdIsRefusedForThatBeforeItsDataIsLookedAt) {
    create("Item", JsonObject{{"label", "a"}});

    EXPECT_EQ(error_of(app["Item"].patch_attributes(1, JsonObject{{"id", 5}, {"a.b", 1}})).message,
              "id cannot be updated from 1 to 5 when forceId is set to true");
}

TEST_F(Writing, AReplacedRecordHasOnlyWhatWasGiven) {
    create("Item", JsonObject{{"label", "a"}, {"price", 2}, {"extra", 1}});

    EXPECT_EQ(to_text(wait_for(app["Item"].replace_by_id(1, JsonObject{{"label", "b"}}))),
              R"({"label":"b","qty":1,"id":1})");
    EXPECT_EQ(all("Item"), "{\"label\":\"b\",\"qty\":1,\"id\":1}\n");
    EXPECT_EQ(error_of(app["Item"].replace_by_id(9, JsonObject{{"label", "b"}})).message,
              "Could not replace. Object with id 9 does not exist!");
    EXPECT_EQ(error_of(app["Item"].replace_by_id(9, JsonObject{})).status, 422);
    EXPECT_EQ(error_of(app["Item"].replace_by_id(1, JsonObject{{"label", "b"}, {"id", 2}})).message,
              "id property (id) cannot be updated from 1 to 2");
    EXPECT_EQ(error_of(app["Item"].replace_by_id(1, JsonObject{{"label", "b"}, {"id", "x"}})).message,
              "id property (id) cannot be updated from 1 to x");
    EXPECT_EQ(wait_for(app["Item"].replace_by_id(1, JsonObject{{"label", "b"}, {"id", "1"}}))["id"], Json{1});
}

TEST_F(Writing, PatchOrCreateMakesNoRecordUnderAnIdOfItsChoice) {
    EXPECT_EQ(wait_for(app["Note"].patch_or_create(JsonObject{{"title", "a"}}))["id"], Json{1});
    EXPECT_EQ(wait_for(app["Note"].patch_or_create(JsonObject{{"id", 1}, {"title", ""}}))["title"],
              Json{""});  // not validated
    EXPECT_EQ(error_of(app["Note"].patch_or_create(JsonObject{{"id", 9}, {"title", "x"}})).message,
              "Could not update attributes. Object with id 9 does not exist!");
    EXPECT_EQ(wait_for(app["Coupon"].patch_or_create(JsonObject{{"code", "NEW"}, {"pct", 3}}))["code"], Json{"NEW"});
    EXPECT_EQ(wait_for(app["Coupon"].patch_or_create(JsonObject{{"code", "NEW"}, {"pct", 4}}))["pct"], Json{4});
    EXPECT_EQ(error_of(app["Account"].patch_or_create(JsonObject{})).status, 422);
}

TEST_F(Writing, AnIdThatCannotBeOneIsOfNoRecord) {
    JsonObject const item{{"id", "x"}, {"label", "a"}};

    EXPECT_EQ(error_of(app["Item"].patch_or_create(item)).message,
              "Could not update attributes. Object with id x does not exist!");
    EXPECT_EQ(error_of(app["Item"].replace_or_create(item)).message,
              "Could not replace. Object with id x does not exist!");
    EXPECT_EQ(error_of(app["Item"].replace_or_create(JsonObject{{"id", "x"}})).status, 422);
    EXPECT_EQ(error_of(app["Item"].replace_by_id("x", JsonObject{{"label", "a"}})).status, 404);
    EXPECT_EQ(error_of(app["Item"].replace_by_id("x", Json::object())).status, 422);
    EXPECT_EQ(error_of(app["Item"].replace_by_id("x", JsonObject{{"id", 2}})).message,
              "id property (id) cannot be updated from x to 2");
}

TEST_F(Writing, ReplaceOrCreateReplacesWhatIsThere) {
    EXPECT_EQ(wait_for(app["Item"].replace_or_create(JsonObject{{"label", "a"}, {"price", 1}}))["id"], Json{1});
    EXPECT_EQ(to_text(wait_for(app["Item"].replace_or_create(JsonObject{{"id", 1}, {"label", "c"}}))),
              R"({"label":"c","qty":1,"id":1})");
    EXPECT_EQ(error_of(app["Item"].replace_or_create(JsonObject{{"id", 50}, {"label", "n"}})).status, 404);
    EXPECT_EQ(wait_for(app["Coupon"].replace_or_create(JsonObject{{"code", "N"}, {"pct", 1}}))["pct"], Json{1});
}

TEST_F(Writing, AnIdInARecordMayBeSpelledOtherwise) {
    create("Item", JsonObject{{"label", "a"}});

    EXPECT_EQ(wait_for(app["Item"].patch_or_create(JsonObject{{"id", " 1 "}, {"label", "b"}}))["label"], Json{"b"});
    EXPECT_EQ(wait_for(app["Item"].replace_or_create(JsonObject{{"id", "1e0"}, {"label", "c"}}))["id"], Json{1});
    EXPECT_EQ(error_of(app["Item"].patch_or_create(JsonObject{{"id", "07"}})).message,
              "Could not update attributes. Object with id 07 does not exist!");
}

TEST_F(Writing, UpsertWithWhereChangesOneOrMakesOne) {
    create("Item", JsonObject{{"label", "a"}});
    create("Item", JsonObject{{"label", "b"}});
    create("Item", JsonObject{{"label", "b"}});
    auto& items = app["Item"];

    EXPECT_EQ(wait_for(items.upsert_with_where(equals("id", 1), JsonObject{{"label", "new"}}))["qty"], Json{1});
    EXPECT_EQ(wait_for(items.upsert_with_where(equals("label", "z"), JsonObject{{"label", "z"}}))["id"], Json{4});
    EXPECT_EQ(error_of(items.upsert_with_where(equals("label", "a"), JsonObject{{"qty", 9}})).status, 422);
    EXPECT_EQ(error_of(items.upsert_with_where(equals("label", "b"), JsonObject{{"label", "b"}})).status, 400);
    EXPECT_EQ(error_of(items.upsert_with_where({}, Json::object())).message, "data object cannot be empty!");
}

TEST_F(Writing, UpsertWithWhereKeepsTheIdOfTheRecordItFound) {
    create("Coupon", JsonObject{{"code", "A"}, {"pct", 1}});

    auto const changed =
        wait_for(app["Coupon"].upsert_with_where(equals("code", "A"), JsonObject{{"code", "B"}, {"pct", 2}}));

    EXPECT_EQ(changed["code"], Json{"A"});
    EXPECT_EQ(changed["pct"], Json{2});
}

TEST(WritingRules, AChangeByAConditionRefusesWhatIsNoDateAndCastsListsInLists) {
    SmallApp app{
        project_of({R"({"name": "Day", "properties": {"on": "date", "also": ["date"], "tags": ["string"]}})"})};
    auto& days = app.model("Day");
    wait_for(days.create(JsonObject{{"on", "2020-01-01"}}));
    auto const first = equals("id", 1);
    auto const tags = JsonObject{{"tags", parse_json("[[1],2]")}};

    for (auto const* data : {R"({"on":"abc"})", R"({"on":""})", R"({"also":["2020-01-01","abc"]})"}) {
        auto const error = error_of(days.update_all(first, parse_json(data)));
        EXPECT_EQ(error.status, 400) << data;
        EXPECT_TRUE(error.message.starts_with("Invalid date: ")) << error.message;
    }
    EXPECT_EQ(error_of(days.upsert_with_where(first, parse_json(R"({"also":["abc"]})"))).message, "Invalid date: abc");
    EXPECT_EQ(wait_for(days.update_all(first, tags)), 1);
    EXPECT_EQ(to_text(wait_for(days.find()).front()), R"({"on":"2020-01-01T00:00:00.000Z","tags":["1","2"],"id":1})");
    EXPECT_EQ(to_text(wait_for(days.upsert_with_where(first, tags))["tags"]), R"(["1","2"])");
    EXPECT_EQ(wait_for(days.update_all(first, parse_json(R"({"on":null,"also":[null]})"))), 1);
}

TEST_F(Writing, ABulkUpdateCountsAndNeverTouchesIds) {
    for (auto const* label : {"a", "b", "c"}) create("Item", JsonObject{{"label", label}});
    auto& items = app["Item"];

    EXPECT_EQ(wait_for(items.update_all(equals("label", "a"), JsonObject{{"qty", "7"}, {"id", 9}})), 1);
    EXPECT_EQ(wait_for(items.update_all({}, Json::object())), 3);
    EXPECT_EQ(wait_for(items.update_all(equals("id", 2), JsonObject{{"label", ""}, {"qty", "x"}})), 1);
    EXPECT_EQ(all("Item"),
              "{\"label\":\"a\",\"qty\":7,\"id\":1}\n{\"label\":\"\",\"id\":2,\"qty\":null}\n{\"label\":\"c\",\"qty\":"
              "1,\"id\":3}\n");
}

TEST_F(Writing, DeletingCounts) {
    for (int i = 0; i < 3; ++i) create("Item", JsonObject{{"label", "a"}});

    EXPECT_EQ(wait_for(app["Item"].delete_by_id(1)), 1);
    EXPECT_EQ(wait_for(app["Item"].delete_by_id(1)), 0);
    EXPECT_EQ(wait_for(app["Item"].delete_by_id("abc")), 0);
    EXPECT_EQ(wait_for(app["Item"].delete_all()), 2);
    EXPECT_EQ(create("Item", JsonObject{{"label", "b"}})["id"], Json{4});
}

TEST_F(Writing, ADefaultScopeIsWrittenOntoRecordsAndLimitsWhatIsFound) {
    auto const made = create("Article", JsonObject{{"title", "m"}, {"published", false}});
    EXPECT_EQ(made["published"], Json{true});

    auto& articles = app["Article"];
    wait_for(app.store().write([&](store::Transaction& transaction) {
        return [](store::Transaction& inner) -> Task<> {
            co_await inner.run({"UPDATE article SET published = 0", {}});
        }(transaction);
    }));

    EXPECT_FALSE(wait_for(articles.find_by_id(made["id"])));
    EXPECT_EQ(wait_for(articles.count()), 0);
    EXPECT_FALSE(wait_for(articles.exists(made["id"])));
    EXPECT_EQ(wait_for(articles.delete_all()), 0);
}

TEST_F(Writing, AModelWithoutAStoreKeepsNothing) {
    EXPECT_EQ(error_of(app["Address"].create(JsonObject{{"street", "s"}})).status, 501);
    EXPECT_EQ(error_of(app["Calc"].find()).status, 501);
    EXPECT_EQ(to_text(app["Note"].build(JsonObject{{"title", 5}, {"uid", "u"}, {"created", 0}})),
              R"({"title":"5","done":false,"created":"1970-01-01T00:00:00.000Z","uid":"u","level":3})");
}

// Hooks

TEST_F(Writing, HooksRunAroundAWriteInOrder) {
    std::string seen;
    for (auto const& [moment, name] : std::vector<std::pair<Moment, std::string>>{
             {Moment::before_save, "before "}, {Moment::persist, "persist "}, {Moment::after_save, "after "}}) {
        app["Item"].observe(moment, [&seen, name](HookContext& context) -> Task<> {
            seen += name + (context.is_new ? "new " : "") + (context.instance ? "whole;" : "part;");
            return []() -> Task<> { co_return; }();
        });
    }

    create("Item", JsonObject{{"label", "a"}});
    wait_for(app["Item"].patch_attributes(1, JsonObject{{"qty", 2}}));
    wait_for(app["Item"].replace_by_id(1, JsonObject{{"label", "b"}}));

    EXPECT_EQ(seen,
              "before new whole;persist new whole;after new whole;"
              "before part;persist part;after whole;"
              "before whole;persist whole;after whole;");
}

Task<> leave_word(HookContext& context) {
    context.state = JsonObject{{"said", "before"}};
    co_return;
}

TEST_F(Writing, WhatAHookLeavesIsThereForLaterHooksOfTheSameOperation) {
    std::string heard;
    auto const listen = [&heard](HookContext& context) -> Task<> {
        heard += to_text(context.state);
        co_return;
    };
    app["Item"].observe(Moment::before_save, leave_word);
    app["Item"].observe(Moment::before_delete, leave_word);
    app["Item"].observe(Moment::after_save, listen);
    app["Item"].observe(Moment::after_delete, listen);
    for (auto const& act :
         std::vector<std::function<void()>>{[&] { create("Item", JsonObject{{"label", "a"}}); },
                                            [&] { wait_for(app["Item"].patch_attributes(1, JsonObject{{"qty", 2}})); },
                                            [&] { wait_for(app["Item"].replace_by_id(1, JsonObject{{"label", "b"}})); },
                                            [&] { wait_for(app["Item"].update_all({}, JsonObject{{"qty", 3}})); },
                                            [&] { wait_for(app["Item"].delete_by_id(1)); }}) {
        heard.clear();
        act();
        EXPECT_EQ(heard, R"({"said":"before"})");
    }
}

Task<> set_label(HookContext& context) {
    (*(context.instance ? context.instance : context.data)).as_object().set("label", "hooked");
    co_return;
}

Task<> add_note(Transaction& transaction, Model& notes, Json id) {
    co_await transaction.create(notes, JsonObject{{"title", id}});
}

Task<> also_a_note(HookContext& context, Model& notes) {
    context.also([&notes](Transaction& transaction, Json id) { return add_note(transaction, notes, std::move(id)); });
    co_return;
}

Task<> refuse(HookContext&) {
    throw Error{403, "no"};
    co_return;
}

TEST_F(Writing, WhatAHookChangesIsWhatIsKept) {
    app["Item"].observe(Moment::before_save, set_label);

    EXPECT_EQ(create("Item", Json::object())["label"], Json{"hooked"});
    EXPECT_EQ(wait_for(app["Item"].patch_attributes(1, JsonObject{{"label", "x"}}))["label"], Json{"hooked"});
    EXPECT_EQ((*wait_for(app["Item"].find_by_id(1)))["label"], Json{"hooked"});
}

TEST_F(Writing, WhatAHookAddsCommitsWithTheRecordOrNotAtAll) {
    app["Coupon"].observe(Moment::before_save, [&](HookContext& context) { return also_a_note(context, app["Note"]); });

    create("Coupon", JsonObject{{"code", "A"}, {"pct", 1}});
    error_of(app["Coupon"].create(JsonObject{{"code", "A"}, {"pct", 1}}));
    wait_for(app["Coupon"].patch_attributes("A", Json::object()));

    auto const notes = wait_for(app["Note"].find({.fields = {.only = {"title", "id"}, .except = {}}}));
    EXPECT_EQ(to_text(Json{notes}), R"([{"title":"A","id":1},{"title":"A","id":2}])");
}

TEST_F(Writing, AHookThatThrowsKeepsTheRecordOut) {
    app["Item"].observe(Moment::before_save, refuse);
    app["Note"].observe(Moment::before_delete, refuse);
    create("Note", JsonObject{{"title", "a"}});

    EXPECT_EQ(error_of(app["Item"].create(JsonObject{{"label", "a"}})).status, 403);
    EXPECT_EQ(error_of(app["Note"].delete_by_id(1)).status, 403);
    EXPECT_EQ(wait_for(app["Item"].count()) + wait_for(app["Note"].count()), 1);
}

TEST_F(Writing, HooksOfABaseModelRunFirst) {
    std::string order;
    auto const note = [&order](std::string name) {
        return [&order, name](HookContext& context) -> Task<> {
            order += name + "(" + context.model.name() + ") ";
            return []() -> Task<> { co_return; }();
        };
    };
    app["Customer"].observe(Moment::before_save, note("own"));
    app["User"].observe(Moment::before_save, note("base"));

    create("Customer", JsonObject{{"email", "a@x.test"}, {"password", "p"}});

    EXPECT_EQ(order, "base(Customer) own(Customer) ");
}

Task<> motto(Json const& record, std::vector<Problem>& problems) {
    if (record["motto"] == Json{"bad"}) problems.push_back({"motto", "motto.bad", "must not be bad"});
    co_return;
}

TEST_F(Writing, AnAddedValidationSpeaksLikeADeclaredOne) {
    app["Account"].add_validation(motto);

    auto const error = error_of(app["Account"].create(JsonObject{{"handle", "a"}, {"kind", "pro"}, {"motto", "bad"}}));

    EXPECT_EQ(error.message, "The `Account` instance is not valid. Details: `motto` must not be bad (value: \"bad\").");
    EXPECT_EQ(to_text(error.details["codes"]), R"({"motto":["motto.bad"]})");
}

}  // namespace
}  // namespace sallyport::model

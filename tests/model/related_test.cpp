#include "model/related.hpp"

#include "model/contract_models.hpp"
#include "query/parse.hpp"
#include "small_app.hpp"

namespace sallyport::model {
namespace {

// Products 1 and 2, the first with two reviews; the third review leads nowhere, the fourth has no product.
class Related : public testing::Test {
protected:
    void SetUp() override {
        create("Product", JsonObject{{"name", "p"}});
        create("Product", JsonObject{{"name", "q"}});
        create("Review", JsonObject{{"stars", 5}, {"text", "good"}, {"productId", 1}});
        create("Review", JsonObject{{"stars", 2}, {"productId", 1}});
        create("Review", JsonObject{{"stars", 1}, {"productId", 99}});
        create("Review", JsonObject{{"stars", 1}, {"productId", nullptr}});
    }

    void create(std::string_view model, Json data) { wait_for(app[model].create(std::move(data))); }

    std::string found(std::string_view model, std::string_view text) {
        auto filter = query::read_filter(parse_json(text), app[model].definition(), app.models().registry(),
                                         {.max_include_depth = 12});
        std::string out;
        for (auto const& record : wait_for(app[model].find(std::move(filter)))) out += to_text(record) + "\n";
        return out;
    }

    ContractModels app;
};

TEST_F(Related, HasManyGivesAnArrayToEveryParent) {
    EXPECT_EQ(found("Product", R"({"fields":["id","name"],"include":"reviews"})"),
              "{\"name\":\"p\",\"id\":1,\"reviews\":[{\"stars\":5,\"text\":\"good\",\"id\":1,\"productId\":1},"
              "{\"stars\":2,\"id\":2,\"productId\":1}]}\n"
              "{\"name\":\"q\",\"id\":2,\"reviews\":[]}\n");
}

TEST(RelatedOrder, IsThatOfIdsUnlessTheScopeOfTheModelHasOne) {
    SmallApp app{project_of({R"({"name": "Shelf", "relations": {"books": {"type": "hasMany", "model": "Book"},
                                                                "pens": {"type": "hasMany", "model": "Pen"}}})",
                             R"({"name": "Book", "properties": {"name": "string"}, "scope": {"order": "name"}})",
                             R"({"name": "Pen", "properties": {"name": "string"}})"})};
    for (auto const* model : {"Book", "Pen"}) {
        for (auto const* name : {"c", "b", "a"}) {
            for (auto const shelf : {2, 1}) {
                wait_for(app.model(model).create(JsonObject{{"name", name}, {"shelfId", shelf}}));
            }
        }
    }
    wait_for(app.model("Shelf").create(Json::object()));
    wait_for(app.model("Shelf").create(Json::object()));
    Filter filter;
    filter.include = {{"books", {}}, {"pens", {}}};

    for (auto const& shelf : wait_for(app.model("Shelf").find(filter))) {
        auto const names = [&](char const* relation) {
            std::string out;
            for (auto const& record : shelf[relation].as_array()) out += record["name"].as_string();
            return out;
        };
        EXPECT_EQ(names("books"), "abc");
        EXPECT_EQ(names("pens"), "cba");
    }
}

TEST_F(Related, ANestedListThroughAnotherModelIsLeftOutWhereItIsEmpty) {  // As LoopBack leaves it out.
    EXPECT_EQ(found("Product", R"({"where":{"id":1},"fields":["id"],"include":"categories"})"),
              "{\"id\":1,\"categories\":[]}\n");
    EXPECT_EQ(found("Review", R"({"where":{"id":1},"fields":["id"],"include":{"product":"categories"}})"),
              "{\"id\":1,\"product\":{\"name\":\"p\",\"stock\":0,\"active\":true,\"id\":1}}\n");
}

TEST_F(Related, BelongsToGivesARecordWhereThereIsOne) {
    EXPECT_EQ(found("Review",
                    R"({"fields":["id","productId"],"include":{"relation":"product","scope":{"fields":["name"]}}})"),
              "{\"id\":1,\"productId\":1,\"product\":{\"name\":\"p\",\"id\":1}}\n"
              "{\"id\":2,\"productId\":1,\"product\":{\"name\":\"p\",\"id\":1}}\n"
              "{\"id\":3,\"productId\":99}\n"
              "{\"id\":4,\"productId\":null}\n");
}

TEST_F(Related, KeysThatTheFieldsLeaveOutAreReadAndTakenOutAgain) {
    EXPECT_EQ(found("Review", R"({"where":{"id":1},"fields":["stars"],"include":"product"})"),
              "{\"stars\":5,\"product\":{\"name\":\"p\",\"stock\":0,\"active\":true,\"id\":1}}\n");
    EXPECT_EQ(found("Product",
                    R"({"where":{"id":2},"fields":{"id":false,"stock":false,"active":false},"include":"reviews"})"),
              "{\"name\":\"q\",\"reviews\":[]}\n");
}

TEST_F(Related, AScopeFiltersOrdersAndLimitsWithinEachParent) {
    create("Review", JsonObject{{"stars", 4}, {"productId", 2}});

    EXPECT_EQ(
        found(
            "Product",
            R"({"fields":["id"],"include":{"relation":"reviews","scope":{"order":"stars ASC","limit":1,"fields":["stars"]}}})"),
        "{\"id\":1,\"reviews\":[{\"stars\":2,\"productId\":1}]}\n{\"id\":2,\"reviews\":[{\"stars\":4,\"productId\":2}]}"
        "\n");
    EXPECT_EQ(
        found(
            "Product",
            R"({"fields":["id"],"include":{"relation":"reviews","scope":{"where":{"stars":{"gt":4}},"fields":["stars"]}}})"),
        "{\"id\":1,\"reviews\":[{\"stars\":5,\"productId\":1}]}\n{\"id\":2,\"reviews\":[]}\n");
}

TEST_F(Related, HasOneGivesOneOrNothing) {
    create("Team", JsonObject{{"name", "reds"}});
    create("Team", JsonObject{{"name", "blues"}});
    create("Captain", JsonObject{{"name", "cat"}, {"teamId", 1}});

    EXPECT_EQ(found("Team", R"({"include":{"captain":"team"}})"),
              "{\"name\":\"reds\",\"id\":1,\"captain\":{\"name\":\"cat\",\"id\":1,\"teamId\":1,\"team\":{\"name\":"
              "\"reds\",\"id\":1}}}\n"
              "{\"name\":\"blues\",\"id\":2}\n");
}

TEST_F(Related, IncludesNest) {
    create("Category", JsonObject{{"name", "root"}});
    create("Category", JsonObject{{"name", "kid"}, {"parentId", 1}});
    create("Category", JsonObject{{"name", "grandkid"}, {"parentId", 2}});

    EXPECT_EQ(found("Category", R"({"where":{"id":1},"include":{"children":"children"}})"),
              "{\"name\":\"root\",\"id\":1,\"children\":[{\"name\":\"kid\",\"id\":2,\"parentId\":1,"
              "\"children\":[{\"name\":\"grandkid\",\"id\":3,\"parentId\":2}]}]}\n");
}

TEST_F(Related, WhatTheJsonKeepsOutOfIncludesStaysOut) {
    create("Customer", JsonObject{{"email", "a@x.test"}, {"password", "p"}});

    EXPECT_FALSE(found("Customer", R"({"include":"accessTokens"})").contains("accessTokens"));
}

TEST_F(Related, EveryModelReachedIsAskedFor) {
    std::string asked;
    IncludeCheck const check = [&asked](StoredModel& related) {
        asked += related.name() + " ";
        return []() -> Task<> { co_return; }();
    };
    auto filter = query::read_filter(parse_json(R"({"include":{"product":"items"}})"), app["Review"].definition(),
                                     app.models().registry(), {.max_include_depth = 12});
    OperationOptions const options;

    wait_for(find_with(app["Review"], std::move(filter), options, check));

    EXPECT_EQ(asked, "Product Item ");
}

TEST_F(Related, ProtectedPropertiesAreNotSeenBelowAnotherRecord) {
    create("Keeper", JsonObject{{"name", "k"}});
    create("Secret", JsonObject{{"name", "s"}, {"pin", "1"}, {"hint", "h"}, {"keeperId", 1}});
    Filter filter;
    filter.include.push_back({"secrets", {}});

    auto const keeper = wait_for(app["Keeper"].find(filter)).front();

    EXPECT_EQ(to_text(app["Keeper"].visible(keeper)),
              R"({"name":"k","id":1,"secrets":[{"name":"s","id":1,"keeperId":1}]})");
}

TEST_F(Related, ThroughAModelEachParentGetsWhatItsRowsName) {
    for (auto const* name : {"x", "y"}) create("Category", JsonObject{{"name", name}});
    for (auto const& [product, category] : std::vector<std::pair<int, int>>{{1, 2}, {1, 1}, {2, 2}, {2, 99}}) {
        create("CategoryProduct", JsonObject{{"productId", product}, {"categoryId", category}});
    }

    EXPECT_EQ(found("Product", R"({"fields":["id"],"include":"categories"})"),
              "{\"id\":1,\"categories\":[{\"name\":\"x\",\"id\":1},{\"name\":\"y\",\"id\":2}]}\n"
              "{\"id\":2,\"categories\":[{\"name\":\"y\",\"id\":2}]}\n");
    EXPECT_EQ(found("Product",
                    R"({"fields":["id"],"include":{"relation":"categories","scope":{"order":"name DESC","limit":1}}})"),
              "{\"id\":1,\"categories\":[{\"name\":\"y\",\"id\":2}]}\n{\"id\":2,\"categories\":[{\"name\":\"y\",\"id\":"
              "2}]}\n");
}

TEST_F(Related, ReferencesComeInTheOrderOfTheList) {
    for (auto const* title : {"one", "two", "three"}) create("Track", JsonObject{{"title", title}});
    create("Playlist", JsonObject{{"title", "mix"}, {"trackIds", JsonArray{3, 99, 1}}});

    EXPECT_EQ(found("Playlist", R"({"fields":["id"],"include":"tracks"})"),
              "{\"id\":1,\"tracks\":[{\"title\":\"three\",\"id\":3},{\"title\":\"one\",\"id\":1}]}\n");
    EXPECT_EQ(
        found(
            "Playlist",
            R"({"fields":["id"],"include":{"relation":"tracks","scope":{"order":"id ASC","limit":1,"fields":["id"]}}})"),
        "{\"id\":1,\"tracks\":[{\"id\":1}]}\n");
}

TEST_F(Related, EmbeddedRecordsAreGivenUnderTheNameOfTheRelation) {
    create("Profile", JsonObject{{"name", "p"},
                                 {"billing", JsonObject{{"street", "s"}}},
                                 {"contactList", JsonArray{JsonObject{{"id", 1}, {"kind", "mail"}}}}});
    create("Profile", JsonObject{{"name", "q"}});
    create("Profile", JsonObject{{"name", "r"}, {"billing", nullptr}, {"contactList", nullptr}});

    EXPECT_EQ(found("Profile", R"({"fields":["id"],"include":["billingAddress","contacts"]})"),
              "{\"id\":1,\"billingAddress\":{\"street\":\"s\"},\"contacts\":[{\"id\":1,\"kind\":\"mail\"}]}\n"
              "{\"id\":2,\"contacts\":[]}\n{\"id\":3,\"contacts\":[]}\n");
}

TEST_F(Related, HoweverManyParentsThereIsOneQueryForEachRelation) {
    for (int i = 1; i <= 20; ++i) {
        create("Category", JsonObject{{"name", "c"}});
        create("CategoryProduct", JsonObject{{"productId", 1 + i % 2}, {"categoryId", i}});
        create("Track", JsonObject{{"title", "t"}});
        create("Playlist", JsonObject{{"title", "mix"}, {"trackIds", JsonArray(1, Json{i})}});
    }
    std::string queries;
    for (auto const* name : {"Category", "CategoryProduct", "Track", "Review"}) {
        app[name].observe(Moment::access, [&queries, name](HookContext&) -> Task<> {
            queries += std::string{name} + " ";
            co_return;
        });
    }

    found("Product", R"({"include":["categories","reviews"]})");
    found("Playlist", R"({"include":"tracks"})");

    EXPECT_EQ(queries, "CategoryProduct Category Review Track ");
}

TEST_F(Related, ARelationThatIsNoneIsRefused) {
    Filter filter;
    filter.include.push_back({"nothing", {}});

    EXPECT_EQ(error_of(app["Product"].find(filter)).message, "Relation \"nothing\" is not defined for Product model");
}

TEST_F(Related, WhatWouldRepeatTooMuchIsRefused) {
    for (int i = 0; i < 300; ++i)
        create("Review", JsonObject{{"stars", 1}, {"text", std::string(1000, 'x')}, {"productId", 2}});
    EXPECT_NO_THROW(found("Review", R"({"where":{"productId":2},"include":"product"})"));
    EXPECT_NO_THROW(found("Product", R"({"include":{"reviews":"product"}})"));
    try {
        found("Review", R"({"where":{"productId":2},"include":{"product":"reviews"}})");
        FAIL() << "90 MB of a hundred letters";
    } catch (Error const& error) {
        EXPECT_EQ(error.status, 400);
        EXPECT_TRUE(error.message.contains("limit")) << error.message;
    }
}

TEST_F(Related, HowManyParentsThereAreDoesNotMatter) {
    for (int i = 0; i < 50; ++i) create("Item", JsonObject{{"label", "x"}, {"productId", 1 + i % 2}});
    Filter filter;
    filter.include.push_back({"product", {}});

    auto const items = wait_for(app["Item"].find(filter));

    ASSERT_EQ(items.size(), 50U);
    for (auto const& item : items) EXPECT_EQ(item["product"]["id"], item["productId"]);
}

}  // namespace
}  // namespace sallyport::model

#include "model/contract_models.hpp"
#include "query/parse.hpp"

namespace sallyport::model {
namespace {

class Reading : public testing::Test {
protected:
    void create(std::string_view model, Json data) { wait_for(app[model].create(std::move(data))); }

    std::string found(std::string_view model, Filter filter) {
        std::string out;
        for (auto const& record : wait_for(app[model].find(std::move(filter)))) out += to_text(record) + "\n";
        return out;
    }

    Filter filter(std::string_view model, std::string_view text) {
        return query::read_filter(parse_json(text), app[model].definition(), app.models().registry(),
                                  {.max_include_depth = 12});
    }

    ContractModels app;
};

TEST_F(Reading, TextAndRecordsSayTheSame) {
    create("Note", JsonObject{{"title", "full"},
                              {"count", 1.5},
                              {"due", "2015-06-01"},
                              {"tags", JsonArray{"a", nullptr}},
                              {"meta", JsonObject{{"a", 1}}},
                              {"body", nullptr},
                              {"extra", true}});
    create("Note", JsonObject{{"title", "other"}});
    auto& notes = app["Note"];

    auto const record = *wait_for(notes.find_by_id(1));
    auto const text = wait_for(notes.find_by_id_text(1, {}))->text;

    EXPECT_EQ(parse_json(text), parse_json(to_text(record)));
    EXPECT_EQ(wait_for(notes.find_text(filter("Note", R"({"fields":["title"]})"))).text,
              R"([{"title":"full"},{"title":"other"}])");
    EXPECT_EQ(wait_for(notes.find_text(filter("Note", R"({"where":{"title":"none"}})"))).text, "[]");
}

TEST_F(Reading, NearComesNearestFirstWithinTheDistancesAsked) {
    for (auto const& [name, lat, lng] : std::vector<std::tuple<char const*, double, double>>{
             {"ny", 40.71, -74}, {"la", 34.05, -118.24}, {"sf", 37.77, -122.42}}) {
        create("Place", JsonObject{{"name", name}, {"location", JsonObject{{"lat", lat}, {"lng", lng}}}});
    }
    create("Place", JsonObject{{"name", "nowhere"}});
    auto const names = [&](std::string const& where, std::string const& more = "") {
        return wait_for(app["Place"].find_text(
                            filter("Place", R"({"fields":["name"],"where":{"location":)" + where + "}" + more + "}")))
            .text;
    };

    EXPECT_EQ(names(R"({"near":"37.77,-122.42"})"), R"([{"name":"sf"},{"name":"la"},{"name":"ny"}])");
    EXPECT_EQ(names(R"({"near":[40.7,-74]})", R"(,"limit":1)"), R"([{"name":"ny"}])");
    EXPECT_EQ(names(R"({"near":{"lat":37.77,"lng":-122.42},"maxDistance":600,"unit":"kilometers"})"),
              R"([{"name":"sf"},{"name":"la"}])");
    EXPECT_EQ(names(R"({"near":{"lat":37.77,"lng":-122.42},"maxDistance":340})"), R"([{"name":"sf"}])");
    EXPECT_EQ(names(R"({"near":"37.77,-122.42","minDistance":100})"), R"([{"name":"la"},{"name":"ny"}])");
    EXPECT_EQ(wait_for(app["Place"].count(filter("Place", R"({"where":{"location":{"near":"0,0"}}})").where)), 3);
}

TEST_F(Reading, AnIdThatCannotBeOneFindsNothing) {
    create("Note", JsonObject{{"title", "a"}});

    for (auto const& id : {Json{"abc"}, Json{}, Json{nullptr}, Json{9}, Json{""}}) {
        EXPECT_FALSE(wait_for(app["Note"].find_by_id(id))) << to_text(id);
        EXPECT_FALSE(wait_for(app["Note"].find_by_id_text(id, {}))) << to_text(id);
        EXPECT_FALSE(wait_for(app["Note"].exists(id))) << to_text(id);
    }
    for (auto const& id : {Json{1}, Json{"1"}, Json{"01"}})
        EXPECT_TRUE(wait_for(app["Note"].exists(id))) << to_text(id);
}

TEST_F(Reading, RowsMustBecomeRecordsWhereSomethingLooksAtThem) {
    EXPECT_TRUE(app["Note"].reads_are_plain({}));
    EXPECT_TRUE(app["Secret"].reads_are_plain({}));
    EXPECT_FALSE(app["Product"].reads_are_plain(filter("Product", R"({"include":"reviews"})")));
    EXPECT_FALSE(app["Article"].reads_are_plain({}));      // a default scope
    EXPECT_FALSE(app["AccessToken"].reads_are_plain({}));  // ids that not everyone may see
    EXPECT_FALSE(app["Calc"].reads_are_plain({}));
    app["Note"].observe(Moment::loaded, [](HookContext&) { return []() -> Task<> { co_return; }(); });
    EXPECT_FALSE(app["Note"].reads_are_plain({}));
}

Task<> stamp(HookContext& context) {
    context.instance->as_object().set("seen", true);
    co_return;
}

Task<> only_first(HookContext& context) {
    context.filter->where = all_of({context.filter->where, equals("id", 1)});
    co_return;
}

TEST_F(Reading, HooksSeeWhatIsAskedAndWhatIsFound) {
    create("Item", JsonObject{{"label", "a"}});
    create("Item", JsonObject{{"label", "b"}});
    app["Item"].observe(Moment::access, only_first);
    app["Item"].observe(Moment::loaded, stamp);

    EXPECT_EQ(found("Item", {}), "{\"label\":\"a\",\"qty\":1,\"id\":1,\"seen\":true}\n");
    EXPECT_EQ(wait_for(app["Item"].count()), 1);
    EXPECT_FALSE(wait_for(app["Item"].find_by_id(2)));
    EXPECT_FALSE(wait_for(app["Item"].exists(2)));
    EXPECT_EQ(wait_for(app["Item"].delete_all()), 1);
}

TEST_F(Reading, HiddenPropertiesAreThereForUsAndNeverForClients) {
    create("Secret", JsonObject{{"name", "s"}, {"pin", "1234"}, {"deep", nullptr}, {"hint", "h"}});
    auto& secrets = app["Secret"];
    auto const record = *wait_for(secrets.find_by_id(1));

    EXPECT_EQ(record["pin"], Json{"1234"});
    EXPECT_EQ(to_text(secrets.visible(record)), R"({"name":"s","hint":"h","id":1})");
    EXPECT_EQ(to_text(secrets.visible(record, true)), R"({"name":"s","id":1})");
    EXPECT_EQ(wait_for(secrets.find_text({})).text, R"([{"name":"s","hint":"h","id":1}])");
}

TEST_F(Reading, AnAccessTokenShowsItselfOnlyToWhoPresentedIt) {
    JsonObject const row{{"id", "sha256:0123456789abcdef"}, {"ttl", 5}};
    Caller ann;
    ann.token_id = "sha256:0123456789abcdef";
    ann.token = "clear";
    Caller bob;
    bob.token_id = "sha256:fedcba9876543210";
    bob.token = "other";
    auto const& tokens = app["AccessToken"];

    EXPECT_EQ(to_text(tokens.visible(row, ann)), R"({"id":"clear","ttl":5})");
    EXPECT_EQ(to_text(tokens.visible(row, bob)), R"({"id":"01234567","ttl":5})");
    EXPECT_EQ(to_text(tokens.visible(row, Caller{})), R"({"id":"01234567","ttl":5})");
    EXPECT_EQ(to_text(tokens.visible(row)), R"({"id":"01234567","ttl":5})");
    EXPECT_EQ(to_text(tokens.visible(tokens.visible(row, ann))), R"({"id":"clear","ttl":5})");  // and once is enough
}

}  // namespace
}  // namespace sallyport::model

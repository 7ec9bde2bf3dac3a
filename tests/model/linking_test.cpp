#include "model/contract_models.hpp"

namespace sallyport::model {
namespace {

class Linking : public testing::Test {
protected:
    void SetUp() override {
        wait_for(app["Playlist"].create(JsonObject{{"title", "mix"}, {"trackIds", JsonArray{1}}}));
    }

    static Task<Json> extended(Json now, Json id) {
        now.as_array().push_back(std::move(id));
        co_return now;
    }
    static Task<Json> given(Json value) { co_return value; }

    std::string ids() { return to_text((*wait_for(app["Playlist"].find_one()))["trackIds"]); }

    ContractModels app;
};

TEST_F(Linking, WhatMatchesIsFoundAndElseMadeOnce) {
    auto const where = equals("title", "new");

    auto const made = wait_for(app["Track"].find_or_create(where, JsonObject{{"title", "new"}}));
    auto const found = wait_for(app["Track"].find_or_create(where, JsonObject{{"title", "other"}}));

    EXPECT_TRUE(made.is_new);
    EXPECT_FALSE(found.is_new);
    EXPECT_EQ(found.record, made.record);
    EXPECT_EQ(error_of(app["Track"].find_or_create(equals("title", "x"), JsonObject{})).status, 422);
    EXPECT_EQ(error_of(app["Track"].find_or_create(where, JsonObject{})).status, 422);  // What is there or not.
}

TEST_F(Linking, WhatSomeoneElseMadeMeanwhileIsFound) {
    auto const where = equals("title", "new");
    bool is_first = true;
    // Between looking and writing, another request makes it.
    app["Track"].observe(Moment::persist, [&](HookContext& context) -> Task<> {
        if (std::exchange(is_first, false)) co_await context.model.create(JsonObject{{"title", "new"}, {"secs", 1}});
    });
    int saved = 0;
    app["Track"].observe(Moment::after_save, [&](HookContext&) -> Task<> {
        ++saved;
        co_return;
    });

    auto const found = wait_for(app["Track"].find_or_create(where, JsonObject{{"title", "new"}}));

    EXPECT_FALSE(found.is_new);
    EXPECT_EQ(found.record["secs"], Json{1});
    EXPECT_EQ(saved, 1);
    EXPECT_EQ(wait_for(app["Track"].count()), 1);
}

TEST_F(Linking, AChangeStartsAgainWhereSomeoneElseWasFaster) {
    int rounds = 0;
    auto const change = [&](Json now, auto&) {
        // The first time, another request gets in before us.
        if (rounds++ == 0) wait_for(app["Playlist"].patch_attributes(1, JsonObject{{"trackIds", JsonArray{1, 2}}}));
        return extended(std::move(now), 3);
    };

    auto const record = wait_for(app["Playlist"].change_property(1, "trackIds", change));

    EXPECT_EQ(rounds, 2);
    EXPECT_EQ(to_text(record["trackIds"]), "[1,2,3]");
    EXPECT_EQ(ids(), "[1,2,3]");
}

TEST_F(Linking, AnotherPropertyMayChangeMeanwhile) {
    int rounds = 0;
    auto const change = [&](Json now, auto&) {
        if (rounds++ == 0) wait_for(app["Playlist"].patch_attributes(1, JsonObject{{"title", "other"}}));
        return extended(std::move(now), 3);
    };

    wait_for(app["Playlist"].change_property(1, "trackIds", change));

    EXPECT_EQ(rounds, 1);
    EXPECT_EQ((*wait_for(app["Playlist"].find_one()))["title"], Json{"other"});
}

TEST_F(Linking, AChangeThatIsAlwaysOvertakenGivesUp) {
    int rounds = 1;
    auto const change = [&](Json now, auto&) {
        wait_for(app["Playlist"].patch_attributes(1, JsonObject{{"trackIds", JsonArray(1, Json{++rounds})}}));
        return extended(std::move(now), 0);
    };

    EXPECT_EQ(error_of(app["Playlist"].change_property(1, "trackIds", change)).status, 503);
}

TEST_F(Linking, WhatIsAddedCommitsWithTheChangeOrNotAtAll) {
    auto const insert = [](Transaction& transaction, Json const&) -> Task<> {
        co_await transaction.rows().run({"INSERT INTO track (title) VALUES (?1)", {std::string{"also"}}});
    };
    auto const change = [&](Json const&, auto& also) {
        also.push_back(insert);
        return given(parse_json("[5,5]"));  // Twice is not valid.
    };
    EXPECT_EQ(error_of(app["Playlist"].change_property(1, "trackIds", change)).status, 422);
    EXPECT_EQ(wait_for(app["Track"].count()), 0);

    wait_for(app["Playlist"].change_property(1, "trackIds", [&](Json const&, auto& also) {
        also.push_back(insert);
        return given(parse_json("[5]"));
    }));
    EXPECT_EQ(wait_for(app["Track"].count()), 1);
}

TEST_F(Linking, AnUnknownRecordIsNotFoundAndNothingToChangeIsNoWrite) {
    auto const nothing = [](Json const&, auto&) { return given({}); };

    EXPECT_EQ(error_of(app["Playlist"].change_property(9, "trackIds", nothing)).message,
              "could not find a model with id 9");
    EXPECT_EQ(error_of(app["Playlist"].change_property("x", "trackIds", nothing)).status, 404);
    EXPECT_EQ(wait_for(app["Playlist"].change_property(1, "trackIds", nothing))["title"], Json{"mix"});
    EXPECT_EQ(ids(), "[1]");
}

}  // namespace
}  // namespace sallyport::model

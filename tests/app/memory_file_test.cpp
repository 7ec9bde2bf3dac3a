#include "app/memory_file.hpp"

#include "small_app.hpp"

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>

namespace sallyport::app {
namespace {

/// Opens `json` as what LoopBack's memory connector left, in an app with the models Note and Word.
class MemoryFile : public testing::Test {
protected:
    void import(std::string const& json) {
        folder.write("data.json", json);
        std::vector<query::Table> const tables{query::make_table(app.model("Note").definition()),
                                               query::make_table(app.model("Word").definition())};
        app.store->prepare(plan_import(folder.path() / "data.json", tables));
    }

    std::string refusal(std::string const& json) {
        try {
            import(json);
        } catch (std::runtime_error const& error) {
            std::string const text = error.what();
            return text.substr(text.find("data.json: ") + 11);
        }
        return "";
    }

    std::string stored(std::string_view model) {
        std::string out;
        for (auto const& record : wait_for(app.model(model).find())) out += to_text(record);
        return out;
    }

    SmallApp app{project_of(
        {R"({"name": "Note", "base": "PersistedModel", "properties": {"text": "string", "day": "date", "tags": ["string"]}})",
         R"({"name": "Word", "base": "PersistedModel", "options": {"memory": {"collection": "Dictionary"}},
             "properties": {"text": {"type": "string", "id": true, "generated": false}}})"})};
    Folder folder;
};

TEST_F(MemoryFile, EveryRecordIsTakenOverWithItsNullsAndUnknownNames) {
    import(R"({"ids": {"Note": 3}, "models": {"Note": {
        "1": "{\"text\":null,\"day\":\"2015-06-01T10:00:00.000Z\",\"tags\":[\"a\"],\"more\":{\"b\":1},\"id\":1}",
        "2": "{\"text\":\"x\",\"id\":2}"}}})");

    EXPECT_EQ(stored("Note"), R"({"day":"2015-06-01T10:00:00.000Z","tags":["a"],"id":1,"text":null,"more":{"b":1}})"
                              R"({"text":"x","id":2})");
}

TEST_F(MemoryFile, IdsGoOnWhereTheyStood) {
    import(R"({"ids": {"Note": 9}, "models": {"Note": {"2": "{\"id\":2}"}}})");

    EXPECT_EQ(to_text(app.create("Note", JsonObject{})), R"({"id":9})");
}

TEST_F(MemoryFile, IdsNeverGoBack) {
    import(R"({"ids": {"Note": 2}, "models": {"Note": {"7": "{\"id\":7}"}}})");

    EXPECT_EQ(to_text(app.create("Note", JsonObject{})), R"({"id":8})");
}

TEST_F(MemoryFile, ACollectionMayHaveAnotherName) {
    import(R"({"ids": {}, "models": {"Dictionary": {"a": "{\"text\":\"a\"}"}, "Word": {"b": "{\"text\":\"b\"}"}}})");

    EXPECT_EQ(stored("Word"), R"({"text":"a"})");
}

TEST_F(MemoryFile, AFileThatIsNotThereOrEmptyHoldsNothing) {
    EXPECT_TRUE(plan_import(folder.path() / "none.json", {}).empty());
    import(" \n");
    EXPECT_EQ(stored("Note"), "");
}

TEST_F(MemoryFile, WhatCannotBeReadIsNamed) {
    auto const hint = "\n  hint: it is read once, into data.json.db; mend it, or take it away to start without it";
    EXPECT_EQ(refusal(R"({"models": {"Note": {"4": 1}}})"),
              std::string{"Note 4: a record is JSON within a text"} + hint);
    EXPECT_TRUE(refusal("{\n").starts_with("line ")) << refusal("{\n");
    EXPECT_TRUE(refusal(R"({"models": {"Note": {"4": "{"}}})").starts_with("Note 4: "));
    EXPECT_TRUE(refusal(R"({"models": {"Note": {"4": "[]"}}})").starts_with("Note 4: a record is an object"));
}

}  // namespace
}  // namespace sallyport::app

#include "methods/time_stamp.hpp"

#include "small_app.hpp"

#include <gtest/gtest.h>

namespace sallyport::methods {
namespace {

class TimeStamp : public testing::Test {
protected:
    TimeStamp() { add_time_stamps(*app.models, app.clock); }

    static Json sent(std::string_view text) {
        return JsonObject{{"text", text}, {"createdAt", "1999-01-01"}, {"updatedAt", "1999-01-01"}};
    }

    std::string stored(std::string_view model = "Note") {
        return to_text(wait_for(app.model(model).find_by_id(1)).value_or(Json{}));
    }

    SmallApp app{{{"server/config.json", "{}"},
                  {"server/datasources.json", R"({"db": {"connector": "memory"}})"},
                  {"server/model-config.json", R"({"Note": {"dataSource": "db"}, "Memo": {"dataSource": "db"}})"},
                  {"common/models/note.json", R"({"name": "Note", "strict": true, "properties": {"text": "string"},
                      "mixins": {"TimeStamp": true}})"},
                  {"common/models/memo.json", R"({"name": "Memo", "strict": true, "properties": {"made": "date"},
                      "mixins": {"TimeStamp": {"createdAt": "made", "updatedAt": "touched"}}})"}},
                 {time_stamp_mixin()}};
};

TEST_F(TimeStamp, ANewRecordHasBothWhateverTheClientSays) {
    app.create("Note", sent("a"));
    EXPECT_EQ(stored(),
              R"({"text":"a","id":1,"createdAt":"2015-06-01T10:00:00.000Z","updatedAt":"2015-06-01T10:00:00.000Z"})");
}

TEST_F(TimeStamp, EveryWayToChangeARecordMovesTheSecondAndKeepsTheFirst) {
    auto& notes = app.model("Note");
    app.create("Note", sent("a"));
    int hour = 10;
    for (auto const& change :
         std::vector<std::function<void()>>{[&] { wait_for(notes.patch_attributes(1, sent("b"))); },
                                            [&] { wait_for(notes.replace_by_id(1, sent("b"))); },
                                            [&] { wait_for(notes.update_all({}, sent("b"))); }}) {
        app.clock.advance(3'600'000);
        change();
        EXPECT_EQ(stored(), R"({"text":"b","id":1,"createdAt":"2015-06-01T10:00:00.000Z","updatedAt":"2015-06-01T)" +
                                std::to_string(++hour) + R"(:00:00.000Z"})");
    }
}

TEST_F(TimeStamp, TheModelMayNameItsProperties) {
    app.create("Memo", Json::object());
    EXPECT_EQ(stored("Memo"), R"({"made":"2015-06-01T10:00:00.000Z","id":1,"touched":"2015-06-01T10:00:00.000Z"})");
}

}  // namespace
}  // namespace sallyport::methods

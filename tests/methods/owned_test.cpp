#include "methods/owned.hpp"

#include "small_app.hpp"

#include <gtest/gtest.h>

namespace sallyport::methods {
namespace {

Task<bool> is_admin(std::string role, double id) { co_return role == "admin" && id == 9; }

class Owned : public testing::Test {
protected:
    Owned() {
        add_owners(*app.models, [](std::string const& role, Caller const& caller, auth::RoleQuestion const&) {
            return is_admin(role, caller.user_id.is_number() ? caller.user_id.as_number() : 0);
        });
    }

    static Caller caller(Json id, std::string model = "Reader") {
        return {.user_id = std::move(id), .user_model = std::move(model)};
    }

    Json make(std::string_view model, Caller const& who, Json data = Json::object()) {
        return wait_for(app.model(model).create(std::move(data), {.caller = &who, .is_remote = true}));
    }

    Json stored(std::string_view model = "Note") { return wait_for(app.model(model).find_by_id(1)).value_or(Json{}); }

    /// The status with which a call ends; 200 for none.
    template <class T>
    static int status_of(Task<T> task) {
        try {
            wait_for(std::move(task));
            return 200;
        } catch (Error const& error) {
            return error.status;
        }
    }

    static std::string model(std::string const& name, std::string const& mixin) {
        return R"({"name": ")" + name + R"(", "properties": {"text": "string"}, "mixins": {"Owned": )" + mixin +
               R"(}, "relations": {"shelf": {"type": "belongsTo", "model": "Shelf"},
                   "writer": {"type": "belongsTo", "model": "Reader"},
                   "editor": {"type": "belongsTo", "model": "Reader"}}})";
    }

    Caller const ann = caller(1);
    Caller const bob = caller(2);
    Caller const admin = caller(9);
    Caller const nobody{};
    SmallApp app{
        {{"server/config.json", "{}"},
         {"server/datasources.json", R"({"db": {"connector": "memory"}})"},
         {"server/model-config.json", R"({"Reader": {"dataSource": "db"}, "Shelf": {"dataSource": "db"},
                      "Note": {"dataSource": "db"}, "Diary": {"dataSource": "db"}})"},
         {"common/models/reader.json", R"({"name": "Reader", "base": "User"})"},
         {"common/models/shelf.json", R"({"name": "Shelf"})"},
         {"common/models/note.json", model("Note", "true")},
         {"common/models/diary.json",
          model("Diary", R"({"relation": "editor", "ownOnly": true, "unless": ["admin"], "endsWithOwner": true})")}},
        {owned_mixin()}};
};

TEST_F(Owned, ANewRecordBelongsToWhoeverMakesItWhateverTheySay) {
    EXPECT_EQ(make("Note", ann, JsonObject{{"writerId", 2}})["writerId"], 1);
    EXPECT_TRUE(make("Note", nobody, JsonObject{{"writerId", 2}})["writerId"].is_undefined());
    EXPECT_TRUE(make("Note", caller(1, "Customer"))["writerId"].is_undefined());
}

TEST_F(Owned, TheMixinMayNameAnotherRelation) { EXPECT_EQ(make("Diary", ann)["editorId"], 1); }

TEST_F(Owned, NoChangeGivesARecordAway) {
    make("Note", ann);
    auto& notes = app.model("Note");
    OperationOptions const options{.caller = &bob, .is_remote = true};
    Json const theirs{JsonObject{{"text", "b"}, {"writerId", 2}}};

    wait_for(notes.patch_attributes(1, theirs, options));
    EXPECT_EQ(stored()["writerId"], 1);
    wait_for(notes.replace_by_id(1, theirs, options));
    EXPECT_EQ(stored()["writerId"], 1);
    wait_for(notes.update_all({}, theirs, options));
    EXPECT_EQ(stored()["writerId"], 1);
    EXPECT_EQ(stored()["text"], "b");
}

TEST_F(Owned, CodeOfTheProgramMayNameTheOwner) {
    app.create("Note", JsonObject{{"writerId", 2}});
    EXPECT_EQ(stored()["writerId"], 2);
}

TEST_F(Owned, OthersRecordsAreNotThereWhereOnlyOwnOnesAre) {
    make("Diary", ann);
    auto& diaries = app.model("Diary");
    for (auto const& [who, seen] : {std::pair{&ann, 1}, {&bob, 0}, {&nobody, 0}, {&admin, 1}}) {
        OperationOptions const options{.caller = who, .is_remote = true};
        EXPECT_EQ(wait_for(diaries.count({}, options)), seen);
        EXPECT_EQ(wait_for(diaries.find_by_id(1, {}, options)).has_value(), seen == 1);
        EXPECT_EQ(wait_for(diaries.update_all({}, JsonObject{{"text", "x"}}, options)), seen);
        EXPECT_EQ(status_of(diaries.patch(stored("Diary"), JsonObject{{"text", "x"}}, options)), seen == 1 ? 200 : 404);
        EXPECT_EQ(status_of(diaries.replace_by_id(1, JsonObject{{"text", "x"}}, options)), seen == 1 ? 200 : 404);
    }
    make("Diary", ann);
    EXPECT_EQ(wait_for(diaries.delete_by_id(2, {.caller = &bob, .is_remote = true})), 0);
    EXPECT_EQ(wait_for(diaries.delete_by_id(2, {.caller = &ann, .is_remote = true})), 1);
}

TEST_F(Owned, WhoHasARoleThatItNamesIsNotBound) {
    EXPECT_EQ(make("Diary", admin, JsonObject{{"editorId", 2}})["editorId"], 2);
}

TEST_F(Owned, RecordsEndWithTheirOwnerWhereTheMixinSaysSo) {
    for (auto const* email : {"ann@x.test", "bob@x.test"})
        app.create("Reader", JsonObject{{"email", email}, {"password", "x"}});
    for (auto const* who : {&ann, &bob}) {
        make("Diary", *who);
        make("Note", *who);
    }
    wait_for(app.model("Reader").delete_by_id(1));
    auto const diaries = wait_for(app.model("Diary").find());
    ASSERT_EQ(diaries.size(), 1U);
    EXPECT_EQ(diaries.front()["editorId"], Json{2});
    EXPECT_EQ(wait_for(app.model("Note").count()), 2);
    EXPECT_EQ(status_of(app.model("Reader").delete_all(equals("email", Json{"bob@x.test"}))), 200);
    EXPECT_EQ(wait_for(app.model("Diary").count()), 0);
}

}  // namespace
}  // namespace sallyport::methods

#include "methods/change_stream.hpp"

#include "methods/crud.hpp"
#include "small_app.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace sallyport::methods {
namespace {

std::map<std::string, std::string> files() {
    return {{"server/config.json", "{}"},
            {"server/datasources.json", R"({"db": {"connector": "memory"}})"},
            {"server/model-config.json", R"({"Note": {"dataSource": "db"}, "Post": {"dataSource": "db"}})"},
            {"common/models/note.json", R"({"name": "Note", "base": "PersistedModel", "hidden": ["pin"],
                "strict": false, "properties": {"text": "string", "stars": "number", "pin": "string",
                "when": "date", "tags": ["string"]}})"},
            {"common/models/post.json", R"({"name": "Post", "base": "PersistedModel",
                "scope": {"where": {"isPublic": true}},
                "properties": {"text": "string", "isPublic": "boolean"}})"}};
}

class ChangeStream : public testing::Test {
protected:
    ChangeStream() {
        rules.heartbeat = std::chrono::milliseconds{0};  // What is there is given, and then a comment.
        rules.may_read_record = [this](Caller const&, model::StoredModel&, Json const& id,
                                       Json const& record) -> Task<bool> {
            last_asked = to_display(id) + " " + to_text(record);
            co_return may_read;
        };
        rules.session_lives = [this](Caller const&) -> Task<bool> { co_return session_lives; };
        add_crud(*app.models, rules);
    }

    /// Opens a stream on a model and takes its first words.
    void open(std::string_view name, std::string_view options = "{}") {
        auto& model = app.model(name);
        auto const& entries = model.methods();
        auto const found = std::ranges::find(entries, "createChangeStream",
                                             [](auto const& entry) -> std::string const& { return entry.spec.name; });
        Invocation call{.model = model,
                        .method = found->spec,
                        .caller = caller,
                        .request = request,
                        .arguments = JsonObject{{"options", parse_json(options)}},
                        .id = {},
                        .instance = {},
                        .result = {},
                        .status = 0,
                        .response_headers = {}};
        producer = std::get<Producer>(wait_for(found->body(call)));
        headers = call.response_headers;
        EXPECT_EQ(piece(), ":ok\n\n");
    }

    std::string piece() { return wait_for(producer()); }

    /// Every event up to the next comment, without what is the same in all of them.
    std::string events() {
        constexpr std::string_view before = "event: data\ndata: ";
        std::string all;
        for (;;) {
            auto text = piece();
            if (text == ":\n\n") return all;
            if (!text.starts_with(before) || !text.ends_with("\n\n")) return all + "[" + text + "]";
            all += text.substr(before.size(), text.size() - before.size() - 1);
        }
    }

    model::StoredModel& notes() { return app.model("Note"); }

    SmallApp app{files()};
    CrudRules rules;
    bool may_read = true;
    bool session_lives = true;
    std::string last_asked;
    Caller caller;
    Request request{.verb = "GET", .target = {}, .headers = {}, .body = {}, .peer = {}};
    Producer producer;
    Headers headers;
};

TEST_F(ChangeStream, EventsAreLoopBacks) {
    open("Note");
    app.create("Note", JsonObject{{"text", "a\nb"}});
    wait_for(notes().patch_attributes(1, JsonObject{{"stars", 5}}));
    wait_for(notes().replace_by_id(1, JsonObject{{"text", "new"}}));
    wait_for(notes().delete_by_id(1));
    EXPECT_EQ(events(), R"({"target":1,"data":{"text":"a\nb","id":1},"type":"create"})"
                        "\n"
                        R"({"target":1,"data":{"text":"a\nb","stars":5,"id":1},"type":"update"})"
                        "\n"
                        R"({"target":1,"data":{"text":"new","id":1},"type":"update"})"
                        "\n"
                        R"({"target":1,"where":{"id":1},"type":"remove"})"
                        "\n");
    EXPECT_EQ(headers.front().second, "text/event-stream");
}

TEST_F(ChangeStream, ABulkChangeIsAnEventForEachRecordAsItIsAfterwards) {
    for (auto const* text : {"a", "b", "c"}) app.create("Note", JsonObject{{"text", text}, {"stars", 1}});
    open("Note");
    wait_for(notes().update_all(equals("stars", 1), JsonObject{{"stars", 2}}));
    wait_for(notes().delete_all(equals("text", "b")));
    EXPECT_EQ(events(), R"({"target":1,"data":{"text":"a","stars":2,"id":1},"type":"update"})"
                        "\n"
                        R"({"target":2,"data":{"text":"b","stars":2,"id":2},"type":"update"})"
                        "\n"
                        R"({"target":3,"data":{"text":"c","stars":2,"id":3},"type":"update"})"
                        "\n"
                        R"({"target":2,"where":{"id":2},"type":"remove"})"
                        "\n");
}

TEST_F(ChangeStream, HiddenPropertiesAreNeverShown) {
    open("Note");
    app.create("Note", JsonObject{{"text", "a"}, {"pin", "1234"}});
    EXPECT_EQ(events(), "{\"target\":1,\"data\":{\"text\":\"a\",\"id\":1},\"type\":\"create\"}\n");
}

TEST_F(ChangeStream, OnlyWhatFitsTheConditionIsTold) {
    open(
        "Note",
        R"({"where": {"or": [{"stars": {"gt": 3}}, {"text": {"like": "%urgent%"}}, {"tags": "red"}, {"when": {"lt": "2001-01-01"}}]}})");
    app.create("Note", JsonObject{{"stars", 3}});
    app.create("Note", JsonObject{{"stars", 4}});
    app.create("Note", JsonObject{{"text", "is urgent!"}});
    app.create("Note", JsonObject{{"tags", JsonArray{"blue", "red"}}});
    app.create("Note", JsonObject{{"when", "2000-06-01"}});
    app.create("Note", JsonObject{{"when", "2002-06-01"}});
    wait_for(notes().delete_by_id(2));
    wait_for(notes().delete_by_id(1));
    auto const told = events();
    std::string targets;
    for (auto at = told.find("\"target\":"); at != std::string::npos; at = told.find("\"target\":", at + 1))
        targets += told[at + 9];
    EXPECT_EQ(targets, "23452");
}

TEST_F(ChangeStream, ARecordIsShownAsLoadedHooksShowIt) {
    open("Note");
    notes().observe(Moment::loaded, [](HookContext& context) -> Task<> {
        if (context.options.caller != nullptr) context.instance->as_object().set("text", "masked");
        co_return;
    });
    app.create("Note", JsonObject{{"text", "a"}});
    EXPECT_EQ(events(), "{\"target\":1,\"data\":{\"text\":\"masked\",\"id\":1},\"type\":\"create\"}\n");
}

TEST_F(ChangeStream, WhatAnAccessHookTakesFromReadersIsNotTold) {
    notes().observe(Moment::access, [](HookContext& context) -> Task<> {
        context.filter->where = all_of({std::move(context.filter->where), equals("text", "shown")});
        co_return;
    });
    open("Note");
    app.create("Note", JsonObject{{"text", "shown"}});
    app.create("Note", JsonObject{{"text", "kept back"}});
    EXPECT_EQ(events(), "{\"target\":1,\"data\":{\"text\":\"shown\",\"id\":1},\"type\":\"create\"}\n");
}

TEST_F(ChangeStream, ARecordOutsideTheModelsScopeIsNotTold) {
    app.store->prepare({{"INSERT INTO post (text, ispublic) VALUES ('draft', 0)", {}}});
    open("Post");
    app.store->prepare({{"UPDATE post SET ispublic = 1", {}}});
    wait_for(app.model("Post").patch_attributes(1, JsonObject{{"text", "shown"}}));
    app.store->prepare({{"UPDATE post SET ispublic = 0", {}}});
    app.model("Post").observe(Moment::persist, [](HookContext& context) -> Task<> {
        if (context.instance != nullptr) context.instance->as_object().set("isPublic", Json{false});
        co_return;
    });
    app.create("Post", JsonObject{{"text", "draft"}});
    EXPECT_EQ(events(),
              "{\"target\":1,\"data\":{\"text\":\"shown\",\"isPublic\":true,\"id\":1},\"type\":\"update\"}\n");
}

TEST_F(ChangeStream, EachRecordIsLookedAtBeforeItIsTold) {
    open("Note");
    may_read = false;
    app.create("Note", JsonObject{{"text", "a"}, {"pin", "1234"}});
    EXPECT_EQ(events(), "");
    EXPECT_EQ(last_asked, R"(1 {"text":"a","pin":"1234","id":1})");
    may_read = true;
    wait_for(notes().delete_by_id(1));
    EXPECT_EQ(events(), "{\"target\":1,\"where\":{\"id\":1},\"type\":\"remove\"}\n");
}

TEST_F(ChangeStream, ItEndsWithItsSessionBeforeAnythingMoreIsTold) {
    open("Note");
    session_lives = false;
    app.create("Note", JsonObject{{"text", "a"}});
    EXPECT_EQ(piece(), "");
}

TEST_F(ChangeStream, ItEndsWhereOneWriteChangesTooManyRecords) {
    std::string rows =
        "INSERT INTO note (text) SELECT 'x' FROM (WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1"
        " FROM n WHERE i < 1001) SELECT i FROM n)";
    app.store->prepare({{rows, {}}});
    open("Note");
    EXPECT_EQ(wait_for(notes().update_all({}, JsonObject{{"stars", 1}})), 1001);
    EXPECT_EQ(piece(), "");
}

Task<> add_note(Transaction& transaction, Model& notes) {
    co_await transaction.create(notes, JsonObject{{"text", "first"}});
    co_await transaction.update_all(notes, equals("text", "first"), JsonObject{{"text", "last"}});
}

TEST_F(ChangeStream, WhatAHookAddsIsToldOnceItHasCommitted) {
    open("Note");
    app.model("Post").observe(Moment::before_save, [this](HookContext& context) -> Task<> {
        context.also([this](Transaction& transaction, Json const&) { return add_note(transaction, notes()); });
        return []() -> Task<> { co_return; }();
    });
    app.model("Post").observe(Moment::persist, [](HookContext& context) -> Task<> {
        if ((*context.instance)["text"] == "bad")
            context.also([](Transaction&, Json const&) -> Task<> { throw Error{409, "no"}; });
        return []() -> Task<> { co_return; }();
    });
    EXPECT_THROW(app.create("Post", JsonObject{{"text", "bad"}}), Error);
    EXPECT_EQ(events(), "");
    app.create("Post", JsonObject{{"text", "good"}});
    EXPECT_EQ(events(), R"({"target":1,"data":{"text":"first","id":1},"type":"create"})"
                        "\n"
                        R"({"target":1,"data":{"text":"last","id":1},"type":"update"})"
                        "\n");
}

TEST_F(ChangeStream, AWriteThatFailsIsNotTold) {
    open("Note");
    app.create("Note", JsonObject{{"text", "a"}});
    notes().observe(Moment::persist, [](HookContext& context) -> Task<> {
        context.also([](Transaction&, Json) -> Task<> {
            throw Error{409, "no"};
            co_return;
        });
        co_return;
    });
    EXPECT_THROW(app.create("Note", JsonObject{{"text", "b"}}), Error);
    EXPECT_EQ(events(), "{\"target\":1,\"data\":{\"text\":\"a\",\"id\":1},\"type\":\"create\"}\n");
}

TEST_F(ChangeStream, AnUnknownOptionIsRefused) {
    try {
        open("Note", R"({"filter": {}})");
        ADD_FAILURE() << "it was taken";
    } catch (Error const& error) {
        EXPECT_EQ(error.status, 400);
        EXPECT_EQ(error.message, "A change stream has no option \"filter\"; it has where.");
    }
}

}  // namespace
}  // namespace sallyport::methods

#include "model/record_transaction.hpp"

#include "small_app.hpp"

#include <gtest/gtest.h>

#include <functional>

namespace sallyport::model {
namespace {

std::map<std::string, std::string> files() {
    return {{"server/config.json", "{}"},
            {"server/datasources.json", R"({"db": {"connector": "memory"}})"},
            {"server/model-config.json", R"({"Order": {"dataSource": "db"}, "Item": {"dataSource": "db"},
                "Person": {"dataSource": "db"}, "Draft": {"dataSource": null}})"},
            {"common/models/order.json", R"({"name": "Order", "properties": {"item": "string"}})"},
            {"common/models/item.json", R"({"name": "Item", "strict": true, "scope": {"where": {"shop": "a"}},
                "properties": {"name": {"type": "string", "required": true, "index": {"unique": true}}, "shop": "string",
                    "left": {"type": "number", "default": 2}}})"},
            {"common/models/person.json", R"({"name": "Person", "base": "User"})"},
            {"common/models/draft.json", R"({"name": "Draft"})"}};
}

using Work = std::function<Task<>(Transaction&, Json id)>;

class RecordTransactionTest : public testing::Test {
protected:
    RecordTransactionTest() {
        orders.observe(Moment::before_save, [this](HookContext& context) { return add(context, work); });
    }

    /// What a new order ends with, its hook adding `addition`: 200 or the status of the error.
    int order(Work addition) {
        work = std::move(addition);
        try {
            app.create("Order", JsonObject{{"item", "tea"}});
            return 200;
        } catch (Error const& error) {
            return error.status;
        }
    }

    std::string all(std::string_view name) {
        std::string text;
        for (auto const& record : wait_for(app.model(name).find())) text += to_text(record) + "\n";
        return text;
    }

    static Task<> add(HookContext& context, Work work) {
        if (work) context.also(std::move(work));
        co_return;
    }

    SmallApp app{files()};
    StoredModel& orders = app.model("Order");
    StoredModel& items = app.model("Item");
    Work work;
};

Task<> make(Transaction& transaction, Model& model, Json record) {
    co_await transaction.create(model, std::move(record));
}

Task<> make_and_refuse(Transaction& transaction, Model& items) {
    co_await transaction.create(items, JsonObject{{"name", "tea"}});
    throw Error{409, "no"};
}

// Takes one of what is ordered, if there is one left.
Task<> take_one(Transaction& transaction, Model& items) {
    auto const found = co_await transaction.find(items, {.where = equals("name", "tea")});
    if (found.empty() || found.front()["left"] == 0) throw Error{409, "none is left"};
    co_await transaction.update_all(items, equals("name", "tea"),
                                    JsonObject{{"left", found.front()["left"].as_number() - 1}});
}

Task<> remove_and_count(Transaction& transaction, Model& items, std::int64_t& removed) {
    removed = co_await transaction.delete_all(items, {});
}

TEST_F(RecordTransactionTest, ARecordIsMadeWithItsDefaultsIdAndScope) {
    Json made;
    EXPECT_EQ(order([&](Transaction& transaction, Json const&) {
                  return make(transaction, items, JsonObject{{"name", "tea"}});
              }),
              200);
    EXPECT_EQ(all("Item"), "{\"name\":\"tea\",\"shop\":\"a\",\"left\":2,\"id\":1}\n");
}

TEST_F(RecordTransactionTest, WhatItRefusesUndoesTheWriteAndAllThatWasAdded) {
    EXPECT_EQ(order([&](Transaction& transaction, Json const&) { return make_and_refuse(transaction, items); }), 409);
    EXPECT_EQ(all("Item") + all("Order"), "");
}

TEST_F(RecordTransactionTest, TheValidationsOfTheJsonAreMade) {
    for (auto const& record : {Json{Json::object()}, Json{JsonObject{{"name", "a"}, {"size", 1}}}}) {
        EXPECT_EQ(order([&](Transaction& transaction, Json const&) { return make(transaction, items, record); }), 422);
    }
    app.create("Item", JsonObject{{"name", "tea"}});
    EXPECT_EQ(order([&](Transaction& transaction, Json const&) {
                  return make(transaction, items, JsonObject{{"name", "tea"}});
              }),
              422);
    EXPECT_EQ(all("Order"), "");
}

TEST_F(RecordTransactionTest, WhatIsReadInItIsStillSoWhenItCommits) {
    app.create("Item", JsonObject{{"name", "tea"}});
    auto const take = [&](Transaction& transaction, Json const&) { return take_one(transaction, items); };
    EXPECT_EQ(order(take), 200);
    EXPECT_EQ(order(take), 200);
    EXPECT_EQ(order(take), 409);
    EXPECT_EQ(all("Order"), "{\"item\":\"tea\",\"id\":1}\n{\"item\":\"tea\",\"id\":2}\n");
}

TEST_F(RecordTransactionTest, NoHooksRunForWhatIsAdded) {
    items.observe(Moment::before_save, [](HookContext&) -> Task<> { throw Error{403, "no"}; });
    EXPECT_EQ(order([&](Transaction& transaction, Json const&) {
                  return make(transaction, items, JsonObject{{"name", "tea"}});
              }),
              200);
}

TEST_F(RecordTransactionTest, TheScopeOfAModelLimitsWhatIsChangedAndRemoved) {
    app.create("Item", JsonObject{{"name", "tea"}});
    wait_for(app.store->write([](store::Transaction& transaction) -> Task<> {
        co_await transaction.run({"INSERT INTO item (name, shop) VALUES ('salt', 'b')", {}});
    }));
    std::int64_t removed = 0;
    EXPECT_EQ(
        order([&](Transaction& transaction, Json const&) { return remove_and_count(transaction, items, removed); }),
        200);
    EXPECT_EQ(removed, 1);
}

// Their passwords are hashed, and their sessions ended, by hooks.
TEST_F(RecordTransactionTest, RecordsOfUserModelsAreNotChangedInIt) {
    EXPECT_THROW(order([&](Transaction& transaction, Json const&) {
                     return make(transaction, app.model("Person"), Json::object());
                 }),
                 std::logic_error);
    EXPECT_EQ(all("Order"), "");
}

TEST_F(RecordTransactionTest, ItReachesOnlyModelsOfItsDataSource) {
    EXPECT_THROW(order([&](Transaction& transaction, Json const&) {
                     return make(transaction, app.model("Draft"), Json::object());
                 }),
                 std::logic_error);
}

}  // namespace
}  // namespace sallyport::model

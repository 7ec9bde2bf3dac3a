#include "sallyport/app.hpp"

#include "app/parts.hpp"
#include "folder.hpp"

#include <gtest/gtest.h>

#include <thread>

namespace sallyport::app {
namespace {

class Nowhere final : public Sender {
public:
    Task<> send(Message) override { co_return; }
};

TEST(App, StartsOnlyIfSomethingSendsByEveryChannel) {
    Folder const folder{
        {{"server/config.json", "{}"},
         {"server/datasources.json", R"({"db": {"connector": "memory"}})"},
         {"server/model-config.json", R"({"_meta": {"sources": ["../common/models"]},
             "AccessToken": {"dataSource": "db", "public": false}, "Employee": {"dataSource": "db"}})"},
         {"common/models/employee.json", R"({"name": "Employee", "base": "User", "properties": {"mobile": "string"},
             "mixins": {"TwoFactor": {"channels": ["sms"], "phone": "mobile"}}})"}}};
    App app{folder.path(), {.port = 0, .make_keys = true}};
    try {
        app.start();
        ADD_FAILURE() << "it started";
    } catch (std::runtime_error const& error) {
        EXPECT_EQ(std::string{error.what()}.find("Employee: nothing sends by the channel \"sms\""), 0U) << error.what();
    }
    app.set_sender("sms", std::make_shared<Nowhere>());
    EXPECT_NO_THROW(app.start());
    app.stop();
}

TEST(App, WhatIsOverGoesWhileItRuns) {
    Folder const folder{{{"server/config.json", "{}"},
                         {"server/datasources.json", R"({"db": {"connector": "memory"}})"},
                         {"server/model-config.json", R"({"AccessToken": {"dataSource": "db", "public": false},
             "User": {"dataSource": "db"}})"}}};
    App app{folder.path(), {.port = 0, .make_keys = true}};
    auto& store = *app.parts().own_store;
    store.prepare(
        {{"INSERT INTO sallyport_tickets (user_model, user_id, digest, expires_at) VALUES ('User', '1', 'd', 1)", {}}});
    app.start();
    std::int64_t left = 1;
    while (left > 0) {
        store.inspect({"SELECT count(*) FROM sallyport_tickets", {}},
                      [&left](store::Row const& row) { left = row.integer(0); });
        std::this_thread::yield();
    }
    app.stop();
    EXPECT_EQ(left, 0);
}

}  // namespace
}  // namespace sallyport::app

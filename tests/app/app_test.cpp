#include "sallyport/app.hpp"

#include "app/parts.hpp"
#include "folder.hpp"

#include <gtest/gtest.h>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include <latch>
#include <memory>
#include <thread>
#include <utility>

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

Folder folder_with_users() {
    return Folder{{{"server/config.json", "{}"},
                   {"server/datasources.json", R"({"db": {"connector": "memory"}})"},
                   {"server/model-config.json", R"({"AccessToken": {"dataSource": "db", "public": false},
                       "User": {"dataSource": "db"}})"}}};
}

TEST(App, AFolderIsServedAlsoFromAListThatHasNoOther) {
    auto const folder = folder_with_users();
    folder.write("client/a.txt", "it is here");
    folder.write("server/middleware.json",
                 R"({"files": {"loopback#static": [{"enabled": false}, {"params": "$!../client"}]}})");
    App app{folder.path(), {.port = 0, .make_keys = true}};
    Request request;
    request.verb = "GET";
    request.target = "/a.txt";
    ASSERT_TRUE(app.parts().api_parts->files);
    auto const answer = app.parts().api_parts->files(request);
    ASSERT_TRUE(answer.has_value());
    EXPECT_EQ(answer->status, 200);
}

TEST(App, WhatIsOverGoesWhileItRuns) {
    auto const folder = folder_with_users();
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

TEST(App, ItsPartsStayUntilNothingUsesThem) {
    auto const folder = folder_with_users();
    auto sender = std::make_shared<Nowhere>();
    std::weak_ptr<Nowhere> const part = sender;
    std::latch started{1};
    std::latch stopped{1};
    bool was_there = false;
    {
        App app{folder.path(), {.port = 0, .make_keys = true}};
        app.set_sender("sms", std::move(sender));
        app.start();
        store::Work work = [&](store::Transaction&) -> Task<> {
            started.count_down();
            stopped.wait();
            for (int look = 0; look < 10'000 && !part.expired(); ++look) std::this_thread::yield();
            was_there = !part.expired();
            co_return;
        };
        boost::asio::co_spawn(app.parts().server->context(), app.parts().own_store->write(std::move(work)),
                              boost::asio::detached);
        started.wait();
        app.stop();
        stopped.count_down();
    }
    EXPECT_TRUE(was_there);
    EXPECT_TRUE(part.expired());
}

}  // namespace
}  // namespace sallyport::app

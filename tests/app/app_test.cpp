#include "sallyport/app.hpp"

#include "folder.hpp"

#include <gtest/gtest.h>

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

}  // namespace
}  // namespace sallyport::app

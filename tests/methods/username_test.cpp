#include "methods/username.hpp"

#include "methods/account_app.hpp"

#include <gtest/gtest.h>

namespace sallyport::methods {
namespace {

using Mode = AccountApp::Mode;

std::vector<std::string> const odd{"boss@x.test",
                                   "@",
                                   "999",
                                   "1e3",
                                   "0x10",
                                   "5f0c1e2d3b4a59687f6e5d4c",
                                   "6F9619FF-8B86-D011-B42D-00C04FC964FF",
                                   "ann\x1b[2J",
                                   "ann\u009b",
                                   "ann\u202e"};

JsonObject person(std::string const& email, std::string const& username) {
    return {{"email", email}, {"password", long_password}, {"username", username}};
}

AccountReply sign_up(AccountApp& app, std::string const& model, std::string const& username) {
    return app.post("/" + model, Json{person("ann@x.test", username)});
}

TEST(Username, IsNothingThatAnEmailOrAnIdCouldBe) {
    AccountApp app{Mode::strict};
    auto const& model = static_cast<model::StoredModel&>(app.model("Person")).definition();
    for (auto const& name : odd) EXPECT_NE(problem_with_username(model, name), "") << name;
    for (auto const* name : {"", "ann", "ann7", "7ann", "Zo\u00eb", "ann.lee", "ann-lee_7", "deadbeef", "1e3x"})
        EXPECT_EQ(problem_with_username(model, name), "") << name;
}

TEST(Username, ANewOneIsLookedAtInStrictModeAndWithTwoFactorsInEither) {
    struct Case {
        Mode mode;
        char const* model;
    };
    for (auto const& [mode, model] :
         {Case{Mode::strict, "Person"}, Case{Mode::strict, "Guarded"}, Case{Mode::compatible, "Guarded"}}) {
        AccountApp app{mode};
        for (auto const& name : odd) {
            auto const reply = sign_up(app, model, name);
            EXPECT_EQ(reply.status, 422) << model << name << reply.text;
            EXPECT_EQ(reply.body["error"]["details"]["codes"]["username"], (Json{JsonArray{Json{"format"}}}));
        }
        EXPECT_EQ(sign_up(app, model, "ann").status, 200);
    }
    AccountApp app{Mode::compatible};
    EXPECT_EQ(sign_up(app, "Person", "boss@x.test").status, 200) << "LoopBack's answer";
}

TEST(Username, SaysWhatIsWrongAsOtherRulesDo) {
    AccountApp app{Mode::strict};
    EXPECT_EQ(sign_up(app, "Person", "boss@x.test").message(),
              "The `Person` instance is not valid. Details: `username` can't contain \"@\", as an email does (value: "
              "\"boss@x.test\").");
    EXPECT_TRUE(sign_up(app, "Person", "7").message().contains("`username` can't look like an id"));
    EXPECT_TRUE(sign_up(app, "Person", "a\u202e").message().contains("`username` can't contain control characters"));
}

TEST(Username, AChangeIsLookedAtAndWhatIsStoredStaysGood) {
    AccountApp app{Mode::strict};
    app.make("Person", "ann@x.test", long_password);
    app.change("UPDATE person SET username = '4711' WHERE id = 1");
    auto const token =
        app.post("/Person/login", JsonObject{{"username", "4711"}, {"password", long_password}}).body["id"].as_string();
    auto const patch = [&](JsonObject change) {
        return app.send("PATCH", "/Person/1", Json{std::move(change)}, token).status;
    };
    EXPECT_EQ(patch({{"nick", "a"}}), 200);
    EXPECT_EQ(patch({{"username", "4711"}}), 200);
    EXPECT_EQ(patch({{"username", "4712"}}), 422);
    EXPECT_EQ(app.post("/Person/update?where=%7B%7D", JsonObject{{"username", "4712"}}, token).status, 422);
    EXPECT_EQ(app.stored("SELECT username FROM person"), "4711");
    EXPECT_EQ(patch({{"username", "ann"}}), 200);
}

/// Person's ids are texts that clients choose.
JsonObject with_chosen_ids() {
    return {{"properties", parse_json(R"({"id": {"type": "string", "id": true, "generated": false}})")}};
}

AccountReply sign_up_as(AccountApp& app, Json id, std::string const& email, std::string const& username) {
    auto record = person(email, username);
    record.set("id", std::move(id));
    return app.post("/Person", Json{std::move(record)});
}

TEST(Username, IsNotTheIdOfAnotherNorAChosenIdAnothersUsername) {
    AccountApp app{Mode::strict, with_chosen_ids()};
    EXPECT_EQ(sign_up_as(app, "annes-id", "ann@x.test", "ann").status, 200);
    EXPECT_EQ(sign_up_as(app, "bob", "bob@x.test", "annes-id").status, 422);
    auto const named = sign_up_as(app, "ann", "bob@x.test", "bob");
    EXPECT_EQ(named.status, 422);
    EXPECT_TRUE(named.message().contains("`id` is not unique")) << named.text;
    EXPECT_EQ(sign_up_as(app, "new@x.test", "bob@x.test", "bob").status, 422);
    EXPECT_EQ(sign_up_as(app, "b\u009b", "bob@x.test", "bob").status, 422);
    EXPECT_EQ(sign_up_as(app, "bob", "bob@x.test", "bob").status, 200) << "one's own";
}

}  // namespace
}  // namespace sallyport::methods

#include "methods/account_app.hpp"

#include <gtest/gtest.h>

namespace sallyport::methods {
namespace {

using Mode = AccountApp::Mode;

struct OddEmail {
    char const* data;
    char const* codes;
    char const* details;
};

OddEmail const odd_emails[] = {
    {R"({"email":7,"password":"pw"})", R"({"email":["custom.string"]})", "`email` is invalid (value: 7)."},
    {R"({"email":true,"password":"pw"})", R"({"email":["custom.string"]})", "`email` is invalid (value: true)."},
    {R"({"email":{"inq":["ann@x.test"]},"password":"pw"})", R"({"email":["custom.string"]})",
     "`email` is invalid (value: { inq: [Array] })."},
    {R"({"email":[],"password":"pw"})", R"({"email":["presence","custom.string"]})",
     "`email` can't be blank (value: []); `email` is invalid (value: [])."},
    {R"({"email":{},"password":7})", R"({"password":["presence"],"email":["custom.string"]})",
     "`password` can't be blank (value: undefined); `email` is invalid (value: {})."},
};

class OddEmails : public testing::TestWithParam<OddEmail> {};

TEST_P(OddEmails, AreRefusedInLoopBacksWordsAndNotTakenForText) {
    auto const& [data, codes, details] = GetParam();
    AccountApp app{Mode::compatible};

    auto const reply = app.post("/Person", parse_json(data));

    EXPECT_EQ(reply.status, 422);
    EXPECT_EQ(to_text(reply.body["error"]["details"]["codes"]), codes);
    EXPECT_EQ(to_display(reply.body["error"]["message"]),
              std::string{"The `Person` instance is not valid. Details: "} + details);
}

INSTANTIATE_TEST_SUITE_P(SentAccount, OddEmails, testing::ValuesIn(odd_emails));

TEST(SentAccount, ABlankUsernameIsNone) {
    AccountApp app{Mode::compatible};
    auto const sign_up = [&](char const* email, char const* username) {
        return app.post("/Person", JsonObject{{"email", email}, {"password", "pw"}, {"username", username}}).status;
    };

    EXPECT_EQ(sign_up("ann@x.test", ""), 200);
    EXPECT_EQ(sign_up("bob@x.test", ""), 200);
    EXPECT_EQ(sign_up("cid@x.test", "cid"), 200);
    EXPECT_EQ(sign_up("dot@x.test", "cid"), 422);
}

TEST(SentAccount, APasswordIsLookedAtBeforeAnEmailThatIsNoText) {
    AccountApp app{Mode::compatible};
    EXPECT_EQ(app.post("/Person", JsonObject{{"email", 7}, {"password", ""}}).code(), "INVALID_PASSWORD");
}

TEST(SentAccount, AChangeToAnEmailThatIsNoTextIsRefused) {
    AccountApp app{Mode::compatible};
    app.make("Person", "ann@x.test", "pw");
    auto const token = app.log_in("Person", "ann@x.test", "pw");

    auto const reply = app.send("PATCH", "/Person/1", JsonObject{{"email", JsonArray{Json{"bob@x.test"}}}}, token);

    EXPECT_EQ(to_text(reply.body["error"]["details"]["codes"]), R"({"email":["custom.string"]})");
    EXPECT_EQ(app.get("/Person/1", token).body["email"], Json{"ann@x.test"});
}

TEST(SentAccount, APasswordThatIsNoTextCountsAsSentWhereNoneMayBe) {
    AccountApp app{Mode::compatible, {{"rejectPasswordChangesViaPatchOrReplace", true}}};
    app.make("Person", "ann@x.test", "pw");
    auto const token = app.log_in("Person", "ann@x.test", "pw");

    EXPECT_EQ(app.send("PATCH", "/Person/1", JsonObject{{"password", 7}}, token).code(), "PASSWORD_CHANGE_NOT_ALLOWED");
}

TEST(SentAccount, WhatIsNotKnownIsNamedAfterWhatIsWrongAndBeforeWhatIsTaken) {
    AccountApp app{Mode::compatible, {{"strict", "validate"}}};
    app.make("Person", "ann@x.test", "pw");
    auto const codes_of = [&app](char const* email) {
        auto const reply = app.post("/Person", JsonObject{{"email", email}, {"password", "pw"}, {"zip", 1}});
        return to_text(reply.body["error"]["details"]["codes"]);
    };

    EXPECT_EQ(codes_of("nobody"), R"({"email":["custom.email"],"zip":["unknown-property"]})");
    EXPECT_EQ(codes_of("ann@x.test"), R"({"zip":["unknown-property"],"email":["uniqueness"]})");
}

TEST(SentAccount, WithoutARealmAnAccountIsComparedWithThoseOfAllRealms) {
    AccountApp app{Mode::compatible, {{"realmRequired", true}, {"realmDelimiter", ":"}}};
    auto const sign_up = [&app](Json realm) {
        return app.post("/Person",
                        JsonObject{{"email", "ann@x.test"}, {"password", "pw"}, {"realm", std::move(realm)}});
    };

    EXPECT_EQ(sign_up("red").status, 200);
    EXPECT_EQ(sign_up("blue").status, 200);
    EXPECT_EQ(sign_up("red").status, 422);
    EXPECT_EQ(sign_up({}).status, 422);
}

// Each refusal says that an email is taken, so there is an end to them; what is not about the name goes on.
TEST(SentAccount, AskingByChangesWhichEmailsAreTakenHasAnEnd) {
    auto const* const secret = "a long enough password";
    struct {
        Mode mode;
        char const* verb;
    } const cases[] = {{Mode::strict, "PATCH"}, {Mode::compatible, "PUT"}};
    for (auto const& [mode, verb] : cases) {
        AccountApp app{mode, {}, AccountApp::Limits::hold};
        app.make("Person", "ann@x.test", secret);
        app.make("Person", "bob@x.test", secret);
        auto const token = app.log_in("Person", "ann@x.test", secret);
        auto const change = [&](JsonObject data) {
            if (std::string_view{verb} == "PUT") data.set("password", secret);
            return app.send(verb, "/Person/1", std::move(data), token).status;
        };

        for (int i = 0; i < 100; ++i) ASSERT_EQ(change({{"email", "bob@x.test"}}), 422) << verb << i;
        EXPECT_EQ(change({{"email", "bob@x.test"}}), 429) << verb;
        EXPECT_EQ(change({{"email", "nobody@x.test"}}), 429) << "or it would tell as much";
        EXPECT_EQ(app.send("PATCH", "/Person/1", JsonObject{{"nick", "a"}}, token).status, 200);
    }
}

TEST(SentAccount, AnExpiredTokenIsRefusedOnAPathThatIsNotThere) {
    AccountApp app{Mode::compatible};
    app.make("Person", "ann@x.test", "pw");
    auto const token = app.log_in("Person", "ann@x.test", "pw");
    app.clock->advance(std::int64_t{1209600} * 1000 + 1);

    EXPECT_EQ(app.get("/Person/1/nothing", token).code(), "INVALID_TOKEN");
    EXPECT_EQ(app.get("/Person/1/nothing", token).status, 404);
}

}  // namespace
}  // namespace sallyport::methods

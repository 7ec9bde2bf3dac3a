#include "library.hpp"

#include "app_copy.hpp"

#include "sallyport/testing.hpp"

#include <gtest/gtest.h>

#include <optional>

using namespace sallyport;
using namespace sallyport::test_support;

namespace {

class Library : public testing::Test {
protected:
    Library() {
        library::add_methods(app);
        library::add_hooks(app);
        library::add_roles_and_routes(app);
        app.start();
    }
    ~Library() override { app.stop(); }

    /// The header of somebody who has just logged in.
    Headers login(std::string const& name) {
        JsonObject const credentials{{"email", name + "@x.test"}, {"password", "correct horse battery"}};
        ask(app, "POST", "/api/Readers", credentials);
        auto const session = ask(app, "POST", "/api/Readers/login", credentials);
        return {{"Authorization", json_of(session)["id"].as_string()}};
    }

    Response donate(Json book, Headers const& donor) { return ask(app, "POST", "/api/Books/donate", book, donor); }

    AppCopy folder{LIBRARY_APP};
    std::shared_ptr<AdvancingClock> clock = std::make_shared<AdvancingClock>();
    App app{folder.path(), {.port = 0, .make_keys = true, .clock = clock}};
};

TEST_F(Library, ABookIsLentOnceAndOnlyItsBorrowerGivesItBack) {
    auto const ann = login("ann");
    auto const bob = login("bob");
    ask(app, "POST", "/api/Books", JsonObject{{"title", "Dracula"}}, ann);

    EXPECT_EQ(ask(app, "POST", "/api/Books/1/lend", {}, ann).status, 200);
    EXPECT_EQ(json_of(ask(app, "POST", "/api/Books/1/lend", {}, bob))["error"]["code"], "BOOK_LENT");
    EXPECT_EQ(ask(app, "POST", "/api/Books/1/give-back", {}, bob).status, 403);
    EXPECT_EQ(ask(app, "POST", "/api/Books/1/give-back", {}, ann).status, 204);
    EXPECT_EQ(ask(app, "POST", "/api/Books/1/lend", {}, bob).status, 200);
}

TEST_F(Library, ASessionIsOverAfterAnHourWithoutUse) {
    auto const ann = login("ann");
    clock->advance(61 * 60 * 1000);
    EXPECT_EQ(ask(app, "POST", "/api/Books", JsonObject{{"title", "Dracula"}}, ann).status, 401);
}

TEST_F(Library, AnswersHaveNamedPartsAStatusAndHeaders) {
    auto const donated = donate(JsonObject{{"title", "Dracula"}, {"author", "Stoker"}}, login("ann"));
    EXPECT_EQ(donated.status, 201);
    EXPECT_EQ(donated.header("Location"), "/api/Books/1");

    auto const counted = ask(app, "GET", "/api/Books/by/Stoker/count?language=en");
    EXPECT_EQ(json_of(counted), (Json{JsonObject{{"author", "Stoker"}, {"books", 1}}}));
    EXPECT_EQ(counted.header("Content-Language"), "en");
}

TEST_F(Library, ArgumentsComeFromAFormAndAHeaderToo) {
    auto headers = login("ann");
    donate(JsonObject{{"title", "Dracula"}}, headers);
    headers.emplace_back("Content-Type", "application/x-www-form-urlencoded");
    headers.emplace_back("X-Shelver", "bob");
    auto const shelved = json_of(ask_with(app, "POST", "/api/Books/1/shelve", "shelf=B+12", headers));
    EXPECT_EQ(shelved["shelf"], "B 12");
    EXPECT_EQ(shelved["shelvedBy"], "bob");
}

TEST_F(Library, AStreamIsAskedForOnePieceAfterAnother) {
    donate(JsonObject{{"title", "Dracula"}, {"shelf", "A"}}, login("ann"));
    auto const titles = ask(app, "GET", "/api/Books/titles");
    EXPECT_EQ(titles.header("Content-Type"), "text/plain; charset=utf-8");
    EXPECT_EQ(text_of(app, titles), "Dracula\n");
}

TEST_F(Library, HooksStandAroundMethods) {
    auto const ann = login("ann");
    auto const donated = donate(JsonObject{{"title", "Dracula"}}, ann);
    EXPECT_EQ(json_of(donated)["donorId"], 1);
    EXPECT_EQ(donated.header("X-Thanks"), "yes");
    EXPECT_EQ(json_of(donate({}, ann))["error"]["code"], "NO_TITLE");
}

TEST_F(Library, HooksStandAroundRecords) {
    auto const ann = login("ann");
    EXPECT_EQ(json_of(donate(JsonObject{{"title", "  Dracula"}, {"shelf", "A"}}, ann))["title"], "Dracula");
    EXPECT_EQ(donate(JsonObject{{"title", "1984"}}, ann).status, 422);
    donate(JsonObject{{"title", "Carmilla"}}, ann);
    EXPECT_EQ(json_of(ask(app, "GET", "/api/Books")).as_array().size(), 1U);

    testing::internal::CaptureStdout();
    ask_with(app, "POST", "/api/Books/1/shelve", "shelf=C",
             {ann.front(), {"Content-Type", "application/x-www-form-urlencoded"}});
    EXPECT_EQ(testing::internal::GetCapturedStdout(), "moved from A to C\n");

    ask(app, "POST", "/api/Books/1/lend", {}, ann);
    EXPECT_EQ(ask(app, "DELETE", "/api/Books/1", {}, ann).status, 409);
}

TEST_F(Library, PlainRoutesStandOutsideTheApi) {
    EXPECT_EQ(text_of(app, ask(app, "GET", "/opening-hours")), "Monday to Friday, 10 to 18\n");
}

TEST_F(Library, PlainRoutesLearnWhoAsksAndWhatFor) {
    auto const ann = login("ann");
    for (auto const* shelf : {"A 1", "B"}) donate(JsonObject{{"title", "Dracula"}, {"shelf", shelf}}, ann);
    for (auto const* book : {"1", "2"}) ask(app, "POST", std::string{"/api/Books/"} + book + "/lend", {}, ann);

    EXPECT_EQ(json_of(ask(app, "GET", "/my-books", {}, ann)).as_array().size(), 2U);
    EXPECT_EQ(json_of(ask(app, "GET", "/my-books?shelf=A+1", {}, ann)).as_array().size(), 1U);
    EXPECT_EQ(json_of(ask(app, "GET", "/my-books?shelf=C", {}, ann)).as_array().size(), 0U);
    EXPECT_EQ(json_of(ask(app, "GET", "/my-books"))["error"]["code"], "AUTHORIZATION_REQUIRED");
}

TEST_F(Library, WhatAHookAddsStandsInTheSameTransaction) {
    auto const ann = login("ann");
    donate(JsonObject{{"title", "Dracula"}}, ann);
    ask(app, "POST", "/api/Books/1/lend", {}, ann);
    ask(app, "POST", "/api/Books/1/give-back", {}, ann);
    ask(app, "POST", "/api/Books/1/lend", {}, login("bob"));

    EXPECT_EQ(
        text_of(app, ask(app, "GET", "/api/Loans")),
        R"([{"bookId":1,"readerId":1,"returned":true,"id":1},{"bookId":1,"readerId":2,"returned":false,"id":2}])");
}

}  // namespace

#include "rest/routes.hpp"

#include "sallyport/error.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace sallyport::rest {
namespace {

// The routes of a small app; a target is its index here.
struct Declared {
    std::string verb;
    std::string path;
};

std::vector<Declared> const notes{
    {"GET", "/:id"},        {"GET", "/"},      {"GET", "/findOne"},        {"HEAD", "/:id"},
    {"GET", "/:id/exists"}, {"POST", "/"},     {"GET", "/:id/tags/count"}, {"GET", "/:id/tags/:fk"},
    {"ALL", "/any-verb"},   {"GET", "/count"}, {"DELETE", "/:id"},         {"GET", "/path/:x/and/:y"},
};

Routes small_table() {
    Routes routes;
    auto const model = routes.add_model("Note", "/Notes");
    for (std::size_t i = 0; i < notes.size(); ++i) routes.add(model, notes[i].verb, notes[i].path, i);
    routes.add(routes.add_model("Deep", "/v1/Deep"), "GET", "/:id", 100);
    routes.add(routes.add_model("Shallow", "/v1"), "GET", "/:id", 200);
    routes.sort();
    return routes;
}

// "GET /findOne", or what was thrown.
std::string found(std::string_view verb, std::string_view path, std::string_view query = "") {
    static Routes const routes = small_table();
    try {
        auto const match = routes.find(verb, path, query);
        return match.target < notes.size() ? notes[match.target].verb + " " + notes[match.target].path
                                           : std::to_string(match.target);
    } catch (Error const& error) {
        return std::to_string(error.status) + " " + error.message;
    }
}

TEST(Routes, TheMostSpecificRouteWins) {
    struct {
        std::string_view verb, path, expected;
    } const cases[] = {
        {"GET", "/Notes", "GET /"},
        {"GET", "/Notes/", "GET /"},
        {"GET", "/Notes/7", "GET /:id"},
        {"GET", "/Notes/7/", "GET /:id"},
        {"GET", "/Notes//7", "GET /:id"},
        {"GET", "/notes/FINDONE", "GET /findOne"},
        {"GET", "/Notes/count", "GET /count"},
        {"GET", "/Notes/7/tags/count", "GET /:id/tags/count"},
        {"GET", "/Notes/7/tags/8", "GET /:id/tags/:fk"},
        {"GET", "/Notes/path/a/and/b", "GET /path/:x/and/:y"},
        {"DELETE", "/Notes/7", "DELETE /:id"},
        {"GET", "/v1/Deep/7", "100"},
        {"GET", "/v1/7", "200"},
    };
    for (auto const& c : cases) EXPECT_EQ(found(c.verb, c.path), c.expected) << c.verb << " " << c.path;
}

TEST(Routes, HeadFindsWhatGetFindsUnlessARouteIsItsOwn) {
    EXPECT_EQ(found("HEAD", "/Notes"), "GET /");
    EXPECT_EQ(found("HEAD", "/Notes/7"), "HEAD /:id");
    EXPECT_EQ(found("HEAD", "/Notes/count"), "HEAD /:id");
    EXPECT_EQ(found("HEAD", "/Notes/7/exists"), "GET /:id/exists");
}

TEST(Routes, AllTakesEveryVerbButAfterTheOthers) {
    EXPECT_EQ(found("POST", "/Notes/any-verb"), "ALL /any-verb");
    EXPECT_EQ(found("PATCH", "/Notes/any-verb"), "ALL /any-verb");
    EXPECT_EQ(found("GET", "/Notes/any-verb"), "GET /:id");
}

TEST(Routes, WhatIsNotThereIsNamedAsLoopBackNamesIt) {
    struct {
        std::string_view verb, path, query, expected;
    } const cases[] = {
        {"GET", "", "", "404 There is no method to handle GET /"},
        {"GET", "/Nothing", "", "404 There is no method to handle GET /Nothing"},
        {"GET", "/Note", "a=1", "404 There is no method to handle GET /Note?a=1"},
        {"GET", "/Notes/1/nothing", "", "404 Shared class \"Note\" has no method handling GET /1/nothing"},
        {"PUT", "/Notes", "", "404 Shared class \"Note\" has no method handling PUT /"},
        {"GET", "/Notes/path//and/2", "", "404 Shared class \"Note\" has no method handling GET /path//and/2"},
        {"GET", "/Notes/path/1/and/", "", "404 Shared class \"Note\" has no method handling GET /path/1/and/"},
        {"PUT", "/Notes/1", "access_token=abc", "404 Shared class \"Note\" has no method handling PUT /1"},
    };
    for (auto const& c : cases) EXPECT_EQ(found(c.verb, c.path, c.query), c.expected);
}

TEST(Routes, ParametersAreDecodedOrRefused) {
    auto const routes = small_table();
    auto const match = routes.find("GET", "/Notes/path/a%20b/and/%D0%BA%2F+", "");
    ASSERT_NE(match.parameters.find("x"), nullptr);
    EXPECT_EQ(*match.parameters.find("x"), "a b");
    EXPECT_EQ(*match.parameters.find("y"), "\u043a/+");
    EXPECT_EQ(match.parameters.find("z"), nullptr);

    for (auto const* broken : {"%E0%A4%A", "%", "%2", "%zz", "%C0%80", "%ED%A0%80", "%F5%80%80%80", "%80", "%E2%82"}) {
        EXPECT_EQ(found("GET", std::string{"/Notes/"} + broken),
                  std::string{"400 Failed to decode param '"} + broken + "'");
    }
}

TEST(Routes, AnEncodedSegmentIsTheTextAgain) {
    for (auto const* text : {"12", "a/b", "a b%2F", "\xC3\xA9?#", "..", "-_~"}) {
        auto const segment = encode_segment(text);
        EXPECT_EQ(segment.find_first_of("/?# "), std::string::npos) << segment;
        EXPECT_EQ(decode_segment(segment), text);
    }
}

TEST(Routes, APathIsBelowItsRootAtASlashOnly) {
    EXPECT_EQ(below("/api", "/api/Notes"), "/Notes");
    EXPECT_EQ(below("/api", "/API/Notes"), "/Notes");
    EXPECT_EQ(below("/api/", "/api/Notes"), "/Notes");
    EXPECT_EQ(below("/api", "/api//Notes"), "/Notes");
    EXPECT_EQ(below("/api", "/api/"), "");
    EXPECT_NE(below("/api", "/api").data(), nullptr);
    EXPECT_EQ(below("/api", "/apiary").data(), nullptr);
    EXPECT_EQ(below("/api", "/").data(), nullptr);
    EXPECT_EQ(below("/", "/Notes"), "/Notes");
}

}  // namespace
}  // namespace sallyport::rest

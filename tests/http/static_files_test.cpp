#include "http/static_files.hpp"

#include "folder.hpp"
#include "support.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>

namespace sallyport::http {
namespace {

/// A folder with a page, a script, a large file, hidden ones, links, and a secret beside it.
class StaticFilesTest : public testing::Test {
protected:
    StaticFilesTest() {
        folder_.write("secret.txt", "secret");
        folder_.write("www/index.html", "<p>home");
        folder_.write("www/a b.js", "run()");
        folder_.write("www/sub/index.html", "<p>sub");
        folder_.write("www/empty/x.txt", "x");
        folder_.write("www/.env", "KEY=1");
        folder_.write("www/.git/config", "x");
        folder_.write("www/large.bin", std::string(300000, 'L'));
        std::filesystem::create_symlink("../secret.txt", root_ / "www/leak.txt");
        std::filesystem::create_symlink("..", root_ / "www/up");
        std::filesystem::create_symlink("a b.js", root_ / "www/inside.js");
    }

    std::optional<Response> ask(std::string target, std::string verb = "GET", Headers headers = {},
                                char const* folder = "www") const {
        Request request;
        request.verb = std::move(verb);
        request.target = std::move(target);
        request.headers = std::move(headers);
        return StaticFiles{root_ / folder}.answer(request);
    }

    std::string body_of(std::string target) const {
        auto const answer = ask(std::move(target));
        return answer ? std::get<std::string>(answer->body) : "nothing";
    }

    Folder const folder_;
    std::filesystem::path const& root_ = folder_.path();
};

TEST_F(StaticFilesTest, GivesFilesWithTheirTypes) {
    EXPECT_EQ(body_of("/"), "<p>home");
    EXPECT_EQ(ask("/")->header("Content-Type"), "text/html; charset=utf-8");
    EXPECT_EQ(body_of("/index.html?x=y"), "<p>home");
    EXPECT_EQ(body_of("/a%20b.js"), "run()");
    EXPECT_EQ(ask("/a%20b.js")->header("Content-Type"), "text/javascript; charset=utf-8");
    EXPECT_EQ(body_of("/sub/"), "<p>sub");
    EXPECT_EQ(body_of("/inside.js"), "run()");
}

TEST_F(StaticFilesTest, AFormCompressedBeforeGoesToThoseWhoAcceptIt) {
    folder_.write("www/app.js", "run()");
    folder_.write("www/app.js.gz", "gzipped");
    folder_.write("www/app.js.br", "brotli");
    std::pair<std::string, std::string> const rows[] = {
        {"", "run()"}, {"gzip", "gzipped"}, {"gzip, br", "brotli"}, {"br;q=0, gzip", "gzipped"}, {"deflate", "run()"}};
    std::string seen;
    for (auto const& [accepted, body] : rows) {
        SCOPED_TRACE(accepted);
        auto const answer = ask("/app.js", "GET", {{"Accept-Encoding", accepted}});
        ASSERT_TRUE(answer);
        EXPECT_EQ(std::get<std::string>(answer->body), body);
        EXPECT_EQ(answer->header("Vary"), "Accept-Encoding");
        EXPECT_EQ(answer->header("Content-Type"), "text/javascript; charset=utf-8");
        EXPECT_EQ(answer->header("Content-Encoding").empty(), body == "run()");
        if (accepted.empty()) seen = answer->header("ETag");
        EXPECT_EQ(answer->header("ETag") == seen, body == "run()");
    }
    EXPECT_EQ(ask("/index.html")->header("Vary"), "");
}

TEST_F(StaticFilesTest, AnOlderFormIsNotServed) {
    folder_.write("www/app.js.gz", "old");
    folder_.write("www/app.js", "new");
    auto const old = std::filesystem::last_write_time(root_ / "www/app.js") - std::chrono::hours{1};
    std::filesystem::last_write_time(root_ / "www/app.js.gz", old);
    EXPECT_EQ(std::get<std::string>(ask("/app.js", "GET", {{"Accept-Encoding", "gzip"}})->body), "new");
}

TEST_F(StaticFilesTest, FoldersEndWithASlash) {
    auto const answer = ask("/sub");
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->status, 301);
    EXPECT_EQ(answer->header("Location"), "/sub/");
}

TEST_F(StaticFilesTest, WhatMustNotBeReadIsNotThere) {
    using namespace std::string_literals;
    std::string const targets[] = {
        "/none",
        "/empty/",
        "/empty",
        "/index.html/",
        "/leak.txt",
        "/up/secret.txt",
        "/../secret.txt",
        "/sub/../../secret.txt",
        "/%2e%2e/secret.txt",
        "/.%2e/secret.txt",
        "/%2e%2e%2fsecret.txt",
        "/sub%2findex.html",
        "/..%5csecret.txt",
        "/..\\secret.txt",
        "/%252e%252e/secret.txt",
        "/%c0%ae%c0%ae/secret.txt",
        "/index.html%00.js",
        "/index.html\0"s,
        "/%",
        "/%4",
        "/%zz",
        "/\xff",
        "/.env",
        "/.git/config",
        "/%2eenv",
        "/./index.html",
        "//index.html",
        "//sub",
        "/sub//index.html",
        "",
        "*",
    };
    for (auto const& target : targets) EXPECT_FALSE(ask(target)) << target;
    EXPECT_FALSE(ask("/", "POST"));
    EXPECT_FALSE(ask("/", "GET", {}, "missing"));
}

TEST_F(StaticFilesTest, HeadTellsTheLengthAlone) {
    auto const answer = ask("/a%20b.js", "HEAD");
    ASSERT_TRUE(answer);
    EXPECT_EQ(std::get<std::string>(answer->body), "");
    EXPECT_EQ(answer->header("Content-Length"), "5");
}

TEST_F(StaticFilesTest, KnownFilesAreNotSentAgain) {
    auto const first = ask("/");
    Headers const conditions[] = {
        {{"If-None-Match", std::string{first->header("ETag")}}},
        {{"If-Modified-Since", std::string{first->header("Last-Modified")}}},
    };
    for (auto const& condition : conditions) EXPECT_EQ(ask("/", "GET", condition)->status, 304);

    EXPECT_EQ(ask("/", "GET", {{"If-None-Match", "\"other\""}})->status, 200);
    EXPECT_EQ(ask("/", "GET", {{"If-Modified-Since", "Sun, 06 Nov 1994 08:49:37 GMT"}})->status, 200);

    folder_.write("www/index.html", "<p>changed");
    EXPECT_EQ(ask("/", "GET", conditions[0])->status, 200);
}

TEST_F(StaticFilesTest, LargeFilesComeInPieces) {
    auto answer = ask("/large.bin");
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->header("Content-Length"), "300000");
    auto const& producer = std::get<Producer>(answer->body);
    std::string all;
    for (;;) {
        auto const piece = wait_for(producer());
        if (piece.empty()) break;
        EXPECT_LE(piece.size(), 65536u);
        all += piece;
    }
    EXPECT_EQ(all, std::string(300000, 'L'));
}

}  // namespace
}  // namespace sallyport::http

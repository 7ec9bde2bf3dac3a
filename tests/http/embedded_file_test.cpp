#include "http/embedded_file.hpp"

#include "http/gzip.hpp"

#include <gtest/gtest.h>

#include <string>

namespace sallyport::http {
namespace {

std::string const zipped = gzip("plain text");

Response ask(EmbeddedFile const& file, Headers headers = {}) {
    Request request;
    request.verb = "GET";
    request.target = "/";
    request.headers = std::move(headers);
    return reply_with(file, request);
}

std::string text_of(Response const& response) { return std::get<std::string>(response.body); }

TEST(EmbeddedFile, GoesOutInTheSmallestFormTheClientTakes) {
    EmbeddedFile const file{.name = "a.css", .tag = "W/\"1\"", .gzip = zipped, .brotli = "as brotli"};
    struct Row {
        char const* accepted;
        char const* coding;
        std::string body;
    };
    Row const rows[] = {
        {"gzip, br", "br", "as brotli"},
        {"gzip, br;q=0", "gzip", zipped},
        {"gzip", "gzip", zipped},
        {"identity", "", "plain text"},
    };
    for (auto const& row : rows) {
        auto const response = ask(file, {{"Accept-Encoding", row.accepted}});
        EXPECT_EQ(response.header("Content-Encoding"), row.coding) << row.accepted;
        EXPECT_EQ(response.header("Vary"), "Accept-Encoding") << row.accepted;
        EXPECT_EQ(response.header("Content-Type"), "text/css; charset=utf-8");
        EXPECT_EQ(text_of(response), row.body) << row.accepted;
    }
}

TEST(EmbeddedFile, WithoutBrotliOrWithItsPlainTextUsesWhatItHas) {
    EmbeddedFile const file{.name = "a.json", .tag = "W/\"1\"", .gzip = zipped, .brotli = {}, .plain = "as it was"};
    EXPECT_EQ(ask(file, {{"Accept-Encoding", "br, gzip"}}).header("Content-Encoding"), "gzip");
    EXPECT_EQ(text_of(ask(file)), "as it was");
}

TEST(EmbeddedFile, HasNoBodyForAClientThatHasIt) {
    EmbeddedFile const file{.name = "a.css", .tag = "W/\"1\"", .gzip = zipped, .brotli = {}};
    auto const response = ask(file, {{"If-None-Match", "W/\"1\""}});
    EXPECT_EQ(response.header("ETag"), "W/\"1\"");
    EXPECT_EQ(text_of(response), "");
    EXPECT_EQ(text_of(ask(file, {{"If-None-Match", "W/\"2\""}})), "plain text");
}

}  // namespace
}  // namespace sallyport::http

#include "http/request_log.hpp"

#include "sallyport/json.hpp"
#include "support.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <string>
#include <thread>

namespace sallyport::http {
namespace {

Request request(std::string target, Headers headers = {}) {
    Request made;
    made.verb = "GET";
    made.target = std::move(target);
    made.headers = std::move(headers);
    made.peer = "192.0.2.1";
    return made;
}

TEST(RequestLog, ALineSaysWhatWasAskedAndHowItWasAnswered) {
    EXPECT_EQ(
        request_line(request("/api/Notes/1?access_token=secret", {{"User-Agent", "curl"}, {"Authorization", "secret"}}),
                     {.id = "00ff", .status = 200, .at = 1433152800000, .milliseconds = 0.4123, .bytes = 57}),
        R"({"ts":"2015-06-01T10:00:00.000Z","event":"request","id":"00ff","verb":"GET","path":"/api/Notes/1",)"
        R"("status":200,"ms":0.412,"bytes":57,"peer":"192.0.2.1","agent":"curl"})");
}

TEST(RequestLog, WhateverAClientSendsItIsOneLineOfJson) {
    auto const line =
        request_line(request("/a", {{"User-Agent", "x\n{\"event\":\"ok\"}" + std::string(5000, 'y')}}), {});
    EXPECT_EQ(line.find('\n'), std::string::npos);
    EXPECT_LT(line.size(), 600U);
    EXPECT_EQ(parse_json(line)["event"], Json{"request"});
}

TEST(RequestLog, EmailsAndTokensInAPathAreNotShown) {
    struct Case {
        std::string_view path;
        std::string_view shown;
    };
    Case const cases[] = {
        {"/api/Notes/1", "/api/Notes/1"},
        {"/", "/"},
        {"/api/Users/ann@x.test/notes", "/api/Users/*/notes"},
        {"/api/Users/ann%40x.test", "/api/Users/*"},
        {"/api/AccessTokens/kX3vTq0zJ8sW2mYb5nRc7dLf9gHp1aUe4iOoKxVtQzJsWmYbNrCdLfGhPaUeIwEy", "/api/AccessTokens/*"},
        {"/api/Notes/123e4567-e89b-12d3-a456-426614174000", "/api/Notes/123e4567-e89b-12d3-a456-426614174000"},
        {"/api/Notes/count/", "/api/Notes/count/"},
    };
    for (auto const& row : cases) EXPECT_EQ(shown_path(row.path), row.shown);
}

TEST(RequestLog, EachRequestHasAnIdInTheLineAndInTheAnswer) {
    int ends[2];
    ASSERT_EQ(pipe(ends), 0);
    std::string id;
    {
        LineWriter lines{ends[1]};
        auto const handler = with_request_log(lines, [](Request const&) -> Task<Response> {
            Response response;
            response.status = 404;
            response.body = "gone";
            co_return response;
        });
        auto const asked = request("/a");
        auto const response = wait_for(handler(asked));
        id = response.header("X-Request-Id");
        EXPECT_EQ(id.size(), 16U);
    }
    char text[1024];
    auto const count = read(ends[0], text, sizeof text);
    ASSERT_GT(count, 0);
    std::string const line{text, static_cast<std::size_t>(count)};
    EXPECT_TRUE(line.ends_with("}\n"));
    auto const json = parse_json(line);
    EXPECT_EQ(json["id"], Json{id});
    EXPECT_EQ(json["status"], Json{404});
    EXPECT_EQ(json["bytes"], Json{4});
    close(ends[0]);
    close(ends[1]);
}

TEST(LineWriter, WhoReadsSlowlyLosesLinesAndIsToldHowMany) {
    int ends[2];
    ASSERT_EQ(pipe(ends), 0);
    std::string const line(1000, 'x');
    constexpr std::size_t sent = 3000;
    std::string all;
    {
        LineWriter lines{ends[1]};
        for (std::size_t i = 0; i < sent; ++i) lines.write(line);  // The pipe takes 64 KiB, the writer 1 MiB.
        std::thread reader{[&] {
            char text[65536];
            while (!all.contains("dropped") || !all.ends_with('\n')) {
                auto const count = read(ends[0], text, sizeof text);
                if (count <= 0) break;
                all.append(text, static_cast<std::size_t>(count));
            }
        }};
        reader.join();
    }
    std::size_t whole = 0;
    std::size_t dropped = 0;
    for (std::size_t from = 0; from < all.size();) {
        auto const end = all.find('\n', from);
        auto const one = all.substr(from, end - from);
        if (one == line) ++whole;
        if (one.starts_with('{')) dropped += static_cast<std::size_t>(parse_json(one)["lines"].as_number());
        from = end + 1;
    }
    EXPECT_GT(dropped, 0U);
    EXPECT_EQ(whole + dropped, sent);
    close(ends[0]);
    close(ends[1]);
}

}  // namespace
}  // namespace sallyport::http

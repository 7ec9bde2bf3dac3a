#include "http/request_reader.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <string>

namespace sallyport::http {
namespace {

using Stage = RequestReader::Stage;

struct Outcome {
    int status;  ///< Of the refusal; 200 for a whole request, 0 for an unfinished one.
    Request request;
    std::size_t taken = 0;
};

/// Reads `bytes` as they would come in pieces of `step`, with small limits for the body.
Outcome read(std::string_view bytes, std::size_t step = std::string::npos) {
    Request request;
    RequestReader reader{{}, request};
    std::size_t taken = 0;
    std::size_t come = 0;
    while (come < bytes.size()) {
        come = std::min(bytes.size(), come + std::min(step, bytes.size()));
        for (;;) {
            auto const stage = reader.stage();
            auto const count = reader.take(bytes.substr(taken, come - taken));
            taken += count;
            if (stage == Stage::head && reader.stage() == Stage::body) reader.limit_body(100);
            if (count == 0 && stage == reader.stage()) break;
        }
    }
    int const status = reader.stage() == Stage::refused    ? reader.fault().status
                       : reader.stage() == Stage::complete ? 200
                                                           : 0;
    return {status, request, taken};
}

std::string with_headers(std::string_view lines) { return fmt::format("POST / HTTP/1.1\r\nHost: a\r\n{}\r\n", lines); }

std::string chunked(std::string_view body) {
    return with_headers("Transfer-Encoding: chunked\r\n") + std::string{body};
}

struct Case {
    int status;
    std::string bytes;
};

void expect_in_any_pieces(Case const& row) {
    SCOPED_TRACE(row.bytes.substr(0, 200));
    EXPECT_EQ(read(row.bytes).status, row.status);
    if (row.bytes.size() < 1000) EXPECT_EQ(read(row.bytes, 1).status, row.status) << "byte by byte";
}

TEST(RequestReader, RefusesLinesThatReadersDisagreeAbout) {  // RFC 9112 sections 2.2, 5.1, 5.2
    using namespace std::string_literals;
    Case const cases[] = {
        {400, "GET / HTTP/1.1\nHost: a\n\n"},
        {400, "GET / HTTP/1.1\r\nHost: a\n\r\n"},
        {400, "GET / HTTP/1.1\r\nHost: a\r\nX: b\n\r\n"},
        {400, "GET / HTTP/1.1\r\nHost: a\r\nX: b\rY: c\r\n\r\n"},
        {400, "GET / HTTP/1.1\r\nHost: a\r\nX: b\r\n c\r\n\r\n"},
        {400, "GET / HTTP/1.1\r\nHost: a\r\nX: b\r\n\tc\r\n\r\n"},
        {400, "GET / HTTP/1.1\r\n X: b\r\nHost: a\r\n\r\n"},
        {400, "GET / HTTP/1.1\r\nHost : a\r\n\r\n"},
        {400, "GET / HTTP/1.1\r\nHost: a\r\nX : b\r\n\r\n"},
        {400, "GET / HTTP/1.1\r\nHost: a\r\n: b\r\n\r\n"},
        {400, "GET / HTTP/1.1\r\nHost: a\r\nX\r\n\r\n"},
        {400, "GET / HTTP/1.1\r\nHost: a\r\nX: b\0c\r\n\r\n"s},
        {400, "GET / HTTP/1.1\r\nHost: a\r\nX: b\x01\r\n\r\n"},
        {400, "GET / HTTP/1.1\r\nHost: a\r\nX: b\x7f\r\n\r\n"},
        {400, "GET / HTTP/1.1\r\nHost: a\r\nX\x80: b\r\n\r\n"},
        {400, "GET / HTTP/1.1\r\nHost: a\r\nX\0Y: b\r\n\r\n"s},
        {400, "GET  / HTTP/1.1\r\nHost: a\r\n\r\n"},
        {400, "GET / HTTP/1.1 \r\nHost: a\r\n\r\n"},
        {400, "GET /\0 HTTP/1.1\r\nHost: a\r\n\r\n"s},
        {400, "GET /\r/ HTTP/1.1\r\nHost: a\r\n\r\n"},
        {400, "GET / HTTP/1.1\r\r\nHost: a\r\n\r\n"},
        {400, "G\x80T / HTTP/1.1\r\nHost: a\r\n\r\n"},
        {400, "GET /\r\n\r\n"},
        {400, "GET / HTTP/2.0\r\n\r\n"},
        {400, "GET / http/1.1\r\nHost: a\r\n\r\n"},
        {400, "\x16\x03\x01\x02"},
        {200, "GET / HTTP/1.1\r\nHost: a\r\nX: \x80\xff\ttab \r\n\r\n"},
        {200, "GET / HTTP/1.1\r\nHost:a\r\nX:\r\n\r\n"},
        {200, "\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n"},
        {0, "GET / HTTP/1.1\r\nHost: a\r\n"},
        {0, "GET / HTTP/1.1\r\nHost: a\r\n\r"},
    };
    for (auto const& row : cases) expect_in_any_pieces(row);
}

TEST(RequestReader, RefusesFramingThatCouldBeReadTwoWays) {  // RFC 9112 section 6
    Case const cases[] = {
        {400, with_headers("Content-Length: 4\r\nTransfer-Encoding: chunked\r\n")},
        {400, with_headers("Transfer-Encoding: chunked\r\nContent-Length: 4\r\n")},
        {400, with_headers("Content-Length: 4\r\nContent-Length: 4\r\n")},
        {400, with_headers("Content-Length: 4\r\nContent-Length: 5\r\n")},
        {400, with_headers("Content-Length: 4, 4\r\n")},
        {400, with_headers("Content-Length: -1\r\n")},
        {400, with_headers("Content-Length: +5\r\n")},
        {400, with_headers("Content-Length: 0x5\r\n")},
        {400, with_headers("Content-Length: 5 5\r\n")},
        {400, with_headers("Content-Length: \r\n")},
        {400, with_headers("Content-Length: 1e2\r\n")},
        {400, with_headers("Content-Length: 99999999999999999999\r\n")},
        {413, with_headers("Content-Length: 1000000000000000000\r\n")},
        {413, with_headers("Content-Length: 101\r\n")},
        {400, with_headers("Transfer-Encoding: identity\r\n")},
        {400, with_headers("Transfer-Encoding: xchunked\r\n")},
        {400, with_headers("Transfer-Encoding: chunked, identity\r\n")},
        {400, with_headers("Transfer-Encoding: gzip, chunked\r\n")},
        {400, with_headers("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n")},
        {400, with_headers("Transfer-Encoding: chunked, chunked\r\n")},
        {400, with_headers("Transfer-Encoding: \"chunked\"\r\n")},
        {400, with_headers("Transfer-Encoding: \r\n")},
        {400, "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"},
        {200, with_headers("Content-Length: 5\r\n") + "hello"},
        {0, with_headers("Content-Length: 100\r\n")},
    };
    for (auto const& row : cases) expect_in_any_pieces(row);
}

TEST(RequestReader, RefusesChunksThatAreNotQuiteRight) {  // RFC 9112 section 7.1
    using namespace std::string_literals;
    Case const cases[] = {
        {400, chunked("FFFFFFFFFFFFFFFFF\r\n")},
        {413, chunked("FFFFFFFFFFFFFFFF\r\n")},
        {413, chunked("65\r\n")},
        {413, chunked("32\r\n" + std::string(50, 'x') + "\r\n33\r\n")},
        {400, chunked("5\r\nhelloX0\r\n\r\n")},
        {400, chunked("5\r\nhello\n0\r\n\r\n")},
        {400, chunked("5\nhello\r\n0\r\n\r\n")},
        {400, chunked("0x5\r\nhello\r\n0\r\n\r\n")},
        {400, chunked("+5\r\nhello\r\n0\r\n\r\n")},
        {400, chunked(" 5\r\nhello\r\n0\r\n\r\n")},
        {400, chunked("\r\n")},
        {400, chunked("g\r\n")},
        {400, chunked("-1\r\n")},
        {400, chunked("5;\r\nhello\r\n0\r\n\r\n")},
        {400, chunked("5;a=\"b\nc\"\r\nhello\r\n0\r\n\r\n")},
        {400, chunked("5;a=\"b\0c\"\r\nhello\r\n0\r\n\r\n"s)},
        {400, chunked("0\r\nTrailer: a\r\n\r\n")},
        {400, chunked("5\r\nhello\r\n0\r\nContent-Length: 3\r\n\r\n")},
        {400, chunked("5;" + std::string(5000, 'a'))},
        {200, chunked("5;a=b;c=\"d\"\r\nhello\r\n0\r\n\r\n")},
        {200, chunked("64\r\n" + std::string(100, 'x') + "\r\n0\r\n\r\n")},
        {0, chunked("5\r\nhel")},
        {0, chunked("5\r\nhello\r\n0\r\n")},
    };
    for (auto const& row : cases) expect_in_any_pieces(row);
}

TEST(RequestReader, ExtensionsOfManyChunksAreLimitedTogether) {
    std::string body;
    for (int i = 0; i < 50; ++i) body += "1;" + std::string(400, 'a') + "\r\nx\r\n";
    EXPECT_EQ(read(chunked(body)).status, 400);
}

TEST(RequestReader, WantsOneHost) {  // RFC 9112 section 3.2
    Case const cases[] = {
        {400, "GET / HTTP/1.1\r\n\r\n"},
        {400, "GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n"},
        {400, "GET / HTTP/1.1\r\nHost: a\r\nhost: b\r\n\r\n"},
        {400, "GET / HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n"},
        {400, "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n"},
        {400, "GET / HTTP/1.1\r\nHost: a b\r\n\r\n"},
        {400, "GET / HTTP/1.1\r\nHost: u@a\r\n\r\n"},
        {400, "GET / HTTP/1.1\r\nHost: a?b\r\n\r\n"},
        {400, "GET / HTTP/1.1\r\nHost: a, b\r\n\r\n"},
        {200, "GET / HTTP/1.1\r\nHost: [::1]:3000\r\n\r\n"},
        {200, "GET / HTTP/1.1\r\nHost:\r\n\r\n"},
        {200, "GET / HTTP/1.0\r\n\r\n"},
    };
    for (auto const& row : cases) expect_in_any_pieces(row);
}

TEST(RequestReader, TargetsArePathsOrHttpUrls) {  // RFC 9112 section 3.2
    struct Row {
        std::string_view verb;
        std::string_view target;
        std::string_view seen;  ///< "" if it is refused.
        std::string_view host;
    };
    Row const rows[] = {
        {"GET", "/a/../b?c=%00", "/a/../b?c=%00", "a"},
        {"GET", "http://h.test:8/p?q", "/p?q", "h.test:8"},
        {"GET", "https://h.test", "/", "h.test"},
        {"GET", "http://h.test?q", "/?q", "h.test"},
        {"OPTIONS", "*", "*", "a"},
        {"GET", "*", "", ""},
        {"GET", "a", "", ""},
        {"GET", "h.test:80", "", ""},
        {"GET", "ftp://h.test/", "", ""},
        {"GET", "http:///p", "", ""},
        {"GET", "http://u@h.test/", "", ""},
        {"GET", "/a#b", "", ""},
    };
    for (auto const& row : rows) {
        SCOPED_TRACE(row.target);
        auto const outcome = read(fmt::format("{} {} HTTP/1.1\r\nHost: a\r\n\r\n", row.verb, row.target));
        EXPECT_EQ(outcome.status, row.seen.empty() ? 400 : 200);
        if (row.seen.empty()) continue;
        EXPECT_EQ(outcome.request.target, row.seen);
        EXPECT_EQ(outcome.request.header("Host"), row.host);
    }
}

TEST(RequestReader, LimitsAreExact) {
    auto const line = [](std::size_t bytes) {  // "GET " and " HTTP/1.1" are 13 bytes.
        return fmt::format("GET /{} HTTP/1.1\r\nHost: a\r\n\r\n", std::string(bytes - 14, 'x'));
    };
    auto const headers = [](std::size_t bytes) {  // "Host: a" and "X: " with their line ends are 14 bytes.
        return fmt::format("GET / HTTP/1.1\r\nHost: a\r\nX: {}\r\n\r\n", std::string(bytes - 14, 'x'));
    };
    auto const count = [](int headers_in_all) {
        std::string text = "GET / HTTP/1.1\r\nHost: a\r\n";
        for (int i = 1; i < headers_in_all; ++i) text += "X: y\r\n";
        return text + "\r\n";
    };
    Case const cases[] = {
        {200, line(8192)},           {414, line(8193)},     {414, std::string(8193, 'G')},
        {0, std::string(8192, 'G')}, {200, headers(16384)}, {431, headers(16385)},
        {200, count(100)},           {431, count(101)},
    };
    for (auto const& row : cases) {
        EXPECT_EQ(read(row.bytes).status, row.status) << row.bytes.size();
        EXPECT_EQ(read(row.bytes, 1000).status, row.status) << row.bytes.size() << " in pieces";
    }
}

TEST(RequestReader, StopsWhereARequestEndsAndStartsOver) {
    std::string_view const both =
        "POST /1 HTTP/1.1\r\nHost: a\r\nX: y\r\nContent-Length: 2\r\n\r\nhi"
        "GET /2 HTTP/1.1\r\nHost: b\r\n\r\n";
    Request request;
    RequestReader reader{{}, request};
    auto taken = reader.take(both);
    taken += reader.take(both.substr(taken));
    ASSERT_EQ(reader.stage(), Stage::complete);
    EXPECT_EQ(request.body, "hi");

    reader.restart();
    reader.take(both.substr(taken));
    ASSERT_EQ(reader.stage(), Stage::complete);
    EXPECT_EQ(request.target, "/2");
    EXPECT_EQ(request.body, "");
    EXPECT_EQ(request.headers, (Headers{{"Host", "b"}}));
}

}  // namespace
}  // namespace sallyport::http

#include "http/server.hpp"

#include "raw_client.hpp"

#include <gtest/gtest.h>

#include <chrono>

namespace sallyport::http {
namespace {

using std::chrono::milliseconds;

constexpr std::string_view get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

TEST(Server, AnswersARequestAndKeepsTheConnection) {
    EchoServer echo;
    RawClient client{echo.server.port()};

    for (int i = 0; i < 3; ++i) {
        client.send("GET /a?b=c HTTP/1.1\r\nHost: a\r\n\r\n");
        auto const answer = client.read_answer();
        EXPECT_TRUE(answer.starts_with("HTTP/1.1 200 OK\r\n")) << answer;
        EXPECT_TRUE(answer.ends_with("\r\n\r\nGET /a?b=c ")) << answer;
        EXPECT_NE(answer.find("\r\nDate: "), std::string::npos);
        EXPECT_EQ(answer.find("Server:"), std::string::npos);
        EXPECT_EQ(answer.find("Connection:"), std::string::npos);
    }
}

TEST(Server, PipelinedRequestsAreAnsweredInOrder) {
    EchoServer echo;
    std::string requests;
    for (int i = 0; i < 100; ++i) requests += fmt::format("GET /{} HTTP/1.1\r\nHost: a\r\n\r\n", i);
    RawClient client{echo.server.port()};
    client.send(requests);

    for (int i = 0; i < 100; ++i) {
        auto const answer = client.read_answer();
        EXPECT_TRUE(answer.ends_with(fmt::format("GET /{} ", i))) << answer;
    }
}

TEST(Server, OutlivesAClientThatResetsItsPipeline) {
    EchoServer echo;
    std::string requests;
    for (int i = 0; i < 100; ++i) requests += get;
    {
        RawClient client{echo.server.port()};
        client.send(requests);
        client.reset();
    }
    EXPECT_EQ(status_of(echo.ask(get)), 200);
}

struct VersionCase {
    std::string_view request;
    bool stays;
    std::string_view connection;  ///< The header of the answer; "" for none.
};

TEST(Server, ConnectionsStayOrCloseAsVersionAndClientSay) {
    VersionCase const cases[] = {
        {"GET / HTTP/1.1\r\nHost: a\r\n\r\n", true, ""},
        {"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", false, "close"},
        {"GET / HTTP/1.1\r\nHost: a\r\nConnection: x, Close\r\n\r\n", false, "close"},
        {"GET / HTTP/1.0\r\n\r\n", false, "close"},
        {"GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", true, "keep-alive"},
    };
    EchoServer echo;
    for (auto const& row : cases) {
        SCOPED_TRACE(row.request);
        RawClient client{echo.server.port()};
        client.send(row.request);
        auto const answer = client.read_answer();
        EXPECT_EQ(status_of(answer), 200);
        EXPECT_EQ(answer.find("Connection: ") != std::string::npos, !row.connection.empty());
        EXPECT_NE(answer.find(row.connection), std::string::npos);
        if (!row.stays) {
            EXPECT_EQ(client.read_all(), "");
        } else {
            client.send(row.request);
            EXPECT_EQ(status_of(client.read_answer()), 200);
        }
    }
}

TEST(Server, ReadsBodiesOfBothFramings) {
    struct Row {
        std::string_view request;
        std::string_view body;
    };
    Row const rows[] = {
        {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello", "hello"},
        {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n", ""},
        {"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi", "hi"},
        {"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6;a=b\r\n world\r\n0\r\n\r\n",
         "hello world"},
        {"POST / HTTP/1.1\r\nHost: a\r\ntransfer-encoding: Chunked\r\n\r\n0\r\n\r\n", ""},
        {"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n00a;x=\"; y\"\r\n0123456789\r\n000\r\n\r\n",
         "0123456789"},
    };
    EchoServer echo;
    for (auto const& row : rows) {
        SCOPED_TRACE(row.request);
        auto const answer = echo.ask(row.request);
        EXPECT_EQ(status_of(answer), 200);
        EXPECT_TRUE(answer.ends_with(fmt::format(" / {}", row.body))) << answer;
    }
}

TEST(Server, ReadsRequestsThatComeByteByByte) {
    constexpr std::string_view request =
        "\r\nPOST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5;q=1\r\nhello\r\n0\r\n\r\n";
    EchoServer echo;
    RawClient client{echo.server.port()};
    client.socket().set_option(boost::asio::ip::tcp::no_delay{true});
    for (auto const byte : request) client.send({&byte, 1});

    EXPECT_TRUE(client.read_answer().ends_with("POST /x hello"));
}

TEST(Server, AnswersToHeadHaveNoBody) {
    EchoServer echo;
    auto const answer = echo.ask("HEAD /a HTTP/1.1\r\nHost: a\r\n\r\n");
    EXPECT_NE(answer.find("Content-Length: 8\r\n"), std::string::npos) << answer;
    EXPECT_TRUE(answer.ends_with("\r\n\r\n"));
}

TEST(Server, VerbsThatNobodyServesAreRefusedWithTheOnesThatAre) {
    EchoServer echo;
    for (std::string_view verb : {"TRACE", "CONNECT", "PROPFIND", "get", "GETS"}) {
        auto const answer = echo.ask(fmt::format("{} / HTTP/1.1\r\nHost: a\r\n\r\n", verb));
        EXPECT_EQ(status_of(answer), 405) << verb;
        EXPECT_NE(answer.find("Allow: GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS\r\n"), std::string::npos);
    }
    EXPECT_EQ(*echo.calls, 0);
}

TEST(Server, TargetsMayBeAbsolute) {
    EchoServer echo;
    struct Row {
        std::string_view target;
        std::string_view seen;
    };
    Row const rows[] = {{"http://h.test/a?b", "/a?b"},
                        {"HTTPS://h.test:8/a", "/a"},
                        {"http://h.test", "/"},
                        {"http://h.test?q", "/?q"}};
    for (auto const& row : rows) {
        auto const answer = echo.ask(fmt::format("GET {} HTTP/1.1\r\nHost: a\r\n\r\n", row.target));
        EXPECT_TRUE(answer.ends_with(fmt::format("GET {} ", row.seen))) << answer;
    }
    EXPECT_EQ(status_of(echo.ask("OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n")), 200);
}

TEST(Server, ContinueIsSaidBeforeABodyThatIsWaitedFor) {
    EchoServer echo;
    RawClient client{echo.server.port()};
    client.send("POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
    EXPECT_EQ(client.read_until("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
    client.send("hi");
    EXPECT_TRUE(client.read_answer().ends_with("POST / hi"));
}

TEST(Server, ContinueIsNotSaidForABodyThatIsRefused) {
    EchoServer echo{{.max_body = 10}};
    RawClient client{echo.server.port()};
    client.send("POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 11\r\n\r\n");
    EXPECT_EQ(status_of(client.read_all()), 413);
}

TEST(Server, AnAddressInUseIsAnError) {
    EchoServer echo;
    auto const message = [&]() -> std::string {
        try {
            Server{{.port = echo.server.port()}, {}, plain_refusal};
        } catch (std::runtime_error const& error) {
            return error.what();
        }
        return "";
    }();
    EXPECT_EQ(
        message,
        fmt::format(
            "cannot listen on 127.0.0.1:{}: Address already in use\n  hint: choose another with --port and --host",
            echo.server.port()));
}

TEST(Server, ConnectionsAboveTheLimitAreTurnedAway) {
    EchoServer echo{{.max_connections = 2, .linger_time = milliseconds{40}}};
    RawClient first{echo.server.port()};
    first.send(get);
    EXPECT_EQ(status_of(first.read_answer()), 200);
    {
        RawClient second{echo.server.port()};
        second.send(get);
        EXPECT_EQ(status_of(second.read_answer()), 200);

        RawClient third{echo.server.port()};
        EXPECT_EQ(status_of(third.read_all()), 503);
    }
    int status = 0;  // The server notices the second and third leaving in its own time.
    for (int tries = 0; tries < 1000 && status != 200; ++tries) status = status_of(echo.ask(get));
    EXPECT_EQ(status, 200);
}

// Handlers and bodies
// ---------------------------------------------------------------------------------------------------

Task<Response> fail() {
    throw std::runtime_error{"secret"};
    co_return Response{};
}

ServerRules const on_any_port{.port = 0, .threads = 1, .linger_time = milliseconds{200}};

TEST(Server, AHandlerThatThrowsIsA500AndTheConnectionGoesOn) {
    Server server{on_any_port, [](Request const&) { return fail(); }, plain_refusal};
    server.start();
    RawClient client{server.port()};
    for (int i = 0; i < 2; ++i) {
        client.send(get);
        auto const answer = client.read_answer();
        EXPECT_EQ(status_of(answer), 500);
        EXPECT_EQ(answer.find("secret"), std::string::npos);
    }
}

Task<Response> give(Response response) { co_return response; }

/// What a server sends for `request` if its handler gives `response`.
std::string sent(Response const& response, std::string_view request = get) {
    Server server{on_any_port, [&](Request const&) { return give(response); }, plain_refusal};
    server.start();
    RawClient client{server.port()};
    client.send(request);
    client.finish_sending();
    return client.read_all();
}

Task<std::string> next_of(std::shared_ptr<std::vector<std::string>> pieces) {
    if (pieces->empty()) co_return "";
    auto piece = pieces->front();
    pieces->erase(pieces->begin());
    co_return piece;
}

Producer producer_of(std::vector<std::string> pieces) {
    return [left = std::make_shared<std::vector<std::string>>(std::move(pieces))] { return next_of(left); };
}

TEST(Server, StatusesWithoutABodySendNone) {
    for (int status : {204, 304}) {
        auto const answer = sent({status, {}, "no"});
        EXPECT_EQ(status_of(answer), status);
        EXPECT_TRUE(answer.ends_with("\r\n\r\n")) << answer;
        EXPECT_EQ(answer.find("Content-Length"), std::string::npos);
    }
}

TEST(Server, ControlCharactersCannotSplitAnAnswer) {
    auto const answer = sent({200, {{"X-Name", "a\r\nSet-Cookie: b=c"}}, ""});
    EXPECT_NE(answer.find("X-Name: a  Set-Cookie: b=c\r\n"), std::string::npos) << answer;
}

TEST(Server, HandlersCannotFrame) {
    auto const answer = sent({200, {{"content-length", "999"}, {"Transfer-Encoding", "chunked"}}, "abc"});
    EXPECT_NE(answer.find("\r\nContent-Length: 3\r\n"), std::string::npos) << answer;
    EXPECT_EQ(answer.find("Transfer-Encoding"), std::string::npos);
    EXPECT_EQ(answer.find("999"), std::string::npos);
}

Task<Response> stream_of(std::vector<std::string> pieces, Headers headers) {
    co_return Response{200, std::move(headers), producer_of(std::move(pieces))};
}

std::string streamed(std::vector<std::string> const& pieces, std::string_view request, Headers const& headers = {}) {
    Server server{on_any_port, [&](Request const&) { return stream_of(pieces, headers); }, plain_refusal};
    server.start();
    RawClient client{server.port()};
    client.send(request);
    return client.read_all();
}

constexpr std::string_view get_and_close = "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";

TEST(Server, ProducersAreChunked) {
    auto const answer = streamed({"hello", "0123456789abcdef"}, get_and_close);
    EXPECT_NE(answer.find("Transfer-Encoding: chunked\r\n"), std::string::npos) << answer;
    EXPECT_TRUE(answer.ends_with("\r\n\r\n5\r\nhello\r\n10\r\n0123456789abcdef\r\n0\r\n\r\n")) << answer;
}

TEST(Server, ProducersForHttp10EndWithTheConnection) {
    auto const answer = streamed({"hello", " you"}, "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    EXPECT_EQ(answer.find("chunked"), std::string::npos);
    EXPECT_NE(answer.find("Connection: close\r\n"), std::string::npos);
    EXPECT_TRUE(answer.ends_with("\r\n\r\nhello you")) << answer;
}

TEST(Server, ProducersThatKnowTheirLengthAreNotChunked) {
    auto const answer = streamed({"hello", " you", "!!"}, get_and_close, {{"Content-Length", "9"}});
    EXPECT_EQ(answer.find("chunked"), std::string::npos);
    EXPECT_TRUE(answer.ends_with("\r\n\r\nhello you")) << answer;
}

TEST(Server, ProducersAreNotAskedForHead) {
    auto const answer = streamed({"hello"}, "HEAD / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    EXPECT_TRUE(answer.ends_with("\r\n\r\n")) << answer;
}

}  // namespace
}  // namespace sallyport::http

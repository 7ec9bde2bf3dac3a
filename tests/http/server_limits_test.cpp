// Clients that are slow, big, sly or gone. Times are tens of milliseconds and never compared with a clock: what is
// asserted is how a connection ends, and the client waits for that as long as it takes.

#include "http/server.hpp"

#include "raw_client.hpp"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <chrono>
#include <future>
#include <latch>
#include <thread>

namespace sallyport::http {
namespace {

using std::chrono::milliseconds;

constexpr std::string_view get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
constexpr milliseconds soon{40};
constexpr milliseconds never{3600000};

struct Row {
    int status;
    std::string bytes;
};

TEST(ServerLimits, WhatIsRefusedIsTheLastRequestOfItsConnection) {
    std::string const next = "GET /second HTTP/1.1\r\nHost: a\r\n\r\n";
    std::string const post = "POST / HTTP/1.1\r\nHost: a\r\n";
    Row const rows[] = {
        {414, "GET /" + std::string(9000, 'x') + " HTTP/1.1\r\nHost: a\r\n\r\n"},
        {431, "GET / HTTP/1.1\r\nHost: a\r\nX: " + std::string(17000, 'x') + "\r\n\r\n"},
        {413, post + "Content-Length: 1000000000000000000\r\n\r\n"},
        {413, post + "Content-Length: 21\r\n\r\n"},
        {413, post + "Transfer-Encoding: chunked\r\n\r\n15\r\n"},
        {400, post + "Content-Length: +5\r\n\r\nhello"},
        {400, post + "Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"},
        {400, post + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n"},
        {400, post + "Content-Length: 0\r\nContent-Length: 44\r\n\r\n"},
        {400, "GET / HTTP/1.1\r\n\r\n"},
        {400, "GET / HTTP/1.1\r\nHost: a\r\nX: y\r\n z\r\n\r\n"},
    };
    EchoServer echo{{.max_body = 20}};
    for (auto const& row : rows) {
        SCOPED_TRACE(row.bytes.substr(0, 100));
        RawClient client{echo.server.port()};
        client.send(row.bytes + next);
        client.finish_sending();
        auto const answer = client.read_all();
        EXPECT_EQ(status_of(answer), row.status);
        EXPECT_NE(answer.find("Connection: close\r\n"), std::string::npos);
        EXPECT_EQ(answer.find("HTTP/1.1 ", 1), std::string::npos) << "a second answer";
    }
    EXPECT_EQ(*echo.calls, 0);
    EXPECT_EQ(status_of(echo.ask(get)), 200);
}

TEST(ServerLimits, ARefusalKnowsItsOwnRequestAndNoneBefore) {
    auto const refusal = [](Request const& request, int status, std::string const&) {
        return Response{status, {}, std::string{request.header("Origin")} + ' ' + request.target};
    };
    auto const fine = [](Request const&) -> Task<Response> { co_return Response{200, {}, "fine"}; };
    Server server{EchoServer::with_test_port({.max_body = 20}), fine, refusal};
    server.start();
    struct Case {
        std::string bytes;
        std::string seen;
    };
    for (auto const& [bytes, seen] :
         {Case{"GET / HTTP/1.1\r\nHost: a\r\nX: y\r\n z\r\n\r\n", " "},
          Case{"POST /b HTTP/1.1\r\nHost: a\r\nContent-Length: 21\r\nOrigin: https://b.example\r\n\r\n",
               "https://b.example /b"}}) {
        RawClient client{server.port()};
        client.send("GET /a HTTP/1.1\r\nHost: a\r\nX: y\r\nZ: z\r\nOrigin: https://a.example\r\n\r\n");
        EXPECT_TRUE(client.read_answer().ends_with("fine"));
        client.send(bytes);
        EXPECT_TRUE(client.read_answer().ends_with("\r\n\r\n" + seen)) << bytes;
    }
    server.stop();
}

TEST(ServerLimits, AClientThatSendsTooMuchStillReadsTheRefusal) {
    EchoServer echo{{.max_body = 20, .linger_time = never}};
    RawClient client{echo.server.port()};
    client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4000000\r\n\r\n");
    EXPECT_TRUE(client.send(std::string(4000000, 'x'))) << "the connection was reset under the client's feet";
    EXPECT_EQ(status_of(client.read_all()), 413);
}

TEST(ServerLimits, TheBodyLimitMayDependOnTheRequest) {
    EchoServer echo{{.max_body = 20},
                    [](Request const& request) -> std::size_t { return request.path() == "/small" ? 4 : 100; }};
    auto const post = [](std::string_view path, std::size_t bytes) {
        return fmt::format("POST {} HTTP/1.1\r\nHost: a\r\nContent-Length: {}\r\n\r\n{}", path, bytes,
                           std::string(bytes, 'x'));
    };
    EXPECT_EQ(status_of(echo.ask(post("/small", 4))), 200);
    EXPECT_EQ(status_of(echo.ask(post("/small", 5))), 413);
    EXPECT_EQ(status_of(echo.ask(post("/large", 20))), 200);
    EXPECT_EQ(status_of(echo.ask(post("/large", 21))), 413);  // max_body holds for all.
}

TEST(ServerLimits, AHeaderThatTakesTooLongIs408) {
    EchoServer echo{{.header_time = soon, .idle_time = never}};
    for (std::string_view begin : {"G", "GET / HTTP/1.1\r\nHost: a\r\n"}) {
        RawClient client{echo.server.port()};
        client.send(begin);
        EXPECT_EQ(status_of(client.read_all()), 408) << begin;
    }
}

TEST(ServerLimits, ABodyThatComesTooSlowlyIs408) {
    EchoServer echo{{.body_grace = soon}};
    for (std::string_view framing : {"Content-Length: 9", "Transfer-Encoding: chunked"}) {
        RawClient client{echo.server.port()};
        client.send(fmt::format("POST / HTTP/1.1\r\nHost: a\r\n{}\r\n\r\n1", framing));
        EXPECT_EQ(status_of(client.read_all()), 408) << framing;
    }
    EXPECT_EQ(*echo.calls, 0);
}

TEST(ServerLimits, BytesEarnABodyMoreTime) {
    // At 10 bytes a second the 1000 that came at once are good for 100 seconds.
    EchoServer echo{{.body_grace = soon, .body_bytes_per_second = 10}};
    RawClient client{echo.server.port()};
    client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1001\r\n\r\n" + std::string(1000, 'x'));
    RawClient slower{echo.server.port()};
    slower.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1001\r\n\r\n");
    EXPECT_EQ(status_of(slower.read_all()), 408);  // So the grace of both is over.

    client.send("x");
    EXPECT_EQ(status_of(client.read_answer()), 200);
}

TEST(ServerLimits, AnIdleConnectionIsClosedWithoutAWord) {
    EchoServer echo{{.idle_time = soon}};
    RawClient fresh{echo.server.port()};
    EXPECT_EQ(fresh.read_all(), "");

    // A slow machine may close this one before it asks: then it asks again.
    for (int status = 0; status != 200;) {
        RawClient used{echo.server.port()};
        used.send(get);
        status = status_of(used.read_answer());
        EXPECT_EQ(used.read_all(), "");
    }
}

Task<Response> give_much(Request const&) {
    constexpr std::size_t more_than_sockets_hold = 64 << 20;
    co_return Response{200, {}, std::string(more_than_sockets_hold, 'x')};
}

template <class Condition>
bool comes_true(Condition condition) {
    for (int tries = 0; tries < 2000 && !condition(); ++tries) std::this_thread::sleep_for(milliseconds{5});
    return condition();
}

TEST(ServerLimits, AClientThatDoesNotReadIsGivenUp) {
    Server server{{.port = 0, .threads = 1, .write_time = soon, .linger_time = soon}, give_much, plain_refusal};
    server.start();
    RawClient client{server.port()};
    client.send(get);
    EXPECT_TRUE(comes_true([&] { return server.connections() == 1; }));
    EXPECT_TRUE(comes_true([&] { return server.connections() == 0; }));
}

// Streams
// ---------------------------------------------------------------------------------------------------------------

/// Tells when the producer that holds it has been destroyed.
struct Farewell {
    ~Farewell() { gone->count_down(); }
    std::shared_ptr<std::latch> gone;
};

Task<std::string> first_then_silence(std::shared_ptr<bool> is_begun, std::shared_ptr<Farewell>) {
    if (!std::exchange(*is_begun, true)) co_return "first";
    boost::asio::steady_timer timer{co_await boost::asio::this_coro::executor, never};
    co_await timer.async_wait(boost::asio::use_awaitable);
    co_return "";
}

Task<Response> endless(std::shared_ptr<std::latch> gone) {
    auto farewell = std::make_shared<Farewell>(std::move(gone));
    auto begun = std::make_shared<bool>(false);
    co_return Response{200, {}, Producer{[farewell, begun] { return first_then_silence(begun, farewell); }}};
}

struct EndlessServer {
    EndlessServer() { server.start(); }

    std::shared_ptr<std::latch> gone = std::make_shared<std::latch>(1);
    Server server{{.port = 0, .threads = 1, .drain_time = never, .linger_time = soon},
                  [gone = gone](Request const&) { return endless(gone); },
                  plain_refusal};
};

TEST(ServerLimits, AProducerEndsWhenTheClientGoesAway) {
    for (bool const is_reset : {false, true}) {
        EndlessServer endless_server;
        RawClient client{endless_server.server.port()};
        client.send(get);
        client.read_until("first");
        is_reset ? client.reset() : client.socket().close();
        endless_server.gone->wait();
    }
}

TEST(ServerLimits, AProducerOutlivesWhatTheClientSendsMeanwhile) {
    EndlessServer endless_server;
    RawClient client{endless_server.server.port()};
    client.send(get);
    client.read_until("first");
    client.send(get);
    EXPECT_FALSE(endless_server.gone->try_wait());
    client.socket().close();
    endless_server.gone->wait();
}

TEST(ServerLimits, StoppingEndsAProducerThatOnlyWaits) {
    EndlessServer endless_server;
    RawClient client{endless_server.server.port()};
    client.send(get);
    client.read_until("first");
    auto stopped = std::async(std::launch::async, [&] { endless_server.server.stop(); });
    EXPECT_EQ(stopped.wait_for(std::chrono::seconds{30}), std::future_status::ready);
    auto const rest = client.read_all();
    client.socket().close();
    endless_server.gone->wait();
    EXPECT_EQ(rest.find("0\r\n\r\n"), std::string::npos) << "an unfinished body must not look finished";
}

// Stopping
// --------------------------------------------------------------------------------------------------------------

struct Gate {
    std::latch arrived{1};
    std::promise<void> opened;
    std::shared_future<void> open = opened.get_future().share();
};

Task<Response> pass(std::shared_ptr<Gate> gate) {
    gate->arrived.count_down();
    boost::asio::steady_timer timer{co_await boost::asio::this_coro::executor};
    while (gate->open.wait_for(milliseconds{0}) != std::future_status::ready) {
        timer.expires_after(milliseconds{1});
        co_await timer.async_wait(boost::asio::use_awaitable);
    }
    co_return Response{200, {}, "done"};
}

TEST(ServerStop, AnswersWhatIsInFlightAndClosesTheRest) {
    auto gate = std::make_shared<Gate>();
    Server server{{.port = 0, .threads = 2}, [gate](Request const&) { return pass(gate); }, plain_refusal};
    server.start();
    RawClient idle{server.port()};
    RawClient busy{server.port()};
    busy.send(get);
    gate->arrived.wait();

    auto stopped = std::async(std::launch::async, [&] { server.stop(); });
    EXPECT_EQ(idle.read_all(), "");
    EXPECT_THROW(RawClient{server.port()}, boost::system::system_error);

    gate->opened.set_value();
    auto const answer = busy.read_all();
    EXPECT_EQ(status_of(answer), 200);
    EXPECT_NE(answer.find("Connection: close\r\n"), std::string::npos);
    busy.socket().close();
    stopped.wait();
    EXPECT_EQ(server.connections(), 0u);
}

TEST(ServerStop, DoesNotWaitLongerThanTheDrainTime) {
    auto gate = std::make_shared<Gate>();
    Server server{
        {.port = 0, .threads = 1, .drain_time = soon}, [gate](Request const&) { return pass(gate); }, plain_refusal};
    server.start();
    RawClient busy{server.port()};
    busy.send(get);
    gate->arrived.wait();
    server.stop();
    EXPECT_EQ(busy.read_all(), "");
}

TEST(ServerStop, MayComeTwiceOrBeforeTheStart) {
    EchoServer echo;
    echo.server.stop();
    echo.server.stop();
    Server idle{{.port = 0}, {}, plain_refusal};
    idle.stop();
}

// Descriptors
// -----------------------------------------------------------------------------------------------------------

/// No descriptors above those in use, for as long as it lives.
class NoDescriptors {
public:
    NoDescriptors() {
        getrlimit(RLIMIT_NOFILE, &before_);
        int const next = dup(0);
        close(next);
        rlimit const none{static_cast<rlim_t>(next), before_.rlim_max};
        setrlimit(RLIMIT_NOFILE, &none);
    }
    ~NoDescriptors() { setrlimit(RLIMIT_NOFILE, &before_); }

private:
    rlimit before_{};
};

TEST(ServerLimits, WithoutDescriptorsItPausesAndRecovers) {
    EchoServer echo;
    RawClient served{echo.server.port()};
    served.send(get);
    EXPECT_EQ(status_of(served.read_answer()), 200);

    RawClient waiting;
    {
        NoDescriptors const none;
        waiting.connect(echo.server.port());
        served.send(get);
        EXPECT_EQ(status_of(served.read_answer()), 200);  // Those who are in are served.
    }
    waiting.send(get);
    EXPECT_EQ(status_of(waiting.read_answer()), 200);
}

}  // namespace
}  // namespace sallyport::http

#include "http/outbound.hpp"

#include "fake_server.hpp"
#include "support.hpp"

#include <gtest/gtest.h>

#include <chrono>

namespace sallyport::http {
namespace {

using std::chrono::milliseconds;
using End = FakeAnswer::End;
using Sent = OutboundFailure::Sent;

constexpr Sent no = Sent::no;
constexpr Sent maybe = Sent::maybe;

OutboundRules local_rules() {
    OutboundRules rules;
    rules.allow_private = true;
    return rules;
}

OutboundReply ask(Outbound& outbound, OutboundRequest request, OutboundRules rules = local_rules()) {
    return wait_for(outbound.send(std::move(request), std::move(rules)));
}

/// What it fails with; fails the test if it does not.
OutboundFailure failure(Outbound& outbound, OutboundRequest request, OutboundRules rules = local_rules()) {
    try {
        ask(outbound, std::move(request), std::move(rules));
    } catch (OutboundFailure const& failed) {
        return failed;
    }
    ADD_FAILURE() << "there was an answer";
    return {no, 0, ""};
}

TEST(Outbound, SendsARequestAndReadsTheAnswer) {
    FakeServer server{[](auto const&, auto) { return FakeAnswer{fake_reply("201 Created", "{\"a\":1}")}; }};
    Outbound outbound;
    auto const reply = ask(outbound, {.url = server.url("/sms?a=b"), .headers = {{"X-A", "1"}}, .body = "to=1"});
    EXPECT_EQ(reply.status, 201);
    EXPECT_EQ(reply.body, "{\"a\":1}");
    auto const request = server.requests().at(0);
    EXPECT_TRUE(request.starts_with("POST /sms?a=b HTTP/1.1\r\n")) << request;
    EXPECT_TRUE(request.ends_with("\r\n\r\nto=1")) << request;
    EXPECT_NE(request.find("\r\nX-A: 1\r\n"), std::string::npos);
    EXPECT_NE(request.find("\r\nContent-Length: 4\r\n"), std::string::npos);
    EXPECT_EQ(request.find("Expect:"), std::string::npos);
}

TEST(Outbound, UsesAConnectionAgain) {
    FakeServer server{[](auto const&, auto) { return FakeAnswer{fake_reply("200 OK", "")}; }};
    Outbound outbound;
    for (int i = 0; i < 5; ++i) ask(outbound, {.url = server.url()});
    EXPECT_EQ(server.requests().size(), 5U);
    EXPECT_EQ(server.connections(), 1);
}

TEST(Outbound, FollowsNoRedirect) {
    FakeServer elsewhere{[](auto const&, auto) { return FakeAnswer{fake_reply("200 OK", "secret")}; }};
    FakeServer server{[&](auto const&, auto) {
        return FakeAnswer{fake_reply("302 Found", "", "Location: " + elsewhere.url() + "\r\n")};
    }};
    Outbound outbound;
    EXPECT_EQ(ask(outbound, {.url = server.url()}).status, 302);
    EXPECT_EQ(elsewhere.connections(), 0);
}

TEST(Outbound, AddressesThatAreNotPublicAreRefusedUnlessAllowed) {
    FakeServer server{[](auto const&, auto) { return FakeAnswer{fake_reply("200 OK", "")}; }};
    auto const port = server.url("").substr(server.url("").rfind(':'));
    Outbound outbound;
    for (std::string const host : {"127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "0.0.0.0", "10.0.0.1"}) {
        SCOPED_TRACE(host);
        auto const failed = failure(outbound, {.url = "https://" + host + port}, OutboundRules{});
        EXPECT_EQ(failed.sent(), no);
        EXPECT_STREQ(failed.what(), "the address is not a public one");
    }
    EXPECT_EQ(server.connections(), 0);
}

TEST(Outbound, OnlyTheProtocolsOfTheWebAreSpokenAndPlainHttpOnlyToPrivateAddresses) {
    Outbound outbound;
    EXPECT_EQ(failure(outbound, {.url = "http://127.0.0.1:1/"}, OutboundRules{}).sent(), no);
    for (std::string const url :
         {"file:///etc/passwd", "gopher://127.0.0.1:1/", "ftp://127.0.0.1:1/", "dict://127.0.0.1:1/"}) {
        SCOPED_TRACE(url);
        EXPECT_EQ(failure(outbound, {.url = url}).sent(), no);
    }
}

TEST(Outbound, SaysWhetherTheRequestMayHaveArrived) {
    struct Case {
        char const* name;
        FakeAnswer answer;
        Sent sent;
    };
    Case const cases[] = {
        {"hangs", {"", End::hang}, maybe},
        {"closes without a word", {"", End::close}, maybe},
        {"resets", {"", End::reset}, maybe},
        {"stops in the midst of its answer", {"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhal", End::close}, maybe},
        {"speaks something else", {"220 mail.example ESMTP\r\n", End::close}, maybe},
        {"says too much", {fake_reply("200 OK", std::string(100'000, 'x')), End::close}, maybe},
    };
    auto rules = local_rules();
    rules.deadline = milliseconds{300};
    for (auto const& row : cases) {
        SCOPED_TRACE(row.name);
        FakeServer server{[&](auto const&, auto) { return row.answer; }};
        Outbound outbound;
        EXPECT_EQ(failure(outbound, {.url = server.url(), .body = "a"}, rules).sent(), row.sent);
        EXPECT_EQ(server.requests().size(), 1U);
    }
    std::string gone;
    {
        gone = FakeServer{[](auto const&, auto) { return FakeAnswer{}; }}.url();
    }
    Outbound outbound;
    EXPECT_EQ(failure(outbound, {.url = gone}).sent(), no);
    EXPECT_EQ(failure(outbound, {.url = "https" + gone.substr(4)}).sent(), no);
}

// libcurl by itself sends again what was lost on a connection that it had used before.
TEST(Outbound, WhatAServerMayHaveTakenIsNotSentASecondTime) {
    for (std::string const verb : {"POST", "PUT", "GET"}) {
        SCOPED_TRACE(verb);
        FakeServer server{[](auto const&, std::size_t index) {
            return index == 1 ? FakeAnswer{"", End::reset} : FakeAnswer{fake_reply("200 OK", "")};
        }};
        auto const body = [&](char const* text) { return verb == "GET" ? std::string{} : std::string{text}; };
        Outbound outbound;
        ask(outbound, {.verb = verb, .url = server.url("/1"), .body = body("first")});
        auto const failed = failure(outbound, {.verb = verb, .url = server.url("/2"), .body = body("second")});
        EXPECT_EQ(failed.sent(), maybe);
        EXPECT_EQ(server.requests().size(), 2U);
        ask(outbound, {.verb = verb, .url = server.url("/3"), .body = body("third")});
        EXPECT_TRUE(server.requests().at(2).starts_with(verb + " /3 "));
    }
}

TEST(Outbound, WhatItSaysOfAFailureHoldsNothingOfTheRequest) {
    FakeServer server{[](auto const&, auto) { return FakeAnswer{"nonsense secret-reply", End::close}; }};
    Outbound outbound;
    std::string const said =
        failure(outbound,
                {.url = server.url("/?key=secret-url"), .headers = {{"A", "secret-header"}}, .body = "secret-body"})
            .what();
    EXPECT_EQ(said.find("secret"), std::string::npos) << said;
}

TEST(Outbound, AMailServerThatDoesNotGreetIsLeft) {
    FakeServer server{[](auto const&, auto) { return FakeAnswer{"", End::hang}; }};
    auto rules = local_rules();
    rules.connect_time = rules.deadline = std::chrono::minutes{10};
    rules.greeting_time = milliseconds{50};
    Outbound outbound;
    auto const begin = std::chrono::steady_clock::now();
    OutboundMail mail{.url = "smtp" + server.url("").substr(4), .from = "a@x.test", .to = "b@x.test", .letter = "x"};
    try {
        wait_for(outbound.mail(std::move(mail), rules));
        ADD_FAILURE() << "it was taken";
    } catch (OutboundFailure const& failed) {
        EXPECT_EQ(failed.sent(), no);
    }
    // libcurl itself waits two minutes for a reply, and as long for one to QUIT.
    EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::minutes{1});
}

TEST(Outbound, ThoseWhoStillWaitAtItsEndGetAnAnswer) {
    FakeServer server{[](auto const&, auto) { return FakeAnswer{"", End::hang}; }};
    auto outbound = std::make_unique<Outbound>();
    auto const context = borrow_context();
    auto future =
        boost::asio::co_spawn(*context, outbound->send({.url = server.url()}, local_rules()), boost::asio::use_future);
    context->run_one();  // Up to the wait.
    outbound.reset();
    context->run();
    EXPECT_THROW(future.get(), OutboundFailure);
}

}  // namespace
}  // namespace sallyport::http

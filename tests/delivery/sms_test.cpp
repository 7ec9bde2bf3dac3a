#include "delivery/sms.hpp"

#include "http/fake_server.hpp"
#include "support.hpp"

#include <gtest/gtest.h>

#include <optional>

namespace sallyport::delivery {
namespace {

using http::FakeAnswer;
using http::FakeServer;
using Then = SendFailure::Then;

FakeServer::Answer always(FakeAnswer const& answer) {
    return [answer](auto const&, auto) { return answer; };
}

FakeAnswer vonage_status(std::string_view status) {
    return {http::fake_reply("200 OK", fmt::format(R"({{"messages":[{{"status":"{}"}}]}})", status)),
            FakeAnswer::End::stay};
}

SmsGateway gateway(FakeServer const& server, std::string_view more = "") {
    return SmsGateway{{.name = "sms",
                       .connector = "sms",
                       .settings = parse_json(fmt::format(
                           R"({{"gateway": "vonage", "apiKey": "k", "apiSecret": "s", "from": "A", "url": "{}",
                               "allowPrivate": true, "timeout": 300{}}})",
                           server.url("/sms/json"), more))}};
}

Message message(int attempt = 1) {
    Message made;
    made.id = "id-1";
    made.to = "+33612345678";
    made.text = "123456 is your code";
    made.secret = "123456";
    made.attempt = attempt;
    return made;
}

class Sms : public ::testing::Test {
protected:
    /// How a message fared: nothing if it was accepted.
    std::optional<SendFailure> send(std::vector<SmsGateway> gateways, int attempt = 1) {
        SmsSender sender{outbound_, clock_, std::move(gateways)};
        try {
            wait_for(sender.send(message(attempt)));
        } catch (SendFailure const& failure) {
            EXPECT_EQ(std::string{failure.what()}.find("123456"), std::string::npos) << failure.what();
            EXPECT_EQ(std::string{failure.what()}.find("+336"), std::string::npos) << failure.what();
            return failure;
        }
        return std::nullopt;
    }

    StillClock clock_;
    http::Outbound outbound_;
};

TEST_F(Sms, ThatAnotherGatewayHadToBeAskedIsTold) {
    FakeServer const down{always({http::fake_reply("500 Down", ""), FakeAnswer::End::stay})};
    FakeServer const good{always(vonage_status("0"))};
    ::testing::internal::CaptureStderr();
    EXPECT_FALSE(send({gateway(down), gateway(good)}));
    EXPECT_FALSE(send({gateway(good), gateway(down)}));
    EXPECT_EQ(::testing::internal::GetCapturedStderr(), "a message went by the gateway sms: gateway sms: status 500\n");
}

TEST_F(Sms, WhatEachBehaviourOfAGatewayLeadsTo) {
    using End = FakeAnswer::End;
    struct Case {
        std::string_view name;
        FakeAnswer answer;
        std::optional<Then> then;
    };
    Case const cases[] = {
        {"accepted", vonage_status("0"), std::nullopt},
        {"throttled", vonage_status("1"), Then::retry},
        {"bad credentials", vonage_status("4"), Then::give_up},
        {"no credit", vonage_status("9"), Then::give_up},
        {"error inside", {http::fake_reply("500 Internal Server Error", "oops"), End::stay}, Then::retry},
        {"too many requests", {http::fake_reply("429 Too Many Requests", ""), End::stay}, Then::retry},
        {"redirects inside",
         {http::fake_reply("302 Found", "", "Location: http://169.254.169.254/\r\n"), End::stay},
         Then::give_up},
        {"hangs", {"", End::hang}, Then::maybe_there},
        {"resets after it took it", {"", End::reset}, Then::maybe_there},
        {"says too much", {http::fake_reply("200 OK", std::string(10'000'000, ' ')), End::close}, Then::maybe_there},
        {"speaks nonsense", {http::fake_reply("200 OK", "{\"messages\":[{"), End::stay}, Then::maybe_there},
    };
    for (auto const& row : cases) {
        SCOPED_TRACE(row.name);
        FakeServer server{always(row.answer)};
        auto const failure = send({gateway(server)});
        EXPECT_EQ(failure.has_value(), row.then.has_value());
        if (failure && row.then) EXPECT_EQ(failure->then(), *row.then) << failure->what();
        EXPECT_EQ(server.requests().size(), 1U);
    }
}

TEST_F(Sms, TheSecondGatewayIsAskedOnlyWhereTheFirstCertainlyDidNotTakeIt) {
    using End = FakeAnswer::End;
    struct Case {
        FakeAnswer first;
        bool second_is_asked;
    };
    Case const cases[] = {
        {vonage_status("0"), false}, {vonage_status("1"), true}, {vonage_status("4"), true},
        {{"", End::hang}, false},    {{"", End::reset}, false},
    };
    for (auto const& row : cases) {
        SCOPED_TRACE(row.first.text);
        FakeServer first{always(row.first)};
        FakeServer second{always(vonage_status("0"))};
        auto const failure = send({gateway(first), gateway(second)});
        EXPECT_EQ(second.requests().size(), row.second_is_asked ? 1U : 0U);
        EXPECT_EQ(!failure, row.second_is_asked || row.first.text.contains(R"("status":"0")"));
    }
    std::string gone;
    FakeServer second{always(vonage_status("0"))};
    std::optional<SmsGateway> dead;
    {
        FakeServer first{always(vonage_status("0"))};
        dead = gateway(first);
    }
    EXPECT_FALSE(send({*dead, gateway(second)}));
    EXPECT_EQ(send({*dead})->then(), Then::retry);
}

TEST_F(Sms, WhatMayHaveArrivedIsSentAgainOnlyWhereDoublesAreDropped) {
    FakeServer server{always({"", FakeAnswer::End::reset})};
    EXPECT_EQ(send({gateway(server)})->then(), Then::maybe_there);
    EXPECT_EQ(send({gateway(server, R"(, "dropsDoubles": true)")})->then(), Then::retry);
    EXPECT_EQ(send({gateway(server, R"(, "dropsDoubles": true)")}, SmsSender::most_tries)->then(), Then::maybe_there);
    for (auto const& request : server.requests()) EXPECT_NE(request.find("client-ref=id-1"), std::string::npos);
}

TEST_F(Sms, TheThirdTryIsTheLast) {
    FakeServer server{always(vonage_status("1"))};
    EXPECT_EQ(send({gateway(server)}, 2)->then(), Then::retry);
    EXPECT_EQ(send({gateway(server)}, 3)->then(), Then::give_up);
}

}  // namespace
}  // namespace sallyport::delivery

#include "delivery/sms_gateway.hpp"

#include "delivery/message_text.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace sallyport::delivery {
namespace {

definition::DataSource source(std::string_view settings) {
    return {.name = "sms", .connector = "sms", .settings = parse_json(settings)};
}

constexpr std::string_view vonage = R"({"gateway": "vonage", "apiKey": "k&y", "apiSecret": "s", "from": "Acme"})";
constexpr std::string_view twilio =
    R"({"gateway": "twilio", "accountSid": "AC1", "authToken": "t", "messagingServiceSid": "MG1"})";

Message message() {
    Message made;
    made.kind = Message::Kind::code;
    made.id = "c0ffee";
    made.to = "+33612345678";
    made.text = "123456 is your code\n\n@a.example #123456";
    made.secret = "123456";
    made.expires_at = 300'000;
    return made;
}

TEST(MessageText, PlacesAreFilledOnceAndOnlyTheirNames) {
    auto const value_of = [](std::string_view name) -> std::optional<std::string> {
        if (name == "a") return "{b}";
        if (name == "b") return "2";
        return std::nullopt;
    };
    EXPECT_EQ(filled("{a}{b}{c}{}{a b}{", value_of), "{b}2{c}{}{a b}{");
    EXPECT_EQ(places_in("x{a}{b c}{{d}}"), (std::vector<std::string>{"a", "d"}));
}

TEST(MessageText, EscapesForEachNotation) {
    EXPECT_EQ(escape_url("a b&c+é~"), "a%20b%26c%2B%C3%A9~");
    EXPECT_EQ(escape_form("a b&c+é\n"), "a+b%26c%2B%C3%A9%0A");
    EXPECT_EQ(escape_xml("<a b=\"&\">\x01\n"), "&lt;a b=&quot;&amp;&quot;&gt;\n");
}

TEST(SmsGateway, VonageIsAskedAsItsLegacyInterfaceWants) {
    SmsGateway const gateway{source(vonage)};
    auto const request = gateway.request_for(message(), 0);
    EXPECT_EQ(request.verb, "POST");
    EXPECT_EQ(request.url, "https://rest.nexmo.com/sms/json");
    EXPECT_EQ(request.body,
              "api_key=k%26y&api_secret=s&from=Acme&to=33612345678&text=123456+is+your+code%0A%0A%40a.example+%23123456"
              "&ttl=300000&client-ref=c0ffee");
}

TEST(SmsGateway, TwilioIsAskedWithBasicAuthenticationAndNoEmptyMember) {
    SmsGateway const gateway{source(twilio)};
    auto const request = gateway.request_for(message(), 100'000);
    EXPECT_EQ(request.url, "https://api.twilio.com/2010-04-01/Accounts/AC1/Messages.json");
    EXPECT_EQ(request.body,
              "To=%2B33612345678&MessagingServiceSid=MG1&Body=123456+is+your+code%0A%0A%40a.example+%23123456"
              "&ValidityPeriod=200");
    auto const authorization = std::ranges::find(request.headers, "Authorization", [](auto& h) { return h.first; });
    ASSERT_NE(authorization, request.headers.end());
    EXPECT_EQ(authorization->second, "Basic QUMxOnQ=");  // AC1:t
}

TEST(SmsGateway, ADescriptionMakesJsonXmlFormsAndQueries) {
    auto const request_of = [](std::string_view members) {
        auto const all =
            std::string{R"({"gateway": "http", "url": "https://g.example/a?x={id}", "values": {"v": "<&>"}, )"} +
            std::string{members} + "}";
        return SmsGateway{source(all)}.request_for(message(), 0);
    };
    EXPECT_EQ(request_of(R"("json": {"to": ["{to}"], "n": 1, "text": "{v}: {code}"})").body,
              R"({"to":["+33612345678"],"n":1,"text":"<&>: 123456"})");
    EXPECT_EQ(request_of(R"("xml": "<m v=\"{v}\">{code}</m>")").body, R"(<m v="&lt;&amp;&gt;">123456</m>)");
    auto const query = request_of(R"("method": "GET", "form": {"t": "{v}"})");
    EXPECT_EQ(query.url, "https://g.example/a?x=c0ffee&t=%3C%26%3E");
    EXPECT_EQ(query.body, "");
    auto const headers = request_of(R"("json": "{text}", "headers": {"X-Text": "{text}", "Accept": "*/*"})").headers;
    for (auto const& [name, value] : headers) {
        EXPECT_EQ(value.find('\n'), std::string::npos) << name;
        if (name == "Accept") EXPECT_EQ(value, "*/*");
    }
}

TEST(SmsGateway, WhatAnAnswerMeans) {
    using enum Verdict;
    struct Case {
        std::string_view gateway;
        int status;
        std::string body;
        Verdict verdict;
        std::string_view why;
    };
    std::string const two = R"({"messages": [{"status": "0"}, {"status": "1"}]})";
    Case const cases[] = {
        {vonage, 200, R"({"message-count":"1","messages":[{"to":"33","message-id":"0C","status":"0"}]})", accepted, ""},
        {vonage, 200, R"({"messages":[{"status":"0"},{"status":"0"}]})", accepted, ""},
        {vonage, 200, R"({"messages":[{"status":"1","error-text":"Throttled"}]})", later, "/messages/*/status is 1"},
        {vonage, 200, R"({"messages":[{"status":"5"}]})", later, ""},
        {vonage, 200, R"({"messages":[{"status":"13"}]})", later, ""},
        {vonage, 200, R"({"messages":[{"status":"4","error-text":"Bad Credentials"}]})", refused, "is 4"},
        {vonage, 200, R"({"messages":[{"status":"9"}]})", refused, ""},
        {vonage, 200, two, unclear, ""},
        {vonage, 200, R"({"messages":[]})", unclear, "no /messages/*/status"},
        {vonage, 200, R"({"messages":"0"})", unclear, ""},
        {vonage, 200, "", unclear, "no JSON"},
        {vonage, 200, R"({"messages":[{"status":"0"})", unclear, "no JSON"},
        {vonage, 401, "", refused, "status 401"},
        {vonage, 302, "", refused, ""},
        {vonage, 500, "oops", later, ""},
        {vonage, 502, "", unclear, ""},
        {twilio, 201, R"({"sid":"SM1","status":"queued","error_code":null})", accepted, ""},
        {twilio, 201, R"({"sid":null})", unclear, ""},
        {twilio, 201, "<html>", unclear, ""},
        {twilio, 400, R"({"code":21211,"message":"The 'To' number +33612345678 is not valid"})", refused, "status 400"},
        {twilio, 401, R"({"code":20003})", refused, ""},
        {twilio, 429, R"({"code":20429})", later, ""},
        {twilio, 503, "", later, ""},
    };
    for (auto const& row : cases) {
        SCOPED_TRACE(row.body);
        auto const judgement = SmsGateway{source(row.gateway)}.judge({row.status, row.body});
        EXPECT_EQ(judgement.verdict, row.verdict);
        EXPECT_NE(judgement.why.find(row.why), std::string::npos) << judgement.why;
        EXPECT_EQ(judgement.why.find("+33"), std::string::npos);
    }
}

// A gateway may repeat what it was sent where a code is expected.
TEST(SmsGateway, WhatIsSaidOfAnAnswerIsShortCodesAlone) {
    auto const judgement =
        SmsGateway{source(vonage)}.judge({200, R"({"messages":[{"status":"123456 is your code"}]})"});
    EXPECT_EQ(judgement.why, "status 200, /messages/*/status is ?");
}

TEST(SmsGateway, MistakesInADescriptionAreToldWithWhatToDo) {
    struct Case {
        std::string_view settings;
        std::string_view text;
        std::string_view hint;
    };
    Case const cases[] = {
        {R"({})", "needs a \"gateway\"", "\"vonage\", \"twilio\", \"http\" or \"console\""},
        {R"({"gateway": "vonagee"})", "no gateway \"vonagee\"", "did you mean \"vonage\"?"},
        {R"({"gateway": "vonage", "apiKey": "k", "from": "A"})", "needs \"apiSecret\"", "${VAR}"},
        {R"({"gateway": "twilio", "accountSid": "A", "authToken": "t"})", "needs \"from\" or \"messagingServiceSid\"",
         ""},
        {R"({"gateway": "http", "json": "{text}"})", "needs \"url\"", ""},
        {R"({"gateway": "http", "url": "http://g.example", "json": "{text}"})", "must begin with \"https://\"",
         "allowPrivate"},
        {R"({"gateway": "http", "url": "https://g.example", "json": "{txet}{text}"})", "nothing fills {txet}",
         "did you mean \"text\"?"},
        {R"({"gateway": "http", "url": "https://g.example", "json": "{to}"})", "carries no message", "{text}"},
        {R"({"gateway": "http", "url": "https://g.example/{text}", "method": "SEND"})", "\"SEND\" is no method",
         "\"POST\""},
        {R"({"gateway": "http", "url": "https://g.example/{text}", "accepted": {"statuss": 200}})",
         "\"accepted\" is no condition", "\"status\""},
        {R"({"gateway": "http", "url": "https://g.example/{text}", "retry": {"status": "oops"}})",
         "\"retry\" is no condition", ""},
    };
    for (auto const& row : cases) {
        SCOPED_TRACE(row.settings);
        auto const mistakes = gateway_mistakes(source(row.settings));
        ASSERT_EQ(mistakes.size(), 1U);
        EXPECT_NE(mistakes[0].text.find(row.text), std::string::npos) << mistakes[0].text;
        EXPECT_NE(mistakes[0].hint.find(row.hint), std::string::npos) << mistakes[0].hint;
    }
    for (auto const good : {vonage, twilio, std::string_view{R"({"gateway": "console"})"}}) {
        EXPECT_TRUE(gateway_mistakes(source(good)).empty()) << good;
    }
}

}  // namespace
}  // namespace sallyport::delivery

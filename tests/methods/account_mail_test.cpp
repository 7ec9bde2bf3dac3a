#include "methods/account_mail.hpp"

#include <gtest/gtest.h>

namespace sallyport::methods {
namespace {

AccountRules const rules{.base_url = "https://company.test", .api_root = "/api"};

definition::Model customer(JsonObject verify_options = {}) {
    definition::Model model;
    model.name = "Customer";
    model.http_path = "/Customers";
    model.settings = JsonObject{{"verifyOptions", std::move(verify_options)}};
    return model;
}

Json const record = JsonObject{{"id", 2}, {"email", "ann@x.test"}};

TEST(AccountMail, AVerificationLinkLeadsToConfirm) {
    auto const mail = verification_mail(rules, customer(), record, "t0k", 99);
    EXPECT_EQ(mail.channel, "email");
    EXPECT_EQ(mail.to, "ann@x.test");
    EXPECT_EQ(mail.account, "ann@x.test");
    EXPECT_EQ(mail.model, "Customer");
    EXPECT_EQ(mail.secret, "t0k");
    EXPECT_EQ(mail.expires_at, 99);
    EXPECT_EQ(mail.kind, Message::Kind::verification);
    EXPECT_NE(mail.text.find("https://company.test/api/Customers/confirm?uid=2&redirect=%2F&token=t0k"),
              std::string::npos)
        << mail.text;
}

TEST(AccountMail, TheModelMayWordItsOwnMail) {
    auto const mail = verification_mail(
        rules, customer({{"subject", "Hi"}, {"text", "Go: {href}"}, {"redirect", "/in?a=b c"}}), record, "t0k", 99);
    EXPECT_EQ(mail.subject, "Hi");
    EXPECT_EQ(mail.text, "Go: https://company.test/api/Customers/confirm?uid=2&redirect=%2Fin%3Fa%3Db%20c&token=t0k");

    auto const own = verification_mail(rules, customer({{"text", "{href}"}, {"verifyHref", "https://app.test/v?x=1"}}),
                                       record, "t0k", 99);
    EXPECT_EQ(own.text, "https://app.test/v?x=1&token=t0k");
}

TEST(AccountMail, TheModelMaySayWhomAVerificationIsFrom) {
    EXPECT_EQ(verification_mail(rules, customer({{"from", "Ann <a@x.test>"}}), record, "t0k", 99).from,
              "Ann <a@x.test>");
    EXPECT_EQ(verification_mail(rules, customer(), record, "t0k", 99).from, "");
    EXPECT_EQ(reset_mail(rules, customer({{"from", "Ann <a@x.test>"}}), record, "t0k", 99).from, "");
}

TEST(AccountMail, TheModelMaySayWhereItsLinkLeads) {
    struct Row {
        JsonObject options;
        std::string start;
    };
    Row const rows[] = {
        {{{"restApiRoot", "/v2"}}, "https://company.test/v2/Customers"},
        {{{"host", "api.test"}}, "https://api.test/api/Customers"},
        {{{"host", "api.test"}, {"port", 443}}, "https://api.test/api/Customers"},
        {{{"host", "api.test"}, {"port", 80}, {"protocol", "http"}}, "http://api.test/api/Customers"},
        {{{"host", "api.test"}, {"port", "8443"}, {"restApiRoot", "/v2"}}, "https://api.test:8443/v2/Customers"},
        {{{"protocol", "http"}, {"port", 80}}, "https://company.test/api/Customers"},
    };
    for (auto options : rows) {
        options.options.set("text", "{href}");
        auto const mail = verification_mail(rules, customer(options.options), record, "t0k", 99);
        EXPECT_EQ(mail.text, options.start + "/confirm?uid=2&redirect=%2F&token=t0k");
    }
}

TEST(AccountMail, TheModelMayAddHeaders) {
    auto const mail =
        verification_mail(rules, customer({{"headers", JsonObject{{"X-Campaign", 7}}}}), record, "t0k", 99);
    EXPECT_EQ(mail.headers, (Headers{{"X-Campaign", "7"}}));
}

TEST(AccountMail, AResetTokenStandsWhereNoServerLogsIt) {
    auto const mail = reset_mail(rules, customer(), record, "t0k", 99);
    EXPECT_NE(mail.text.find("https://company.test/reset-password#token=t0k"), std::string::npos) << mail.text;
    EXPECT_EQ(mail.secret, "t0k");
    EXPECT_EQ(mail.kind, Message::Kind::reset);
}

TEST(AccountMail, AClientIsOnlySentOnToPathsOfThisHost) {
    for (std::string_view path : {"/", "/welcome", "/a/b?c=d#e", "/:80"}) EXPECT_TRUE(is_own_path(path)) << path;
    for (std::string_view path : {"", "welcome", "//evil.test", "/\\evil.test", "https://evil.test", "javascript:x",
                                  "/a\r\nSet-Cookie: x", "/a b", "/\t/evil.test", "\\\\evil.test"}) {
        EXPECT_FALSE(is_own_path(path)) << path;
    }
}

}  // namespace
}  // namespace sallyport::methods

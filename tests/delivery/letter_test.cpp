#include "delivery/letter.hpp"

#include "delivery/mail_templates.hpp"

#include <gtest/gtest.h>

#include <unistd.h>
#include <filesystem>
#include <fstream>

namespace sallyport::delivery {
namespace {

TEST(Letter, AMailboxIsReadUnlessItCannotStandOnAnSmtpLine) {
    EXPECT_EQ(read_mailbox("a@x.test")->address, "a@x.test");
    EXPECT_EQ(read_mailbox("Acme, Inc. <a@x.test>")->name, "Acme, Inc.");
    EXPECT_EQ(read_mailbox("\"Acme\" <a@x.test>")->name, "Acme");
    for (std::string_view bad : {"", "x", "@x", "x@", "a b@x.test", "a@x.test>\r\nRCPT TO:<b@x.test", "a@x.test\r\n",
                                 "<a@x.test", "a@x.test, b@x.test", "\xC3\xA9@x.test"}) {
        EXPECT_FALSE(read_mailbox(bad)) << bad;
    }
}

TEST(Letter, WordsOfAHeaderThatAreNotAsciiAreEncodedWithoutTearingACharacter) {
    EXPECT_EQ(header_words("Plain subject"), "Plain subject");
    EXPECT_EQ(header_words("Ä"), "=?utf-8?B?w4Q=?=");  // RFC 2047 section 4.1
    std::string many;
    for (int i = 0; i < 60; ++i) many += "é";
    auto const words = header_words(many);
    for (std::size_t from = 0; from < words.size();) {
        auto const end = std::min(words.find("\r\n ", from), words.size());
        EXPECT_LE(end - from, 75U);
        from = end + 3;
    }
    EXPECT_EQ(words.find("wyn"), std::string::npos);  // Half a character at a beginning.
    EXPECT_EQ(header_words("a\r\nBcc: b@x.test").find('\n'), std::string::npos);
}

TEST(Letter, QuotedPrintableKeepsLinesShortAndEndsThemWithCrLf) {
    struct Case {
        std::string plain;
        std::string encoded;
    };
    Case const cases[] = {
        {"a=b", "a=3Db"},
        {"é", "=C3=A9"},
        {"a\nb\r\nc", "a\r\nb\r\nc"},
        {"end \nnext", "end=20\r\nnext"},
        {"tab\t", "tab=09"},
        {"a\rb", "a=0Db"},
        {std::string(80, 'x'), std::string(75, 'x') + "=\r\n" + std::string(5, 'x')},
        {std::string(74, 'x') + "é", std::string(74, 'x') + "=\r\n=C3=A9"},
    };
    for (auto const& row : cases) EXPECT_EQ(quoted_printable(row.plain), row.encoded);
}

TEST(Letter, HasTextAndHtmlAsAlternativesAndAnIdThatStaysTheSame) {
    Message message;
    message.id = "an id";
    message.to = "ann@x.test";
    message.subject = "Hi\r\nBcc: eve@x.test";
    message.text = "Text";
    message.html = "<p>Text</p>";
    auto const made = letter(message, {"Acme, Inc.", "no-reply@acme.example"}, 784111777);
    EXPECT_TRUE(
        made.starts_with("From: \"Acme, Inc.\" <no-reply@acme.example>\r\nTo: ann@x.test\r\n"
                         "Subject: Hi  Bcc: eve@x.test\r\nDate: Sun, 06 Nov 1994 08:49:37 +0000\r\nMessage-ID: <"))
        << made;
    EXPECT_NE(made.find("Content-Type: multipart/alternative; boundary=\"="), std::string::npos);
    EXPECT_LT(made.find("Content-Type: text/plain"), made.find("Content-Type: text/html"));
    EXPECT_EQ(made, letter(message, {"Acme, Inc.", "no-reply@acme.example"}, 784111777));
    EXPECT_EQ(made.find("an id"), std::string::npos);
    for (std::size_t at = made.find('\n'); at != std::string::npos; at = made.find('\n', at + 1))
        EXPECT_EQ(made[at - 1], '\r');

    message.html.clear();
    EXPECT_EQ(letter(message, {"", "a@x.test"}, 0).find("multipart"), std::string::npos);
}

TEST(Letter, HeadersOfItsOwnReplaceNoneOfOursAndStayOnTheirLine) {
    Message message;
    message.to = "ann@x.test";
    message.headers = {{"X-Campaign", "spring\r\nBcc: eve@x.test"},
                       {"subject", "other"},
                       {"Content-Type", "text/x"},
                       {"X: y\r\nBcc", "eve@x.test"},
                       {"", "nothing"}};
    auto const made = letter(message, {"", "a@x.test"}, 0);
    EXPECT_NE(made.find("\r\nX-Campaign: spring  Bcc: eve@x.test\r\n"), std::string::npos) << made;
    for (auto const* absent : {"other", "text/x", "\r\nBcc", "nothing"})
        EXPECT_EQ(made.find(absent), std::string::npos);
}

class Templates : public ::testing::Test {
protected:
    Templates() { std::filesystem::create_directories(folder_); }
    ~Templates() override { std::filesystem::remove_all(folder_); }

    void write(std::string const& name, std::string_view text) { std::ofstream{folder_ / name} << text; }

    std::filesystem::path folder_ =
        std::filesystem::temp_directory_path() / ("sallyport-mails-" + std::to_string(getpid()));
    std::vector<definition::Finding> mistakes_;
};

TEST_F(Templates, TheFoldersWordsStandInPlaceOfOurs) {
    write("reset.txt", "Subject: Nouveau mot de passe\n\nBonjour {email} : {href}\n");
    write("reset.html", "<a href=\"{href}\">{email}</a>");
    write("notice.txt", "Attention : {what}\n");
    MailTemplates const templates{folder_, mistakes_};
    EXPECT_TRUE(mistakes_.empty());
    Message reset;
    reset.kind = Message::Kind::reset;
    templates.word(reset, {{"email", "<ann>"}, {"href", "https://a.example/?a&b"}});
    EXPECT_EQ(reset.subject, "Nouveau mot de passe");
    EXPECT_EQ(reset.text, "Bonjour <ann> : https://a.example/?a&b\n");
    EXPECT_EQ(reset.html, "<a href=\"https://a.example/?a&amp;b\">&lt;ann&gt;</a>");
    Message notice;
    notice.subject = "Mine";
    templates.word(notice, {{"what", "Hm."}});
    EXPECT_EQ(notice.subject, "Mine");
    EXPECT_EQ(notice.text, "Attention : Hm.\n");
    EXPECT_EQ(notice.html, "");  // Ours would say something else.
    Message verification;
    verification.kind = Message::Kind::verification;
    templates.word(verification, {{"email", "a@x.test"}, {"href", "https://a.example/"}});
    EXPECT_NE(verification.html.find("<a href=\"https://a.example/\""), std::string::npos);
}

TEST_F(Templates, MistakesAreToldByFile) {
    write("reset.txt", "Bonjour {name}");
    write("welcome.txt", "Hi");
    MailTemplates const templates{folder_, mistakes_};
    ASSERT_EQ(mistakes_.size(), 3U);
    EXPECT_EQ(mistakes_[0].file, "welcome.txt");
    EXPECT_EQ(mistakes_[1].text, "nothing fills {name}");
    EXPECT_EQ(mistakes_[1].hint, "here are {email}, {href}");
    EXPECT_EQ(mistakes_[2].text, "there is no {href} in it");
}

}  // namespace
}  // namespace sallyport::delivery

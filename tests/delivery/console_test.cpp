#include "delivery/console.hpp"

#include "support.hpp"

#include <gtest/gtest.h>

namespace sallyport::delivery {
namespace {

Message message(Message::Kind kind, std::string text) {
    Message made;
    made.kind = kind;
    made.account = "ann@x.test";
    made.secret = "123456";
    made.text = std::move(text);
    return made;
}

TEST(Console, ACodeIsShownAsTheArticleShowsIt) {
    EXPECT_EQ(console_line(message(Message::Kind::code, "")), "Two factor code for ann@x.test: 123456");
}

TEST(Console, WhateverTheAccountIsCalledItIsOneLine) {
    auto odd = message(Message::Kind::code, "");
    odd.account = "ann\nTwo factor code for bob@x.test: 000000\x1b[2J";
    auto const line = console_line(odd);
    EXPECT_EQ(line.find_first_of("\n\r\x1b"), std::string::npos);
    // U+009B, an escape sequence's start by itself; the letter beside it stays.
    EXPECT_EQ(console_line(message(Message::Kind::notice, "\xC2\x9B[2J\xC3\xA9")),
              "Message for ann@x.test:   [2J\xC3\xA9");
    EXPECT_EQ(console_line(message(Message::Kind::notice, "a\nb")), "Message for ann@x.test: a b");
}

TEST(StubMail, TheNewestThousandAreKept) {
    StubMail mail{"mail"};
    testing::internal::CaptureStderr();
    for (int i = 0; i < 1005; ++i) wait_for(mail.send(message(Message::Kind::notice, std::to_string(i))));
    testing::internal::GetCapturedStderr();
    auto const kept = mail.messages();
    ASSERT_EQ(kept.size(), StubMail::capacity);
    EXPECT_EQ(kept.front().text, "5");
    EXPECT_EQ(kept.back().text, "1004");
}

TEST(StubMail, EachMailThatReachesNobodyIsTold) {
    StubMail mail{"post"};
    testing::internal::CaptureStderr();
    wait_for(mail.send(message(Message::Kind::reset, "https://x.test/#token=SECRET")));
    EXPECT_EQ(testing::internal::GetCapturedStderr(), "a message to nobody: the mail data source \"post\" is a STUB\n");
}

}  // namespace
}  // namespace sallyport::delivery

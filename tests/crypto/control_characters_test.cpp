#include "crypto/control_characters.hpp"

#include <gtest/gtest.h>

namespace sallyport::crypto {
namespace {

struct Shown {
    std::string_view text;
    std::string_view shown;
};

constexpr Shown controls[] = {{"\x1b[2J", "\\u001b[2J"},
                              {"a\nb\tc\r", "a\\u000ab\\u0009c\\u000d"},
                              {"\x7f", "\\u007f"},
                              {"\u0080x\u009b31m", "\\u0080x\\u009b31m"},
                              {"ann\u202Etxt.exe", "ann\\u202etxt.exe"},
                              {"\u061C\u200E\u200F\u202A\u2066\u2069", "\\u061c\\u200e\\u200f\\u202a\\u2066\\u2069"},
                              {"\u2028\u2029", "\\u2028\\u2029"},
                              {"a\x9b\xff", "a\\x9b\\xff"},
                              {"\xed\xa0\x80", "\\xed\\xa0\\x80"},
                              {"\xc3", "\\xc3"}};

TEST(ControlCharacters, AreShownInsteadOfObeyed) {
    for (auto const& [text, shown] : controls) {
        EXPECT_TRUE(has_control_characters(text)) << shown;
        EXPECT_EQ(show_control_characters(text), shown);
    }
    EXPECT_EQ(show_control_characters(std::string_view{"a\0b", 3}), "a\\u0000b");
}

TEST(ControlCharacters, WhatIsSeenStaysAsItIs) {
    for (std::string_view text : {"", "ann", "Zo\u00eb", "\u05d0\u05d1", "\u0645\u062d\u0645\u062f", "\u00a0",
                                  "\u200d\U0001F469", "+\u2022\u2022 \u2022\u2022\u2022", "\\u001b"}) {
        EXPECT_FALSE(has_control_characters(text)) << text;
        EXPECT_EQ(show_control_characters(text), text);
    }
}

}  // namespace
}  // namespace sallyport::crypto

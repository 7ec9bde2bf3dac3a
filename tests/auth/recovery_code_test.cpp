#include "auth/recovery_code.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace sallyport::auth {
namespace {

TEST(RecoveryCodes, AreTenEachWithItsNumberAndSeventyFiveRandomBits) {
    std::set<std::string> rests;
    for (int round = 0; round < 2; ++round) {
        auto const codes = make_recovery_codes();
        ASSERT_EQ(codes.size(), 10U);
        for (int number = 0; number < 10; ++number) {
            auto const& code = codes[static_cast<std::size_t>(number)];
            EXPECT_EQ(code.number, number);
            EXPECT_EQ(code.text.size(), 16U);
            EXPECT_EQ(code.text[0], static_cast<char>('0' + number));
            EXPECT_TRUE(rests.insert(code.text.substr(1)).second);
        }
    }
}

TEST(RecoveryCodes, AreReadAsPeopleTypeThem) {
    std::string bytes{"\0\1\2\3\4\5\6\7\10\11\12\13\14\15\16", 15};
    auto const code = make_recovery_codes([&](std::size_t) { return bytes; }).at(3);
    EXPECT_EQ(code.shown(), "3-abcde-fghij-kmnpq");
    for (auto const* typed :
         {"3-abcde-fghij-kmnpq", "3abcdefghijkmnpq", "3 ABCDE FGHIJ KMNPQ", " 3-AbCdE-fGhIj-KmNpQ "}) {
        auto const read = read_recovery_code(typed);
        ASSERT_TRUE(read) << typed;
        EXPECT_EQ(read->number, 3);
        EXPECT_EQ(read->text, code.text);
    }
}

TEST(RecoveryCodes, OfTheOlderShorterFormAreReadStill) {
    auto const read = read_recovery_code("3-abcde-fghij");
    ASSERT_TRUE(read);
    EXPECT_EQ(read->number, 3);
    EXPECT_EQ(read->text, "3abcdefghij");
}

TEST(RecoveryCodes, WhatHasAnotherFormIsNone) {
    for (auto const* typed :
         {"", "123456", "3", "3-abcde-fghi", "3-abcde-fghijk", "3-abcde-fghij-kmnp", "3-abcde-fghij-kmnpqr",
          "a-abcde-fghij", "3-abcde-fghi1", "3-abcde-fghil", "3-abcde-fghi\xc3\xa9", "3_abcde_fghij"})
        EXPECT_FALSE(read_recovery_code(typed)) << typed;
    EXPECT_FALSE(read_recovery_code(std::string(100000, '-') + std::string(100000, 'a')));
}

}  // namespace
}  // namespace sallyport::auth

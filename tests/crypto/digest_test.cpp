#include "crypto/digest.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <stdexcept>

namespace sallyport::crypto {
namespace {

TEST(Digest, Sha256EqualsTheExamplesOfFips180) {
    EXPECT_EQ(to_hex(sha256("abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    EXPECT_EQ(to_hex(sha256("")), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    EXPECT_EQ(to_hex(sha256("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")),
              "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
}

TEST(Digest, Sha1EqualsTheExamplesOfFips180) {
    EXPECT_EQ(to_hex(sha1("abc")), "a9993e364706816aba3e25717850c26c9cd0d89d");
    EXPECT_EQ(to_hex(sha1("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")),
              "84983e441c3bd26ebaae4aa1f95129e5e54670f1");
}

TEST(Digest, HmacEqualsTheTestCasesOfRfc4231) {
    struct Row {
        std::string key, data;
        std::string_view digest;
    };
    Row const rows[] = {
        {std::string(20, '\x0b'), "Hi There", "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"},
        {"Jefe", "what do ya want for nothing?", "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"},
        {std::string(131, '\xaa'), "Test Using Larger Than Block-Size Key - Hash Key First",
         "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"},
    };
    for (auto const& row : rows) EXPECT_EQ(to_hex(hmac_sha256(row.key, row.data)), row.digest) << row.data;
}

TEST(Digest, Base64EqualsTheVectorsOfRfc4648) {
    struct Row {
        std::string_view bytes, text, bare;
    };
    Row const rows[] = {{"", "", ""},
                        {"f", "Zg==", "Zg"},
                        {"fo", "Zm8=", "Zm8"},
                        {"foo", "Zm9v", "Zm9v"},
                        {"foob", "Zm9vYg==", "Zm9vYg"},
                        {"fooba", "Zm9vYmE=", "Zm9vYmE"},
                        {"foobar", "Zm9vYmFy", "Zm9vYmFy"}};
    for (auto const& row : rows) {
        EXPECT_EQ(to_base64(row.bytes), row.text);
        EXPECT_EQ(to_base64url(row.bytes), row.bare);
        bool ok = false;
        EXPECT_EQ(from_base64(row.text, ok), row.bytes);
        EXPECT_TRUE(ok);
        EXPECT_EQ(from_base64(row.bare, ok), row.bytes);
        EXPECT_TRUE(ok);
    }
}

TEST(Digest, Base64IsReadInBothAlphabets) {
    EXPECT_EQ(to_base64("\xfb\xff"), "+/8=");
    EXPECT_EQ(to_base64url("\xfb\xff"), "-_8");
    for (std::string_view text : {"+/8=", "-_8=", "-_8", "+/8"}) {
        bool ok = false;
        EXPECT_EQ(from_base64(text, ok), "\xfb\xff");
        EXPECT_TRUE(ok) << text;
    }
}

TEST(Digest, WhatIsNotBase64IsRefused) {
    for (std::string_view text : {"Z", "Zg=", "Zg===", "Zg==Zg==", "Z g=", "Zm9v\n", "=", "====", "Zh"}) {
        bool ok = true;
        EXPECT_EQ(from_base64(text, ok), "");
        EXPECT_FALSE(ok) << text;
    }
}

TEST(Digest, HexIsReadBack) {
    EXPECT_EQ(from_hex("00ff10"), std::string("\x00\xff\x10", 3));
    EXPECT_EQ(from_hex("DEADbeef"), "\xde\xad\xbe\xef");
    for (std::string_view text : {"0", "0g", "0x", "00 1"}) EXPECT_THROW(from_hex(text), std::invalid_argument) << text;
}

TEST(Digest, EqualTextsAreEqual) {
    EXPECT_TRUE(equal_in_constant_time("abc", "abc"));
    EXPECT_TRUE(equal_in_constant_time("", ""));
    EXPECT_FALSE(equal_in_constant_time("abc", "abd"));
    EXPECT_FALSE(equal_in_constant_time("abc", "ab"));
}

TEST(Digest, ComparingTakesAsLongWhereverTwoTextsDiffer) {
    using Clock = std::chrono::steady_clock;
    std::string const text(1 << 20, 'x');
    auto at_first = text;
    auto at_last = text;
    at_first.front() = 'y';
    at_last.back() = 'y';
    auto const shortest_of_many = [&](std::string const& other) {
        auto shortest = Clock::duration::max();
        for (int i = 0; i < 50; ++i) {
            auto const begin = Clock::now();
            EXPECT_FALSE(equal_in_constant_time(text, other));
            shortest = std::min(shortest, Clock::now() - begin);
        }
        return shortest;
    };
    // One that stops at the first difference is a thousand times as quick there.
    EXPECT_GT(shortest_of_many(at_first) * 2, shortest_of_many(at_last));
}

}  // namespace
}  // namespace sallyport::crypto

#include "crypto/random.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <set>

namespace sallyport::crypto {
namespace {

TEST(Random, ATokenIsLettersAndDigits) {
    std::set<std::string> tokens;
    for (int i = 0; i < 1000; ++i) {
        auto const token = random_token(64);
        EXPECT_EQ(token.size(), 64U);
        EXPECT_TRUE(std::ranges::all_of(token, [](unsigned char c) { return std::isalnum(c); })) << token;
        tokens.insert(token);
    }
    EXPECT_EQ(tokens.size(), 1000U);
}

TEST(Random, BytesThatWouldFavourSomeDigitsAreThrownAway) {
    std::string bytes{"\xfa\xff\xf9\x00\x07\x14", 6};  // 250 and 255 are past the last multiple of ten.
    auto const source = [&](std::size_t count) {
        auto taken = bytes.substr(0, count);
        bytes.erase(0, count);
        return taken;
    };

    EXPECT_EQ(random_digits(4, source), "9070");
}

TEST(Random, EveryDigitIsEquallyLikelyAtEveryPlace) {
    constexpr int codes = 20000;
    std::array<std::array<double, 10>, 6> seen{};
    for (int i = 0; i < codes; ++i) {
        auto const code = random_digits(6);
        ASSERT_EQ(code.size(), 6U);
        for (std::size_t place = 0; place < 6; ++place) seen[place][static_cast<std::size_t>(code[place] - '0')] += 1;
    }
    for (auto const& place : seen) {
        double chi_square = 0;
        for (auto const count : place) chi_square += (count - codes / 10.0) * (count - codes / 10.0) / (codes / 10.0);
        EXPECT_LT(chi_square, 45);  // Nine degrees of freedom: one run in a million is above.
    }
}

TEST(Random, AUuidIsOfVersionFour) {
    for (int i = 0; i < 100; ++i) {
        auto const uuid = random_uuid();
        ASSERT_EQ(uuid.size(), 36U);
        for (auto const dash : {8U, 13U, 18U, 23U}) EXPECT_EQ(uuid[dash], '-') << uuid;
        EXPECT_EQ(uuid[14], '4') << uuid;
        EXPECT_NE(std::string{"89ab"}.find(uuid[19]), std::string::npos) << uuid;
    }
    EXPECT_NE(random_uuid(), random_uuid());
}

}  // namespace
}  // namespace sallyport::crypto

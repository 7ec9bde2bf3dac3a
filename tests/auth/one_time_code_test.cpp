#include "sallyport/one_time_code.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <set>
#include <stdexcept>
#include <string>

namespace sallyport {
namespace {

std::string repeated(std::string_view digits, std::size_t size) {
    std::string text;
    while (text.size() < size) text += digits;
    return text.substr(0, size);
}

OneTimeSecret const rfc{"12345678901234567890"};

TEST(Hotp, MakesTheTableOfRfc4226AppendixD) {
    char const* const expected[] = {"755224", "287082", "359152", "969429", "338314",
                                    "254676", "287922", "162583", "399871", "520489"};
    for (std::uint64_t counter = 0; counter < 10; ++counter) EXPECT_EQ(hotp(rfc, counter), expected[counter]);
}

TEST(Hotp, UsesAllSixtyFourBitsOfTheCounter) {
    std::set<std::string> codes;
    for (auto const counter : {std::uint64_t{0}, std::uint64_t{1} << 32U, std::uint64_t{1} << 63U}) {
        codes.insert(hotp(rfc, counter, {.digits = 8}));
    }
    EXPECT_EQ(codes.size(), 3U);
    EXPECT_NO_THROW(verify_hotp(rfc, "000000", std::numeric_limits<std::uint64_t>::max(), 100));
}

TEST(Totp, MakesTheTableOfRfc6238AppendixB) {
    struct Row {
        std::int64_t time;
        char const* sha1;
        char const* sha256;
        char const* sha512;
    };
    Row const rows[] = {
        {59, "94287082", "46119246", "90693936"},         {1111111109, "07081804", "68084774", "25091201"},
        {1111111111, "14050471", "67062674", "99943326"}, {1234567890, "89005924", "91819424", "93441116"},
        {2000000000, "69279037", "90698825", "38618901"}, {20000000000, "65353130", "77737706", "47863826"}};
    OneTimeSecret const long_secret{repeated("1234567890", 32)};
    OneTimeSecret const longest_secret{repeated("1234567890", 64)};
    for (auto const& [time, sha1, sha256, sha512] : rows) {
        EXPECT_EQ(totp(rfc, time, {.digits = 8}), sha1) << time;
        EXPECT_EQ(totp(long_secret, time, {.digits = 8, .hash = CodeHash::sha256}), sha256) << time;
        EXPECT_EQ(totp(longest_secret, time, {.digits = 8, .hash = CodeHash::sha512}), sha512) << time;
    }
}

TEST(Totp, MakesTheCodesOfTheArticle) {
    EXPECT_EQ(totp(OneTimeSecret::from_ascii("APP_SECRETa@x.com"), 0), "102956");
    EXPECT_EQ(totp(OneTimeSecret::from_ascii("secret"), 159183717), "558014");
}

TEST(Totp, CountsStepsFromItsEpoch) {
    EXPECT_EQ(time_step(59), 1U);
    EXPECT_EQ(time_step(60), 2U);
    EXPECT_EQ(time_step(100, {.period = 10, .epoch = 40}), 6U);
    EXPECT_THROW(time_step(39, {.epoch = 40}), std::invalid_argument);
    for (auto const period : {0, -30, 3601}) EXPECT_THROW(time_step(60, {.period = period}), std::invalid_argument);
}

TEST(Verify, TellsHowFarOffACodeIs) {
    EXPECT_EQ(verify_hotp(rfc, "755224", 0), 0);
    EXPECT_EQ(verify_hotp(rfc, "969429", 1, 2), 2);
    EXPECT_EQ(verify_hotp(rfc, "969429", 1, 1), std::nullopt);
    EXPECT_EQ(verify_hotp(rfc, "755224", 1, 9), std::nullopt) << "a counter never goes back";
    EXPECT_EQ(verify_totp(rfc, "287082", 59), 0);
    EXPECT_EQ(verify_totp(rfc, "755224", 59, {.before = 1}), -1);
    EXPECT_EQ(verify_totp(rfc, "359152", 59, {.after = 1}), 1);
    EXPECT_EQ(verify_totp(rfc, "359152", 59, {.before = 1}), std::nullopt);
    EXPECT_EQ(verify_totp(rfc, "755224", 29, {.before = 100}), 0) << "before the first step there is none";
}

TEST(Verify, TakesExactlyTheDigits) {
    OneTimeSecret const secret = OneTimeSecret::from_ascii("12345678901234567890");
    ASSERT_EQ(hotp(secret, 30), "026920");  // It begins with the digit that is easily lost.
    for (auto const* code : {"26920", " 26920", "+26920", "26920x", "0026920", "026920 ", "", "02692\n", "٠٢٦٩٢٠"})
        EXPECT_EQ(verify_hotp(secret, code, 30, 0), std::nullopt) << code;
    EXPECT_EQ(verify_hotp(secret, "026920", 30, 0), 0);
}

TEST(Verify, RefusesNumbersOutsideTheirRange) {
    for (auto const digits : {5, 9, 0, -1}) EXPECT_THROW(hotp(rfc, 0, {.digits = digits}), std::invalid_argument);
    for (auto const window : {-1, 101}) {
        EXPECT_THROW(verify_hotp(rfc, "755224", 0, window), std::invalid_argument);
        EXPECT_THROW(verify_totp(rfc, "755224", 0, {.before = window}), std::invalid_argument);
        EXPECT_THROW(verify_totp(rfc, "755224", 0, {.after = window}), std::invalid_argument);
    }
}

TEST(OneTimeSecret, IsReadFromEveryNotation) {
    EXPECT_EQ(OneTimeSecret::from_base32("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"), rfc);
    EXPECT_EQ(OneTimeSecret::from_base32("gezd gnbv gy3t qojq gezd gnbv gy3t qojq"), rfc);
    EXPECT_EQ(OneTimeSecret::from_base32("GEZDGNBV-GY3TQOJQ-GEZDGNBV-GY3TQOJQ"), rfc);
    EXPECT_EQ(OneTimeSecret::from_hex("3132333435363738393031323334353637383930"), rfc);
    EXPECT_EQ(OneTimeSecret::from_ascii("12345678901234567890"), rfc);
    EXPECT_EQ(rfc.to_base32(), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
    EXPECT_EQ(rfc.to_hex(), "3132333435363738393031323334353637383930");
    EXPECT_THROW(OneTimeSecret::from_ascii("caf\u00e9"), std::invalid_argument);
    EXPECT_THROW(OneTimeSecret::from_hex("313"), std::invalid_argument);
    EXPECT_THROW(OneTimeSecret::from_base32("GEZ1"), std::invalid_argument);
    for (auto const make : {OneTimeSecret::from_base32, OneTimeSecret::from_hex, OneTimeSecret::from_ascii})
        EXPECT_THROW(make(""), std::invalid_argument);
}

TEST(OneTimeSecret, IsRandomAndLongEnough) {
    EXPECT_EQ(OneTimeSecret::random().bytes().size(), 20U);
    EXPECT_EQ(OneTimeSecret::random(64).bytes().size(), 64U);
    EXPECT_FALSE(OneTimeSecret::random() == OneTimeSecret::random());
    for (auto const size : {0U, 10U, 19U, 65U}) EXPECT_THROW(OneTimeSecret::random(size), std::invalid_argument);
}

TEST(OtpauthUri, NamesTheAccountAndWhatIsNotUsual) {
    CodeLabel const label{.issuer = "Big & Company", .account = "ann+1@company.test"};
    EXPECT_EQ(otpauth_uri(rfc, label),
              "otpauth://totp/Big%20%26%20Company:ann%2B1%40company.test?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
              "&issuer=Big%20%26%20Company");
    EXPECT_EQ(
        otpauth_uri(rfc, {.issuer = {}, .account = "ann"}, {.digits = 8, .hash = CodeHash::sha256}, {.period = 60}),
        "otpauth://totp/ann?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&algorithm=SHA256&digits=8&period=60");
    EXPECT_EQ(otpauth_uri_of_counter(rfc, {.issuer = {}, .account = "ann"}, 7),
              "otpauth://hotp/ann?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&counter=7");
    EXPECT_THROW(otpauth_uri(rfc, {.issuer = "a:b", .account = "ann"}), std::invalid_argument);
    EXPECT_THROW(otpauth_uri(rfc, {.issuer = "a", .account = ""}), std::invalid_argument);
    EXPECT_THROW(otpauth_uri(rfc, label, {}, {.epoch = 1}), std::invalid_argument);
}

}  // namespace
}  // namespace sallyport

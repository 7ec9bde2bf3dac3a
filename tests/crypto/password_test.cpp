#include "crypto/password.hpp"

#include "crypto/normal_form.hpp"

#include <gtest/gtest.h>
#include <sodium.h>

namespace sallyport::crypto {
namespace {

constexpr PasswordCost cheap{.memory_kib = 8, .passes = 1};
constexpr std::string_view bcrypt_of_u_star_u = "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW";

Keys keys_with(std::string_view passwords) {
    auto const one = R"([{"id":"00000001","key":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="}])";
    return Keys::parse(std::string{R"({"codes":)"} + one + R"(,"sealing":)" + one + R"(,"identifiers":)" + one +
                       R"(,"passwords":)" + std::string{passwords} + "}");
}

TEST(Password, AHashNamesItsParametersAndItsPepper) {
    auto const keys = Keys::make();
    auto const hash = hash_password(keys, "correct horse");
    EXPECT_TRUE(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$")) << hash;
    EXPECT_TRUE(hash.ends_with("$pepper=" + keys.current(Purpose::passwords).id)) << hash;
    EXPECT_NE(hash, hash_password(keys, "correct horse"));
}

TEST(Password, OnlyTheSamePasswordIsRight) {
    auto const keys = Keys::make();
    auto const hash = hash_password(keys, "correct horse", cheap);
    EXPECT_EQ(check_password(keys, "correct horse", hash, cheap), PasswordCheck::right);
    for (std::string_view wrong : {"", "correct hors", "correct horse ", "Correct horse"}) {
        EXPECT_EQ(check_password(keys, wrong, hash, cheap), PasswordCheck::wrong) << wrong;
    }
}

TEST(Password, EveryByteCounts) {
    auto const keys = Keys::make();
    auto const text = std::string(1024, 'a');
    auto const hash = hash_password(keys, text, cheap);
    EXPECT_EQ(check_password(keys, text, hash, cheap), PasswordCheck::right);
    EXPECT_EQ(check_password(keys, text.substr(0, 1023), hash, cheap), PasswordCheck::wrong);
    EXPECT_EQ(check_password(keys, text + "a", hash, cheap), PasswordCheck::wrong);

    auto const with_nul = std::string("a\0b", 3);
    EXPECT_EQ(check_password(keys, "a", hash_password(keys, with_nul, cheap), cheap), PasswordCheck::wrong);
}

TEST(Password, WithoutThePepperNothingVerifies) {
    auto const hash = hash_password(Keys::make(), "correct horse", cheap);
    EXPECT_EQ(check_password(Keys::make(), "correct horse", hash, cheap), PasswordCheck::wrong);

    auto const bare = hash.substr(0, hash.rfind('$'));
    EXPECT_EQ(check_password(Keys::make(), "correct horse", bare, cheap), PasswordCheck::wrong);
}

TEST(Password, AnOldPepperIsRightButWeak) {
    auto const old_key = R"({"id":"0000000a","key":"AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE="})";
    auto const new_key = R"({"id":"0000000b","key":"AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI="})";
    auto const hash = hash_password(keys_with(std::string{"["} + old_key + "]"), "correct horse", cheap);

    auto const rotated = keys_with(std::string{"["} + new_key + "," + old_key + "]");

    EXPECT_EQ(check_password(rotated, "correct horse", hash, cheap), PasswordCheck::right_but_weak);
    EXPECT_EQ(check_password(rotated, "wrong horse", hash, cheap), PasswordCheck::wrong);
}

TEST(Password, LowerCostIsRightButWeak) {
    auto const keys = Keys::make();
    auto const hash = hash_password(keys, "correct horse", cheap);
    EXPECT_EQ(check_password(keys, "correct horse", hash, {.memory_kib = 16, .passes = 1}),
              PasswordCheck::right_but_weak);
    EXPECT_EQ(check_password(keys, "correct horse", hash, {.memory_kib = 8, .passes = 2}),
              PasswordCheck::right_but_weak);
    EXPECT_EQ(check_password(keys, "x", hash, {.memory_kib = 8, .passes = 2}), PasswordCheck::wrong);
}

TEST(Password, BcryptIsRightButWeak) {
    auto const keys = Keys::make();
    EXPECT_EQ(check_password(keys, "U*U", bcrypt_of_u_star_u, cheap), PasswordCheck::right_but_weak);
    EXPECT_EQ(check_password(keys, "U*V", bcrypt_of_u_star_u, cheap), PasswordCheck::wrong);
    EXPECT_EQ(check_password(keys, std::string(2000, 'x'), bcrypt_of_u_star_u, cheap), PasswordCheck::wrong);
}

TEST(Password, AStandardArgon2idHashOfAnotherProgramIsRightButWeak) {
    char hash[crypto_pwhash_STRBYTES];
    ASSERT_EQ(crypto_pwhash_str(hash, "correct horse", 13, 1, 8192), 0);
    auto const keys = Keys::make();
    EXPECT_EQ(check_password(keys, "correct horse", hash, cheap), PasswordCheck::right_but_weak);
    EXPECT_EQ(check_password(keys, "wrong horse", hash, cheap), PasswordCheck::wrong);
}

// Made with argon2-cffi 25.1: four lanes, and the smallest there is.
constexpr std::string_view four_lanes =
    "$argon2id$v=19$m=64,t=2,p=4$MDEyMzQ1Njc4OWFiY2RlZg$8rOAt6gh1R7Pes8VSWbICOvQozpOYBm7knxY5VpDxqs";
constexpr std::string_view smallest = "$argon2id$v=19$m=8,t=1,p=1$MDEyMzQ1Njc4OWFiY2RlZg$hfUK5kasNx+MA8Ldy3ooWQ";
// With passlib 1.7.4 and Django 5.2.
constexpr std::string_view scrypt_of_horse =
    "$scrypt$ln=10,r=8,p=2$MDEyMzQ1Njc4OWFiY2RlZg$I4YuHpx/6xJJ4+sk74hQU+KhW++gPE8aHzXbHijxgzg";
constexpr std::string_view django_of_horse =
    "pbkdf2_sha256$1000$0123456789abcdefghijkl$DgNDlDxl9q8YxZjRZpjpaVsEkztqdFYxToXDghYVOqQ=";

TEST(Password, HashesOfOtherProgramsAreRightButWeak) {
    auto const keys = Keys::make();
    for (auto const stored : {four_lanes, smallest, scrypt_of_horse, django_of_horse}) {
        EXPECT_EQ(check_password(keys, "correct horse", stored, cheap), PasswordCheck::right_but_weak) << stored;
        EXPECT_EQ(check_password(keys, "wrong horse", stored, cheap), PasswordCheck::wrong) << stored;
        EXPECT_EQ(check_password(keys, std::string(2000, 'x'), stored, cheap), PasswordCheck::wrong) << stored;
    }
}

TEST(Password, AHashIsTakenOverIfItCanBeCheckedAtABearableCost) {
    auto const keys = Keys::make();
    auto const ours = hash_password(keys, "correct horse", cheap);
    for (std::string_view good :
         {bcrypt_of_u_star_u, four_lanes, smallest, scrypt_of_horse, django_of_horse, std::string_view{ours}}) {
        EXPECT_EQ(problem_with_hash(keys, good), "") << good;
    }
    std::string const rest = "$MDEyMzQ1Njc4OWFiY2RlZg$8rOAt6gh1R7Pes8VSWbICOvQozpOYBm7knxY5VpDxqs";
    EXPECT_EQ(problem_with_hash(keys, "$argon2id$v=19$m=262144,t=4,p=1" + rest), "");
    for (std::string const& bad :
         {std::string{"correct horse"}, std::string{"$2a$15$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW"},
          std::string{"$2a$99$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW"},
          "$argon2id$v=19$m=262145,t=1,p=1" + rest, "$argon2id$v=19$m=262144,t=5,p=1" + rest,
          "$argon2id$v=19$m=64,t=1,p=9" + rest, "$argon2id$v=19$m=64,t=0,p=1" + rest,
          std::string{"$argon2id$v=19$m=8,t=1,p=1$AAAA$AAAA"}, hash_password(Keys::make(), "correct horse", cheap)}) {
        EXPECT_NE(problem_with_hash(keys, bad), "") << bad;
    }
}

TEST(Password, AHashThatWouldTakeTooMuchIsNeverComputed) {
    auto const keys = Keys::make();
    std::string const rest = "$MDEyMzQ1Njc4OWFiY2RlZg$8rOAt6gh1R7Pes8VSWbICOvQozpOYBm7knxY5VpDxqs";
    EXPECT_EQ(check_password(keys, "x", "$argon2id$v=19$m=1048576,t=64,p=1" + rest, cheap), PasswordCheck::wrong);
    EXPECT_EQ(check_password(keys, "x", "$scrypt$ln=30,r=8,p=1" + rest, cheap), PasswordCheck::wrong);
}

TEST(Password, TwoSpellingsOfOneTextAreOnePassword) {
    auto const keys = Keys::make();
    auto const composed = "caf\u00e9 au lait";
    auto const decomposed = "cafe\u0301 au lait";
    EXPECT_EQ(to_nfc(decomposed), composed);
    EXPECT_EQ(check_password(keys, decomposed, hash_password(keys, composed, cheap), cheap), PasswordCheck::right);
    EXPECT_EQ(check_password(keys, composed, hash_password(keys, decomposed, cheap), cheap), PasswordCheck::right);
    EXPECT_EQ(check_password(keys, "cafe au lait", hash_password(keys, composed, cheap), cheap), PasswordCheck::wrong);
}

TEST(Password, WhatIsNoHashIsNeverRight) {
    auto const keys = Keys::make();
    for (std::string_view stored :
         {"", "secret", "$argon2id$", "$argon2id$v=19$m=8,t=1,p=1$", "$argon2id$v=19$m=8,t=1,p=1$AAAA$AAAA$pepper=",
          "$argon2id$v=19$m=4294967295,t=1,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAA",
          "$argon2id$v=19$m=8,t=1,p=1$AAAA$AAAA$salt=x", "$argon2i$v=19$m=8,t=1,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAA"}) {
        EXPECT_EQ(check_password(keys, "secret", stored, cheap), PasswordCheck::wrong) << stored;
        EXPECT_EQ(check_password(keys, "", stored, cheap), PasswordCheck::wrong) << stored;
    }
}

TEST(Password, HashesAreKnownByTheirLook) {
    EXPECT_TRUE(looks_like_hash(bcrypt_of_u_star_u));
    EXPECT_TRUE(looks_like_hash(hash_password(Keys::make(), "x", cheap)));
    EXPECT_FALSE(looks_like_hash("correct horse"));
    EXPECT_FALSE(looks_like_hash("$2a$ is a price"));
}

}  // namespace
}  // namespace sallyport::crypto

#include "crypto/bcrypt.hpp"

#include <gtest/gtest.h>

#include <string>

namespace sallyport::crypto {
namespace {

// Published test vectors of crypt_blowfish 1.3 (wrapper.c).
constexpr std::string_view u_star_u = "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW";
constexpr std::string_view all_72 = "$2a$05$abcdefghijklmnopqrstuu5s2v8.iXieOjg/.AySBTTZIIVFJeBui";
constexpr std::string_view digits_72 = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

TEST(Bcrypt, PublishedHashesAreRight) {
    EXPECT_TRUE(bcrypt_matches("U*U", u_star_u));
    EXPECT_FALSE(bcrypt_matches("U*U*", u_star_u));
    EXPECT_FALSE(bcrypt_matches("", u_star_u));
    EXPECT_TRUE(bcrypt_matches(digits_72, all_72));
}

TEST(Bcrypt, AllThreePrefixesAreTaken) {
    for (auto const letter : {'a', 'b', 'y'}) {
        std::string hash{u_star_u};
        hash[2] = letter;
        EXPECT_TRUE(is_bcrypt(hash));
        EXPECT_TRUE(bcrypt_matches("U*U", hash)) << letter;
    }
}

TEST(Bcrypt, PasswordsThatItWouldCutAreWrong) {
    auto const longer = std::string{digits_72} + "x";
    EXPECT_FALSE(bcrypt_matches(longer, all_72));
    EXPECT_FALSE(bcrypt_matches(std::string("U*U\0x", 5), u_star_u));
}

TEST(Bcrypt, OnlyBcryptLooksLikeIt) {
    EXPECT_TRUE(is_bcrypt(u_star_u));
    for (std::string_view text :
         {"", "$2a$05$", "$1$CCCCCCCC$", "$2x$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW",
          "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOe"}) {
        EXPECT_FALSE(is_bcrypt(text)) << text;
    }
    EXPECT_FALSE(bcrypt_matches("U*U", "$2a$99$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW"));
}

}  // namespace
}  // namespace sallyport::crypto

#include "auth/app_code.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

namespace sallyport::auth {
namespace {

TEST(AppCode, ASecretOfAnotherProgramIsReadInBase32) {
    // RFC 4226 appendix D's secret.
    auto const read = read_app_secret("gezd gnbv gy3t qojq gezd gnbv gy3t qojq");
    EXPECT_EQ(read.secret.bytes(), "12345678901234567890");
    EXPECT_EQ(read.shape.digits, 6);
    EXPECT_EQ(read.shape.hash, CodeHash::sha1);
    EXPECT_EQ(read.steps.period, 30);
}

TEST(AppCode, ASecretOfAnotherProgramIsReadFromAUri) {
    auto const read = read_app_secret(
        "otpauth://totp/ACME%20Co:ann@x.test?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=ACME%20Co"
        "&algorithm=SHA256&digits=8&period=60");
    EXPECT_EQ(read.secret.bytes(), "12345678901234567890");
    EXPECT_EQ(read.shape.digits, 8);
    EXPECT_EQ(read.shape.hash, CodeHash::sha256);
    EXPECT_EQ(read.steps.period, 60);
    auto const usual = read_app_secret("otpauth://totp/x?secret=GEZDGNBVGY3TQOJQ");
    EXPECT_EQ(usual.shape.digits, 6);
    EXPECT_EQ(usual.shape.hash, CodeHash::sha1);
    EXPECT_EQ(usual.steps.period, 30);
}

TEST(AppCode, WhatIsNoSoundSecretIsRefusedWithoutBeingRepeated) {
    for (std::string const text :
         {"", "GEZDGNBVGY3TQ", "GEZDGNBVGY3TQOJ0", "otpauth://hotp/x?secret=GEZDGNBVGY3TQOJQ&counter=1",
          "otpauth://totp/x", "otpauth://totp/x?secret=GEZDGNBVGY3TQOJQ&digits=5",
          "otpauth://totp/x?secret=GEZDGNBVGY3TQOJQ&digits=9", "otpauth://totp/x?secret=GEZDGNBVGY3TQOJQ&digits=six",
          "otpauth://totp/x?secret=GEZDGNBVGY3TQOJQ&period=14", "otpauth://totp/x?secret=GEZDGNBVGY3TQOJQ&period=121",
          "otpauth://totp/x?secret=GEZDGNBVGY3TQOJQ&algorithm=MD5"}) {
        try {
            read_app_secret(text);
            ADD_FAILURE() << text;
        } catch (std::invalid_argument const& error) {
            EXPECT_FALSE(std::string{error.what()}.contains("GEZD")) << error.what();
        }
    }
}

TEST(AppCode, ASealedSecretOpensForItsAccountAlone) {
    auto const keys = crypto::Keys::make();
    auto const secret = read_app_secret("otpauth://totp/x?secret=GEZDGNBVGY3TQOJQ&digits=8&period=60");
    Account const ann{.model = "Employee", .id = "1"};
    Factor const factor{.type = "totp", .secret = seal_app_secret(keys, ann, secret)};
    auto const opened = unseal_app_secret(keys, ann, factor);
    ASSERT_TRUE(opened);
    EXPECT_EQ(opened->secret, secret.secret);
    EXPECT_EQ(opened->shape.digits, 8);
    EXPECT_EQ(opened->steps.period, 60);
    EXPECT_FALSE(unseal_app_secret(keys, {.model = "Employee", .id = "2"}, factor));
    EXPECT_FALSE(unseal_app_secret(crypto::Keys::make(), ann, factor));
}

}  // namespace
}  // namespace sallyport::auth

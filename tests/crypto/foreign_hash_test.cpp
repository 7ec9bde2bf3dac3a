#include "crypto/foreign_hash.hpp"

#include "crypto/digest.hpp"

#include <gtest/gtest.h>
#include <openssl/err.h>

namespace sallyport::crypto {
namespace {

struct Known {
    std::string_view password;
    std::string_view hash;
};

constexpr std::string_view horse = "correct horse";

// RFC 7914 section 12 (scrypt, the second and third) and section 11 (PBKDF2 with SHA-256), in these notations.
constexpr Known of_the_rfc[] = {
    {"password",
     "$scrypt$ln=10,r=8,p=16$TmFDbA$/bq+HJ00cgB4VucZDQHp/nxq18vII3gw53N2Y0s3MWIurzDZLiKjiG/"
     "xCSedmDDaxyevuUqD7m2DYMvfoswGQA"},
    {"pleaseletmein",
     "$scrypt$ln=14,r=8,p=1$U29kaXVtQ2hsb3JpZGU$cCO9yzr9c0hGHAbNgf046/"
     "2o+7qQT44+qbVD9lRdofLVQylVYT8Pz2LUlwUkKpr55h6F3A1lHkDfzwF7RVdYhw"},
    {"passwd",
     "pbkdf2_sha256$1$salt$VawEblbjCJ/sFpHCJUS2BflBhSFt3gRl5oudV8INrLxJypzM8Xm2RZkWZLOdd+8xfHG4RbHjC9UJESBB06GXgw=="},
    {"Password",
     "$pbkdf2-sha256$i=80000,l=64$TmFDbA$TdzY9guYviGDDO5e8icB+"
     "WQaRBjQTAQUrv8Ih2s0q1ah1CWhIlgzVJrbhBtRybMXaicr3ruh0HhHj2Kzl/M8jQ"},
};

// Made with passlib 1.7.4, Django 5.2 and Werkzeug 3.1.
constexpr Known of_others[] = {
    {horse, "$scrypt$ln=10,r=8,p=2$MDEyMzQ1Njc4OWFiY2RlZg$I4YuHpx/6xJJ4+sk74hQU+KhW++gPE8aHzXbHijxgzg"},
    {horse, "$pbkdf2-sha256$1000$.//.MDEyMzQ1Njc4OWFiYw$iVs7RpNwmclGZGrFg0KDWOTvxEHB7Nw0erP/LhZFkTY"},
    {horse,
     "$pbkdf2-sha512$1000$MDEyMzQ1Njc4OWFiY2RlZg$OM0FAoIqCVK1sWtxDiffVlBejtLa.ks4TP71JiecwuSZCG8iLbnlIEPOMoVX."
     "i2B2wkSxjQ8CRGR9OkNGuIPMQ"},
    {horse, "$pbkdf2$1000$MDEyMzQ1Njc4OWFiY2RlZg$aUfE2vx5Q7zgbb0jx49AaNpXUQQ"},
    {horse, "pbkdf2_sha256$1000$0123456789abcdefghijkl$DgNDlDxl9q8YxZjRZpjpaVsEkztqdFYxToXDghYVOqQ="},
    {horse,
     "scrypt:1024:8:2$FEJsefzg$2977f65abbf0ffc749e736db63e5a75f98c0702a18eaba8dba2c01a7c5d8241089a7031f460c151f0fc2fd4"
     "c3fa7c36558028c99e017f1af0522cfed60174f78"},
    {horse, "pbkdf2:sha256:1000$DWd6yMD7$c07e5f23571ec38bbc86724c3fc94e953d8a8fb57bee055c70054a9f2f8384e6"},
    {horse,
     "pbkdf2:sha512:1000$YPfLkACs$687a0cb6c33d51eb10171899f7216cfe0fd9a48979e014fff87cf8a19059dbc347cbd2fc234f09b76a7d"
     "25405656ac31450296ce685b1f4caf635c7908cde23a"},
};

void expect_right(Known const& known) {
    auto const hash = read_foreign_hash(known.hash);
    ASSERT_TRUE(hash) << known.hash;
    EXPECT_TRUE(foreign_hash_matches(known.password, *hash)) << known.hash;
    EXPECT_FALSE(foreign_hash_matches("Correct horse", *hash)) << known.hash;
    EXPECT_FALSE(foreign_hash_matches("", *hash)) << known.hash;
}

TEST(ForeignHash, WhatTheRfcsGiveIsRight) {
    for (auto const& known : of_the_rfc) expect_right(known);
}

TEST(ForeignHash, WhatOtherProgramsMadeIsRight) {
    for (auto const& known : of_others) expect_right(known);
}

TEST(ForeignHash, WhatIsBrokenIsNone) {
    for (std::string_view text : {"",
                                  "correct horse",
                                  "$",
                                  "$$$$",
                                  "$scrypt$",
                                  "$scrypt$ln=10,r=8$MDEy$MDEyMzQ1Njc4OWFiY2RlZg",
                                  "$scrypt$ln=10,r=8,p=1,x=1$MDEy$MDEyMzQ1Njc4OWFiY2RlZg",
                                  "$scrypt$ln=10,r=8,p=1$MDEy$MDEy",
                                  "$scrypt$ln=10,r=8,p=1$$MDEyMzQ1Njc4OWFiY2RlZg",
                                  "$scrypt$ln=10,r=8,p=1$!!$MDEyMzQ1Njc4OWFiY2RlZg",
                                  "$scrypt$r=8,ln=10,p=1$MDEy$MDEyMzQ1Njc4OWFiY2RlZg",
                                  "$scrypt$ln=,r=8,p=1$MDEy$MDEyMzQ1Njc4OWFiY2RlZg",
                                  "$pbkdf2-md5$1000$MDEy$MDEyMzQ1Njc4OWFiY2RlZg",
                                  "$pbkdf2-sha256$i=10,l=32$MDEy$MDEyMzQ1Njc4OWFiY2RlZg",
                                  "$pbkdf2-sha256$-5$MDEy$MDEyMzQ1Njc4OWFiY2RlZg",
                                  "pbkdf2_sha256$1000$salt",
                                  "pbkdf2_md5$9$s$MDEyMzQ1Njc4OWFiY2RlZg",
                                  "scrypt:1000:8:1$salt$2977f65abbf0ffc749e736db63e5a75f",
                                  "scrypt:1024:8:1$salt$2977f65abbf0ffc749e736db63e5a75z",
                                  "pbkdf2:sha256$salt$2977f65abbf0ffc749e736db63e5a75f",
                                  "pbkdf2:md5:9$salt$2977f65abbf0ffc749e736db63e5a75f"}) {
        EXPECT_FALSE(read_foreign_hash(text)) << text;
    }
}

TEST(ForeignHash, WhatCostsTooMuchIsNone) {
    std::string const rest = "$MDEyMzQ1Njc4OWFiY2RlZg$MDEyMzQ1Njc4OWFiY2RlZg";
    for (auto const* good : {"$scrypt$ln=17,r=8,p=1", "$scrypt$ln=17,r=8,p=2", "$scrypt$ln=14,r=8,p=16",
                             "$scrypt$ln=15,r=1,p=64", "$pbkdf2-sha256$3000000", "$pbkdf2-sha512$1500000"}) {
        EXPECT_TRUE(read_foreign_hash(good + rest)) << good;
    }
    for (auto const* dear :
         {"$scrypt$ln=18,r=8,p=1", "$scrypt$ln=17,r=8,p=3", "$scrypt$ln=17,r=9,p=1", "$scrypt$ln=30,r=1,p=1",
          "$scrypt$ln=31,r=8,p=1", "$scrypt$ln=63,r=8,p=1", "$scrypt$ln=1,r=4294967296,p=4294967296",
          "$scrypt$ln=10,r=18446744073709551615,p=1", "$scrypt$ln=10,r=1,p=18446744073709551615",
          "$scrypt$ln=1,r=1,p=1048576", "$scrypt$ln=1,r=8,p=65536", "$pbkdf2-sha256$3000001", "$pbkdf2-sha512$1500001",
          "$pbkdf2-sha256$18446744073709551616", "$pbkdf2-sha256$0"}) {
        EXPECT_FALSE(read_foreign_hash(dear + rest)) << dear;
    }
    EXPECT_FALSE(read_foreign_hash("pbkdf2_sha256$1$" + std::string(129, 's') + "$MDEyMzQ1Njc4OWFiY2RlZg"));
}

TEST(ForeignHash, EveryDigestThatATagIsMadeOfCostsItsRounds) {
    auto const tag_of = [](std::size_t bytes) { return "$salt$" + to_base64(std::string(bytes, 't')); };
    EXPECT_TRUE(read_foreign_hash("pbkdf2_sha1$3000000" + tag_of(20)));
    EXPECT_FALSE(read_foreign_hash("pbkdf2_sha1$3000000" + tag_of(21)));
    EXPECT_TRUE(read_foreign_hash("pbkdf2_sha1$428571" + tag_of(128)));
    EXPECT_FALSE(read_foreign_hash("pbkdf2_sha1$428572" + tag_of(128)));
    EXPECT_TRUE(read_foreign_hash("pbkdf2_sha256$750000" + tag_of(128)));
    EXPECT_FALSE(read_foreign_hash("pbkdf2_sha256$750001" + tag_of(128)));
    EXPECT_FALSE(read_foreign_hash("pbkdf2_sha512$1500000" + tag_of(65)));
}

TEST(ForeignHash, WhatOpenSslDoesNotComputeIsNone) {
    ERR_clear_error();  // Of other tests, which fail in OpenSSL on this thread, too.
    std::string const rest = "$salt$2977f65abbf0ffc749e736db63e5a75f";
    // Its three buffers together, and N below 2^16 where r is 1 (RFC 7914 section 2).
    for (auto const* good : {"scrypt:2:200000:1", "scrypt:131072:8:2", "scrypt:32768:1:1"}) {
        auto const hash = read_foreign_hash(good + rest);
        ASSERT_TRUE(hash) << good;
        EXPECT_FALSE(foreign_hash_matches("correct horse", *hash)) << good;
    }
    for (auto const* bad : {"scrypt:2:524288:1", "scrypt:2:262144:1", "scrypt:65536:1:1", "scrypt:1:8:1",
                            "scrypt:1000:8:1", "scrypt:1024:0:1", "scrypt:1024:8:0"}) {
        EXPECT_FALSE(read_foreign_hash(bad + rest)) << bad;
    }
    EXPECT_EQ(ERR_peek_error(), 0U) << "what is refused leaves no error for others to find";
}

}  // namespace
}  // namespace sallyport::crypto

#include "http/gzip.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

namespace sallyport::http {
namespace {

TEST(Gzip, ACodingIsTakenWhereItOrEveryOneIsNamed) {
    struct Row {
        char const* accept;
        bool gzip;
        bool brotli;
    };
    Row const rows[] = {
        {"", false, false},          {"gzip", true, false},         {"x-gzip", true, false},
        {"br, gzip", true, true},    {"br;q=0, gzip", true, false}, {"*", true, true},
        {"*;q=0", false, false},     {"*, br;q=0.0", true, false},  {"BR", false, true},
        {"gzip;q=0.5", true, false},
    };
    for (auto const& row : rows) {
        EXPECT_EQ(accepts_gzip(row.accept), row.gzip) << row.accept;
        EXPECT_EQ(accepts_coding(row.accept, "br"), row.brotli) << row.accept;
    }
}

TEST(Gzip, WhatWasCompressedComesBackWhole) {
    for (std::string const& text : {std::string{}, std::string{"two doors"}, std::string(300'000, 'x')})
        EXPECT_EQ(gunzip(gzip(text)), text);
    auto const whole = gzip("two doors in line");
    EXPECT_THROW(gunzip(whole.substr(0, whole.size() - 9)), BadCompression);
    EXPECT_THROW(gunzip("no gzip"), BadCompression);
}

TEST(Gzip, WhatAClientCompressedIsReadNoFurtherThanAllowed) {
    constexpr char const* zlib_of_a = "\x78\x9c\x4b\x04\x00\x00\x62\x00\x62";  // RFC 1950, of "a"
    EXPECT_EQ(inflated({zlib_of_a, 9}, 1), "a");
    EXPECT_EQ(inflated(gzip("two doors"), 9), "two doors");
    EXPECT_THROW(inflated(gzip("two doors"), 8), std::length_error);
    EXPECT_THROW(inflated(gzip(std::string(10'000'000, 'x')), 1000), std::length_error);
}

}  // namespace
}  // namespace sallyport::http

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
    EXPECT_THROW(gunzip(whole.substr(0, whole.size() - 9)), std::runtime_error);
    EXPECT_THROW(gunzip("no gzip"), std::runtime_error);
}

}  // namespace
}  // namespace sallyport::http

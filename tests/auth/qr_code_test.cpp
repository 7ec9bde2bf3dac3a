#include "auth/qr_code.hpp"

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>

namespace sallyport::auth {
namespace {

TEST(QrCode, IsAnSvgWithNothingButTwoPaths) {
    auto const svg = qr_svg("otpauth://totp/ann?secret=GEZDGNBVGY3TQOJQ");
    EXPECT_TRUE(svg.starts_with(R"(<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 37 37")")) << svg.substr(0, 80);
    EXPECT_TRUE(svg.ends_with("</svg>"));
    EXPECT_EQ(svg.find('<', svg.find("<path") + 1), svg.rfind("<path"));
    // The outline of the finder pattern in the corner, inside a margin of four modules.
    for (auto const* module : {"M4 4h1", "M10 4h1", "M4 10h1", "M10 10h1", "M7 7h1"}) EXPECT_TRUE(svg.contains(module));
    for (auto const* module : {"M5 5h1", "M11 4h1", "M3 4h1"}) EXPECT_FALSE(svg.contains(module));
}

TEST(QrCode, HoldsOnlySoMuch) { EXPECT_THROW(qr_svg(std::string(2332, 'a')), std::length_error); }

}  // namespace
}  // namespace sallyport::auth

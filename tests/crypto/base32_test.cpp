#include "crypto/base32.hpp"

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>

namespace sallyport::crypto {
namespace {

TEST(Base32, WritesTheVectorsOfRfc4648) {
    for (auto const& [bytes, text] :
         {std::pair{"", ""}, std::pair{"f", "MY"}, std::pair{"fo", "MZXQ"}, std::pair{"foo", "MZXW6"},
          std::pair{"foob", "MZXW6YQ"}, std::pair{"fooba", "MZXW6YTB"}, std::pair{"foobar", "MZXW6YTBOI"}}) {
        EXPECT_EQ(to_base32(bytes), text);
        EXPECT_EQ(from_base32(text), bytes);
    }
    EXPECT_EQ(from_base32("mzxw6yq="), "foob");
    EXPECT_EQ(from_base32(to_base32(std::string{"\0\xff\x80", 3})), (std::string{"\0\xff\x80", 3}));
}

TEST(Base32, RefusesWhatIsNone) {
    for (auto const* text : {"M", "MZX", "MZXW6Y", "MZ=W", "MZX1", "MZX0", "MZ XQ", "MZ\xc3\xa9", "MZ", "MZXR"})
        EXPECT_THROW(from_base32(text), std::invalid_argument) << text;
}

}  // namespace
}  // namespace sallyport::crypto

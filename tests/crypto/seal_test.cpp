#include "crypto/seal.hpp"

#include "crypto/digest.hpp"

#include <gtest/gtest.h>

namespace sallyport::crypto {
namespace {

TEST(Seal, WhatWasSealedIsOpenedByTheSameKeysInTheSameRow) {
    auto const keys = Keys::make();
    for (std::string const& secret : {std::string{}, std::string{"123456"}, std::string(5000, 'x')}) {
        EXPECT_EQ(unseal(keys, seal(keys, secret, "outbox:1"), "outbox:1"), secret);
    }
}

TEST(Seal, ItNamesItsKeyAndHidesTheSecret) {
    auto const keys = Keys::make();
    auto const sealed = seal(keys, "open sesame", "row");
    EXPECT_TRUE(sealed.starts_with(keys.current(Purpose::sealing).id + "."));
    EXPECT_EQ(sealed.find("sesame"), std::string::npos);
    EXPECT_NE(sealed, seal(keys, "open sesame", "row"));
}

TEST(Seal, AnotherRowAnotherKeyOrAChangedByteOpensNothing) {
    auto const keys = Keys::make();
    auto const sealed = seal(keys, "secret", "outbox:1");

    EXPECT_FALSE(unseal(keys, sealed, "outbox:2"));
    EXPECT_FALSE(unseal(Keys::make(), sealed, "outbox:1"));
    bool ok = false;
    auto const box = from_base64(sealed.substr(9), ok);
    ASSERT_TRUE(ok);
    for (std::size_t i = 0; i < box.size(); ++i) {
        auto changed = box;
        changed[i] = static_cast<char>(changed[i] ^ 1);
        EXPECT_FALSE(unseal(keys, sealed.substr(0, 9) + to_base64url(changed), "outbox:1")) << i;
    }
}

TEST(Seal, WhatIsNotSealedOpensNothing) {
    auto const keys = Keys::make();
    auto const id = keys.current(Purpose::sealing).id;
    for (std::string const& text : {std::string{}, std::string{"."}, id, id + ".", id + ".AAAA", id + ".***"}) {
        EXPECT_FALSE(unseal(keys, text, "row")) << text;
    }
}

}  // namespace
}  // namespace sallyport::crypto

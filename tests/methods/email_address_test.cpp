#include "methods/email_address.hpp"

#include <gtest/gtest.h>

#include <string>

namespace sallyport::methods {
namespace {

TEST(EmailAddress, WhatLoopBackTakesIsTaken) {
    std::string const addresses[] = {"a@b",
                                     "ann@x.test",
                                     "dot.name+tag@sub.x.test",
                                     "a!#$%&*+/=?^_`{|}~-@b.c",
                                     "a@localhost",
                                     "a@b.123",
                                     "a@1.2.3.4",
                                     "a@[1.2.3.4]",
                                     "a@[IPv6:::1]",
                                     "\u00e9@c.d",
                                     "a@\u00e9.d",
                                     std::string(64, 'x') + "@b.c",
                                     "a@" + std::string(63, 'x') + ".c"};
    for (auto const& address : addresses) EXPECT_TRUE(is_email_address(address)) << address;
}

TEST(EmailAddress, WhatLoopBackRefusesIsRefused) {
    std::string const texts[] = {"",
                                 "not-an-email",
                                 "@b",
                                 "a@",
                                 "ann@",
                                 "a b@c.d",
                                 "\"a b\"@c.d",
                                 "a@b..c",
                                 "a..b@c.d",
                                 ".a@c.d",
                                 "a.@c.d",
                                 "a@-b.c",
                                 "a@b-.c",
                                 "a@b_c.d",
                                 "a@b.c.",
                                 "a@b@c",
                                 "a,b@c.d",
                                 "a<b@c.d",
                                 "a;b@c.d",
                                 "a:b@c.d",
                                 "(c)a@b.c",
                                 " a@b.c",
                                 "a@b.c ",
                                 "a@[]",
                                 "a@[1 2]",
                                 "a@b c.d",
                                 "a@.b",
                                 "a@b.",
                                 std::string(65, 'x') + "@b.c",
                                 "a@" + std::string(64, 'x') + ".c"};
    for (auto const& text : texts) EXPECT_FALSE(is_email_address(text)) << text;
}

TEST(EmailAddress, NothingThatEndsAMailHeaderPasses) {
    for (std::string const& text : {std::string{"a@b.c\r\nBcc: x@y.z"}, std::string{"a\n@b.c"}, std::string{"a@b.c\n"},
                                    std::string{"a\0@b.c", 6}, std::string{"a@b\r.c"}}) {
        EXPECT_FALSE(is_email_address(text)) << text;
    }
}

}  // namespace
}  // namespace sallyport::methods

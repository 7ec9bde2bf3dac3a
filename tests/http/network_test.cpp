#include "http/network.hpp"

#include <gtest/gtest.h>

namespace sallyport::http {
namespace {

TEST(Network, IsTheFirst24BitsOfIpv4And56OfIpv6) {
    struct Row {
        char const* address;
        char const* network;
    };
    Row const rows[] = {
        {"198.41.0.4", "198.41.0.0/24"},
        {"198.41.0.255", "198.41.0.0/24"},
        {"127.0.0.1", "127.0.0.0/24"},
        {"2001:500:1::53", "2001:500:1::/56"},
        {"2001:500:1:ff:8000::1", "2001:500:1::/56"},
        {"2001:500:1:100::1", "2001:500:1:100::/56"},
        {"2001:0500:0001:0:0:0:0:0053", "2001:500:1::/56"},  // another spelling of the same address
        {"::ffff:198.41.0.4", "198.41.0.0/24"},              // RFC 4291 section 2.5.5.2
        {"::FFFF:c629:4", "198.41.0.0/24"},
        {"", ""},
        {"localhost", ""},
        {"198.41.0", ""},
    };
    for (auto const& row : rows) EXPECT_EQ(network_of(row.address), row.network) << row.address;
}

TEST(Network, TakesOtherLengths) {
    EXPECT_EQ(network_of("198.41.7.4", 32, 64), "198.41.7.4/32");
    EXPECT_EQ(network_of("198.41.7.4", 20, 64), "198.41.0.0/20");
    EXPECT_EQ(network_of("2001:500:1:2:3::4", 32, 64), "2001:500:1:2::/64");
}

TEST(Network, PublicAddressesAreThoseOfRfc6890ThatAreNotSpecial) {
    for (auto const* address :
         {"198.41.0.4", "8.8.8.8", "172.32.0.1", "100.128.0.1", "2606:4700::1111", "::ffff:8.8.8.8"})
        EXPECT_TRUE(is_public_address(address)) << address;
    for (auto const* address :
         {"10.1.2.3", "127.0.0.1", "169.254.1.1",  "172.16.0.1",  "172.31.255.255", "192.168.1.1",     "100.64.0.1",
          "0.0.0.0",  "192.0.2.1", "198.51.100.1", "203.0.113.1", "224.0.0.1",      "255.255.255.255", "::1",
          "::",       "fe80::1",   "fd00::1",      "ff02::1",     "2001:db8::1",    "::ffff:10.1.2.3", "",
          "x"})
        EXPECT_FALSE(is_public_address(address)) << address;
}

TEST(Network, LoopbackIsKnownInEitherFamily) {
    EXPECT_TRUE(is_loopback_address("127.0.0.1"));
    EXPECT_TRUE(is_loopback_address("::1"));
    EXPECT_TRUE(is_loopback_address("::ffff:127.0.0.1"));
    EXPECT_FALSE(is_loopback_address("10.0.0.1"));
}

TEST(Network, TheHostOfAUrlStandsBetweenSchemeAndPort) {
    EXPECT_EQ(host_of("https://company.example"), "company.example");
    EXPECT_EQ(host_of("http://localhost:3000"), "localhost");
    EXPECT_EQ(host_of("https://company.example/app:1"), "company.example");
    EXPECT_EQ(host_of("http://[::1]:3000"), "::1");
}

}  // namespace
}  // namespace sallyport::http

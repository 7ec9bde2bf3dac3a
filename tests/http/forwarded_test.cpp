#include "http/forwarded.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

namespace sallyport::http {
namespace {

struct Case {
    std::string_view connection;
    Headers headers;
    std::string_view peer;
    bool is_secure;
    bool is_by_stranger;
};

TEST(TrustedProxies, OnlyTheirWordCounts) {
    TrustedProxies const proxies{{"10.0.0.0/8", "192.0.2.7", "2001:db8::/33", "fe80::1"}};
    Case const cases[] = {
        {"203.0.113.9", {}, "203.0.113.9", false, false},
        {"203.0.113.9", {{"X-Forwarded-For", "1.2.3.4"}}, "203.0.113.9", false, true},
        {"203.0.113.9", {{"X-Forwarded-Proto", "https"}}, "203.0.113.9", false, true},
        {"203.0.113.9", {{"forwarded", "for=1.2.3.4"}}, "203.0.113.9", false, true},
        {"192.0.2.8", {{"X-Real-IP", "1.2.3.4"}}, "192.0.2.8", false, true},
        {"10.1.2.3", {}, "10.1.2.3", false, false},
        {"10.1.2.3", {{"X-Forwarded-For", "1.2.3.4"}}, "1.2.3.4", false, false},
        {"::ffff:10.1.2.3", {{"X-Forwarded-For", "1.2.3.4"}}, "1.2.3.4", false, false},
        {"192.0.2.7", {{"X-Forwarded-For", "1.2.3.4"}, {"X-Forwarded-Proto", "https"}}, "1.2.3.4", true, false},
        {"10.1.2.3", {{"X-Forwarded-For", "6.6.6.6, 1.2.3.4"}}, "1.2.3.4", false, true},
        {"10.1.2.3",
         {{"X-Forwarded-For", "6.6.6.6"}, {"X-Forwarded-For", "1.2.3.4, 10.9.9.9"}},
         "1.2.3.4",
         false,
         true},
        {"10.1.2.3", {{"X-Forwarded-For", "1.2.3.4, 10.9.9.9"}}, "1.2.3.4", false, false},
        {"10.1.2.3", {{"X-Forwarded-For", "unknown"}}, "10.1.2.3", false, true},
        {"10.1.2.3", {{"X-Forwarded-For", "1.2.3.4:555"}}, "1.2.3.4", false, false},
        {"10.1.2.3", {{"X-Forwarded-For", "[2001:db8:ffff::5]:555"}}, "2001:db8:ffff::5", false, false},
        {"10.1.2.3", {{"X-Forwarded-Proto", "http"}}, "10.1.2.3", false, false},
        {"2001:db8:7fff::1", {{"X-Forwarded-For", "1.2.3.4"}}, "1.2.3.4", false, false},
        {"2001:db8:8000::1", {{"X-Forwarded-For", "1.2.3.4"}}, "2001:db8:8000::1", false, true},
        {"fe80::1", {{"X-Forwarded-For", "::1"}}, "::1", false, false},
        {"::ffff:203.0.113.9", {}, "203.0.113.9", false, false},
        // What a client leaves open must not swallow what the proxy appends.
        {"10.1.2.3", {{"X-Forwarded-For", "[6::6]\", 1.2.3.4"}}, "1.2.3.4", false, true},
        {"10.1.2.3", {{"X-Forwarded-For", "\", 1.2.3.4"}}, "1.2.3.4", false, true},
        {"10.1.2.3", {{"X-Forwarded-For", "[1.2.3.4]x"}}, "10.1.2.3", false, true},
        {"10.1.2.3", {{"X-Forwarded-For", "1.2.3.4:x"}}, "10.1.2.3", false, true},
        // The other header comes from the client as it is.
        {"10.1.2.3", {{"Forwarded", "for=6.6.6.6;proto=https"}}, "10.1.2.3", false, false},
        {"10.1.2.3", {{"Forwarded", "for=6.6.6.6"}, {"X-Forwarded-For", "1.2.3.4"}}, "1.2.3.4", false, false},
    };
    for (auto const& row : cases) {
        SCOPED_TRACE(row.connection);
        Request request;
        request.headers = row.headers;
        if (!row.headers.empty()) SCOPED_TRACE(row.headers.front().second);
        request.is_secure = true;
        proxies.identify(request, Peer{boost::asio::ip::make_address(row.connection)});
        EXPECT_EQ(request.peer, row.peer);
        EXPECT_EQ(request.is_secure, row.is_secure);
        EXPECT_EQ(request.is_forwarded_by_stranger, row.is_by_stranger);
    }
}

TEST(TrustedProxies, ForwardedIsReadWhereItIsConfigured) {
    TrustedProxies const proxies{{"10.0.0.0/8", "2001:db8::/32"}, false, ForwardedHeader::forwarded};
    Case const cases[] = {
        {"10.1.2.3", {{"Forwarded", "for=1.2.3.4;proto=https"}}, "1.2.3.4", true, false},
        {"10.1.2.3", {{"Forwarded", R"(for="[2001:dead::5]:555";proto=http)"}}, "2001:dead::5", false, false},
        {"10.1.2.3", {{"Forwarded", "for=6.6.6.6;proto=https, for=1.2.3.4;proto=http"}}, "1.2.3.4", false, true},
        {"10.1.2.3", {{"Forwarded", "for=1.2.3.4;proto=https, for=10.9.9.9;proto=http"}}, "1.2.3.4", true, false},
        {"10.1.2.3", {{"Forwarded", "for=6.6.6.6, for=unknown;proto=https"}}, "10.1.2.3", true, true},
        {"10.1.2.3", {{"Forwarded", "for=6.6.6.6;x=\", for=\"1.2.3.4\""}}, "10.1.2.3", false, true},
        {"10.1.2.3", {{"Forwarded", "for=\""}, {"Forwarded", "for=1.2.3.4"}}, "1.2.3.4", false, true},
        {"10.1.2.3", {{"X-Forwarded-For", "6.6.6.6"}, {"X-Forwarded-Proto", "https"}}, "10.1.2.3", false, false},
        {"203.0.113.9", {{"Forwarded", "for=6.6.6.6;proto=https"}}, "203.0.113.9", false, true},
    };
    for (auto const& row : cases) {
        SCOPED_TRACE(row.headers.front().second);
        Request request;
        request.headers = row.headers;
        proxies.identify(request, Peer{boost::asio::ip::make_address(row.connection)});
        EXPECT_EQ(request.peer, row.peer);
        EXPECT_EQ(request.is_secure, row.is_secure);
        EXPECT_EQ(request.is_forwarded_by_stranger, row.is_by_stranger);
    }
}

TEST(TrustedProxies, TellsWhatOthersCouldReadOnItsWay) {
    struct Row {
        std::string_view connection;
        Headers headers;
        bool is_secure;  ///< The connection.
        bool is_vouched_for;
        bool is_exposed;
    };
    Row const rows[] = {
        {"203.0.113.9", {}, false, false, true},
        {"203.0.113.9", {}, true, false, false},
        {"203.0.113.9", {{"X-Forwarded-Proto", "https"}}, false, false, true},
        {"203.0.113.9", {{"X-Forwarded-Proto", "http"}}, true, false, false},
        {"203.0.113.9", {}, false, true, false},
        {"127.0.0.1", {}, false, false, false},
        {"::1", {{"X-Forwarded-For", "203.0.113.9"}}, false, false, false},
        {"10.1.2.3", {}, false, false, false},
        {"10.1.2.3", {{"X-Forwarded-For", "203.0.113.9"}}, false, false, false},
        {"10.1.2.3", {{"X-Forwarded-For", "203.0.113.9"}, {"X-Forwarded-Proto", "https"}}, false, false, false},
        {"10.1.2.3", {{"X-Forwarded-For", "203.0.113.9"}, {"X-Forwarded-Proto", "http"}}, false, false, true},
        {"10.1.2.3", {{"X-Forwarded-For", "203.0.113.9"}, {"X-Forwarded-Proto", "http"}}, true, false, true},
        {"10.1.2.3", {{"X-Forwarded-For", "127.0.0.1"}, {"X-Forwarded-Proto", "http"}}, false, false, false},
    };
    TrustedProxies const proxies{{"10.0.0.0/8"}};
    for (auto const& row : rows) {
        SCOPED_TRACE(row.connection);
        if (!row.headers.empty()) SCOPED_TRACE(row.headers.back().second);
        Peer peer{boost::asio::ip::make_address(row.connection)};
        peer.is_secure = row.is_secure;
        peer.is_vouched_for = row.is_vouched_for;
        Request request;
        request.headers = row.headers;
        EXPECT_EQ(proxies.identify(request, peer), row.is_exposed);
    }
}

TEST(TrustedProxies, BehindAnUnknownProxyOnThisMachineNobodyIsKnownByAddress) {
    TrustedProxies const direct{{}};
    TrustedProxies const behind_unknown{{}, true};
    TrustedProxies const behind_known{{"127.0.0.1"}, true};
    auto const is_unknown = [](TrustedProxies const& proxies, char const* connection) {
        Request request;
        proxies.identify(request, Peer{boost::asio::ip::make_address(connection)});
        return request.is_forwarded_by_stranger;
    };
    for (auto const* local : {"127.0.0.1", "127.0.0.9", "::1", "::ffff:127.0.0.1"}) {
        EXPECT_FALSE(is_unknown(direct, local)) << local;
        EXPECT_TRUE(is_unknown(behind_unknown, local)) << local;
    }
    EXPECT_FALSE(is_unknown(behind_known, "127.0.0.1"));
    EXPECT_FALSE(is_unknown(behind_unknown, "203.0.113.9"));
}

TEST(TrustedProxies, WhatIsNoNetworkIsRefused) {
    for (char const* text :
         {"", "proxy", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/x", "::/129", "10.0.0/8", "10.0.0.0/"}) {
        EXPECT_THROW((TrustedProxies{{text}}), std::invalid_argument) << text;
    }
}

}  // namespace
}  // namespace sallyport::http

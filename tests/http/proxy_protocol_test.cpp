#include "http/proxy_protocol.hpp"

#include <gtest/gtest.h>

#include <string>

// The specification is proxy-protocol.txt of HAProxy; sections are its.

namespace sallyport::http {
namespace {

using namespace std::string_literals;
using enum ProxyHeader::Verdict;

std::string const mark = "\r\n\r\n\0\r\nQUIT\n"s;
std::string const v4 = "\xC0\x00\x02\x07\x0A\x00\x00\x01\x04\xD2\x01\xBB"s;  // 192.0.2.7:1234 to 10.0.0.1:443
std::string const v6 =
    "\x20\x01\x0D\xB8\0\0\0\0\0\0\0\0\0\0\0\x05"s + "\x20\x01\x0D\xB8\0\0\0\0\0\0\0\0\0\0\0\x06"s + "\x04\xD2\x01\xBB"s;
std::string const over_tls = "\x20\x00\x05\x01\0\0\0\0"s;
std::string const not_over_tls = "\x20\x00\x05\x00\0\0\0\0"s;

std::string binary(char command, char family, std::string const& body) {
    return mark + command + family + static_cast<char>(body.size() >> 8U) + static_cast<char>(body.size()) + body;
}

std::string client_of(ProxyHeader const& header) { return header.client ? header.client->to_string() : ""; }

struct Good {
    std::string bytes;
    std::string client;
    bool is_local = false;
    std::optional<bool> is_secure{};
};

std::vector<Good> const good = {
    {"PROXY TCP4 192.0.2.7 10.0.0.1 1234 443\r\n", "192.0.2.7"},
    {"PROXY TCP4 255.255.255.255 255.255.255.255 65535 65535\r\n", "255.255.255.255"},
    {"PROXY TCP6 2001:db8::5 2001:db8::6 1234 443\r\n", "2001:db8::5"},
    {"PROXY TCP6 ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff 65535 65535\r\n",
     "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"},
    {"PROXY UNKNOWN\r\n", ""},
    // The longest line that may be, section 2.1.
    {"PROXY UNKNOWN ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff 65535 65535\r\n",
     ""},
    {binary('\x21', '\x11', v4), "192.0.2.7"},
    {binary('\x21', '\x21', v6), "2001:db8::5"},
    {binary('\x21', '\x11', v4 + over_tls), "192.0.2.7", false, true},
    {binary('\x21', '\x11', v4 + not_over_tls), "192.0.2.7", false, false},
    {binary('\x21', '\x11', v4 + "\x04\x00\x02zz"s + over_tls), "192.0.2.7", false, true},
    {binary('\x21', '\x31', std::string(216, 'u')), ""},
    {binary('\x21', '\x12', v4), ""},  // UDP: not how HTTP comes.
    {binary('\x21', '\x00', ""), ""},
    {binary('\x20', '\x00', ""), "", true},
    {binary('\x20', '\x11', v4), "", true},
    {binary('\x20', '\x7F', "anything"), "", true},
    {binary('\x21', '\x11', v4 + "\x04"s + "\x0F\xE1"s + std::string(0xFE1, 'n')), "192.0.2.7"},  // 4096 bytes
};

TEST(ProxyProtocol, NamesTheClientInBothVersions) {
    for (auto const& row : good) {
        SCOPED_TRACE(row.bytes);
        auto const header = read_proxy_header(row.bytes + "GET / HTTP/1.1\r\n");
        EXPECT_EQ(header.verdict, whole);
        EXPECT_EQ(header.length, row.bytes.size());
        EXPECT_EQ(client_of(header), row.client);
        EXPECT_EQ(header.is_local, row.is_local);
        EXPECT_EQ(header.is_secure, row.is_secure);
    }
}

TEST(ProxyProtocol, AnythingShorterIsUnfinished) {
    for (auto const& row : good) {
        for (std::size_t length = 0; length < row.bytes.size(); ++length) {
            EXPECT_EQ(read_proxy_header(row.bytes.substr(0, length)).verdict, unfinished) << row.bytes << length;
        }
    }
}

TEST(ProxyProtocol, WhatTheSpecificationDoesNotAllowIsRefused) {
    std::string const rows[] = {
        "GET / HTTP/1.1\r\n",
        "proxy TCP4 192.0.2.7 10.0.0.1 1234 443\r\n",
        "PROXY  TCP4 192.0.2.7 10.0.0.1 1234 443\r\n",
        "PROXY TCP4 192.0.2.7 10.0.0.1 1234 443\n",
        "PROXY TCP4 192.0.2.7 10.0.0.1 1234 443 \r\n",
        "PROXY TCP4 192.0.2.7 10.0.0.1 1234\r\n",
        "PROXY TCP4 192.0.2.7  10.0.0.1 1234 443\r\n",
        "PROXY TCP4 192.0.2.7 10.0.0.1 01234 443\r\n",
        "PROXY TCP4 192.0.2.7 10.0.0.1 1234 65536\r\n",
        "PROXY TCP4 192.0.2.7 10.0.0.1 -1 443\r\n",
        "PROXY TCP4 192.0.2.7 nowhere 1234 443\r\n",
        "PROXY TCP4 2001:db8::5 2001:db8::6 1234 443\r\n",
        "PROXY TCP4 192.0.2 10.0.0.1 1234 443\r\n",
        "PROXY TCP6 192.0.2.7 10.0.0.1 1234 443\r\n",
        "PROXY TCP6 fe80::1%lo 2001:db8::6 1234 443\r\n",
        "PROXY UDP4 192.0.2.7 10.0.0.1 1234 443\r\n",
        "PROXY UNKNOWNS\r\n",
        "PROXY \r\n",
        "PROXY UNKNOWN " + std::string(200, 'x'),
        binary('\x22', '\x11', v4),                // No such command.
        binary('\x11', '\x11', v4),                // No such version.
        binary('\x21', '\x41', v4),                // No such family.
        binary('\x21', '\x13', v4),                // No such transport.
        binary('\x21', '\x11', v4.substr(0, 11)),  // No room for its addresses.
        binary('\x21', '\x21', v4),
        binary('\x21', '\x11', v4 + "\x04\x00"s),  // No whole TLV.
        binary('\x21', '\x11', v4 + "\x04\x00\x03zz"s),
        binary('\x21', '\x11', v4 + "\x20\x00\x04\x01\0\0\0"s),
        mark + "\x21\x11\x0F\xF1"s,  // One byte more than is read; told before it comes.
        mark + "\x20\x00\xFF\xFF"s,
        "\r\n\r\n\0\r\nQUIT\r"s,
    };
    for (auto const& bytes : rows) EXPECT_EQ(read_proxy_header(bytes).verdict, malformed) << bytes;
}

TEST(ProxyProtocol, NoChangedByteIsReadBeyondTheEnd) {
    for (auto const& row : good) {
        for (std::size_t at = 0; at < std::min<std::size_t>(row.bytes.size(), 300); ++at) {
            for (int const value : {0x00, 0x20, 0x7F, 0xFF}) {
                auto changed = row.bytes;
                changed[at] = static_cast<char>(value);
                EXPECT_LE(read_proxy_header(changed).length, changed.size());
            }
        }
    }
}

}  // namespace
}  // namespace sallyport::http

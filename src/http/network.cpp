#include "http/network.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>

namespace sallyport::http {
namespace {

namespace ip = boost::asio::ip;

std::optional<ip::address> parse(std::string_view text) {
    boost::system::error_code failed;
    auto const address = ip::make_address(std::string{text}, failed);
    return failed ? std::nullopt : std::optional{unmapped(address)};
}

template <class Bytes>
Bytes first_bits(Bytes bytes, int bits) {
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        auto const kept = std::clamp(bits - static_cast<int>(i) * 8, 0, 8);
        bytes[i] = static_cast<unsigned char>(bytes[i] & (0xFF00 >> kept));
    }
    return bytes;
}

struct Ipv4Block {
    std::uint32_t first;
    int bits;
};

// RFC 6890 section 2.2.2, and multicast and the reserved class E.
Ipv4Block constexpr special_ipv4[] = {
    {0x00000000, 8},  {0x0A000000, 8},  {0x64400000, 10}, {0x7F000000, 8},  {0xA9FE0000, 16},
    {0xAC100000, 12}, {0xC0000000, 24}, {0xC0000200, 24}, {0xC0586300, 24}, {0xC0A80000, 16},
    {0xC6120000, 15}, {0xC6336400, 24}, {0xCB007100, 24}, {0xE0000000, 4},  {0xF0000000, 4},
};

bool is_public(ip::address_v4 const& address) {
    auto const number = address.to_uint();
    return std::ranges::none_of(
        special_ipv4, [number](Ipv4Block const& block) { return (number ^ block.first) >> (32 - block.bits) == 0; });
}

// Global unicast is 2000::/3 (RFC 4291 section 2.4); 2001::/23 and 2001:db8::/32 are set aside (RFC 6890
// section 2.2.3).
bool is_public(ip::address_v6 const& address) {
    auto const bytes = address.to_bytes();
    if ((bytes[0] & 0xE0) != 0x20) return false;
    bool const is_2001 = bytes[0] == 0x20 && bytes[1] == 0x01;
    return !(is_2001 && bytes[2] < 0x02) && !(is_2001 && bytes[2] == 0x0D && bytes[3] == 0xB8);
}

}  // namespace

ip::address unmapped(ip::address const& address) {
    bool const is_mapped = address.is_v6() && address.to_v6().is_v4_mapped();
    return is_mapped ? ip::address{ip::make_address_v4(ip::v4_mapped, address.to_v6())} : address;
}

std::string network_of(std::string_view address) { return network_of(address, 24, 56); }

std::string network_of(std::string_view address, int ipv4_bits, int ipv6_bits) {
    auto const parsed = parse(address);
    if (!parsed) return {};
    if (parsed->is_v4()) {
        return ip::address_v4{first_bits(parsed->to_v4().to_bytes(), ipv4_bits)}.to_string() + "/" +
               std::to_string(ipv4_bits);
    }
    return ip::address_v6{first_bits(parsed->to_v6().to_bytes(), ipv6_bits)}.to_string() + "/" +
           std::to_string(ipv6_bits);
}

bool is_public_address(std::string_view address) {
    auto const parsed = parse(address);
    if (!parsed) return false;
    return parsed->is_v4() ? is_public(parsed->to_v4()) : is_public(parsed->to_v6());
}

bool is_loopback_address(std::string_view address) {
    auto const parsed = parse(address);
    return parsed && parsed->is_loopback();
}

std::string host_of(std::string_view url) {
    if (auto const scheme = url.find("://"); scheme != std::string_view::npos) url.remove_prefix(scheme + 3);
    if (url.starts_with('[')) return std::string{url.substr(1, url.find(']') - 1)};
    return std::string{url.substr(0, url.find_first_of(":/"))};
}

}  // namespace sallyport::http

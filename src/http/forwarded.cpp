#include "http/forwarded.hpp"

#include "http/header_text.hpp"

#include <fmt/format.h>
#include <boost/asio/ip/address_v4.hpp>
#include <boost/asio/ip/address_v6.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <stdexcept>

namespace sallyport::http {
namespace {

namespace ip = boost::asio::ip;

std::string text_of(ip::address const& address) {
    if (address.is_v6() && address.to_v6().is_v4_mapped()) {
        return ip::make_address_v4(ip::v4_mapped, address.to_v6()).to_string();
    }
    return address.to_string();
}

bool is_loopback(ip::address const& address) {
    if (address.is_v4()) return address.to_v4().is_loopback();
    auto const v6 = address.to_v6();
    return v6.is_loopback() || (v6.is_v4_mapped() && ip::make_address_v4(ip::v4_mapped, v6).is_loopback());
}

/// Both families in one: IPv4 as mapped into IPv6 (RFC 4291 section 2.5.5.2).
ip::address_v6::bytes_type wide(ip::address const& address) {
    return (address.is_v6() ? address.to_v6() : ip::make_address_v6(ip::v4_mapped, address.to_v4())).to_bytes();
}

bool starts_alike(ip::address_v6::bytes_type const& a, ip::address_v6::bytes_type const& b, int bits) {
    auto const whole = static_cast<std::size_t>(bits / 8);
    if (!std::equal(a.begin(), a.begin() + static_cast<std::ptrdiff_t>(whole), b.begin())) return false;
    auto const rest = bits % 8;
    return rest == 0 || (a[whole] ^ b[whole]) >> (8 - rest) == 0;
}

/// The address in one element of X-Forwarded-For, which some proxies write with a port. Leaves `address` alone and
/// returns false if there is none.
bool read_address(std::string_view text, ip::address& address) {
    if (text.starts_with('[')) {
        text = text.substr(1, text.find(']') - 1);
    } else if (std::ranges::count(text, ':') == 1) {
        text = text.substr(0, text.find(':'));
    }
    boost::system::error_code error;
    auto const found = ip::make_address(text, error);
    if (!error) address = found;
    return !error;
}

constexpr std::array<std::string_view, 5> forwarding_headers = {"Forwarded", "X-Forwarded-For", "X-Forwarded-Host",
                                                                "X-Forwarded-Proto", "X-Real-IP"};

bool is_forwarding(std::string_view name) {
    return (name.starts_with('X') || name.starts_with('x') || name.starts_with('F') || name.starts_with('f')) &&
           std::ranges::any_of(forwarding_headers, [&](auto known) { return same_name(known, name); });
}

/// All elements of a header, of its repetitions too, in order.
std::vector<std::string_view> elements_of(Request const& request, std::string_view name) {
    std::vector<std::string_view> found;
    for (auto const& [header, value] : request.headers) {
        if (!same_name(header, name)) continue;
        std::string_view rest = value;
        while (!rest.empty()) found.push_back(next_element(rest));
    }
    return found;
}

}  // namespace

Peer::Peer(ip::address const& address_) : address{address_}, text{text_of(address_)} {}

TrustedProxies::TrustedProxies(std::vector<std::string> const& networks, bool loopback_is_proxy)
    : loopback_is_proxy_{loopback_is_proxy} {
    for (auto const& text : networks) {
        auto const slash = text.find('/');
        boost::system::error_code error;
        auto const address = ip::make_address(text.substr(0, slash), error);
        int const most = !error && address.is_v4() ? 32 : 128;
        int length = most;
        if (slash != std::string::npos) {
            auto const* const last = text.data() + text.size();
            auto const [end, wrong] = std::from_chars(text.data() + slash + 1, last, length);
            if (wrong != std::errc{} || end != last) length = -1;
        }
        if (error || length < 0 || length > most) {
            throw std::invalid_argument{fmt::format("\"{}\" is neither an address nor a network", text)};
        }
        networks_.push_back({wide(address), length + 128 - most});
    }
}

bool TrustedProxies::trusts(ip::address const& address) const {
    auto const bytes = wide(address);
    return std::ranges::any_of(networks_, [&](auto const& net) { return starts_alike(bytes, net.bytes, net.length); });
}

void TrustedProxies::identify(Request& request, Peer const& connection) const {
    request.is_secure = false;
    request.is_forwarded_by_stranger = false;
    bool const was_forwarded =
        std::ranges::any_of(request.headers, [](auto const& h) { return is_forwarding(h.first); });
    if (!was_forwarded || !trusts(connection.address)) {
        request.peer = connection.text;
        auto const is_unknown_proxy =
            loopback_is_proxy_ && is_loopback(connection.address) && !trusts(connection.address);
        request.is_forwarded_by_stranger = was_forwarded || is_unknown_proxy;
        return;
    }

    auto sender = connection.address;
    auto hops = elements_of(request, "X-Forwarded-For");
    while (!hops.empty() && trusts(sender) && read_address(hops.back(), sender)) hops.pop_back();
    request.peer = text_of(sender);
    request.is_forwarded_by_stranger = !hops.empty();

    auto const schemes = elements_of(request, "X-Forwarded-Proto");
    request.is_secure = !schemes.empty() && same_name(schemes.back(), "https");
}

}  // namespace sallyport::http

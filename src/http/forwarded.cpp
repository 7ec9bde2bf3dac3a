#include "http/forwarded.hpp"

#include "http/forwarded_element.hpp"
#include "http/header_text.hpp"
#include "http/network.hpp"

#include <fmt/format.h>
#include <boost/asio/ip/address_v4.hpp>
#include <boost/asio/ip/address_v6.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <ranges>
#include <stdexcept>

namespace sallyport::http {
namespace {

namespace ip = boost::asio::ip;

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

bool is_port(std::string_view text) {
    return !text.empty() && text.size() <= 5 && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

/// "[address]" or "[address]:port" without its brackets; "" for anything else, which is no address.
std::string_view without_brackets(std::string_view text) {
    auto const end = text.find(']');
    if (end == std::string_view::npos) return {};
    auto const after = text.substr(end + 1);
    bool const is_good = after.empty() || (after.starts_with(':') && is_port(after.substr(1)));
    return is_good ? text.substr(1, end - 1) : std::string_view{};
}

/// The address in one element, which some proxies write with a port. Leaves `address` alone and returns false if there
/// is none.
bool read_address(std::string_view text, ip::address& address) {
    if (text.starts_with('[')) {
        text = without_brackets(text);
    } else if (std::ranges::count(text, ':') == 1) {
        auto const colon = text.find(':');
        if (!is_port(text.substr(colon + 1))) return false;
        text = text.substr(0, colon);
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

/// All elements of a header, of its repetitions too, in order. Commas part them wherever they stand: these headers know
/// no quotes, and one that a client left open must not swallow what a proxy appended.
std::vector<std::string_view> elements_of(Request const& request, std::string_view name) {
    std::vector<std::string_view> found;
    for (auto const& [header, value] : request.headers) {
        if (!same_name(header, name)) continue;
        for (auto const part : std::views::split(std::string_view{value}, ',')) {
            auto const element = trimmed(std::string_view{part});
            if (!element.empty()) found.push_back(element);
        }
    }
    return found;
}

/// Who sent a request and how, as far as trusted proxies tell.
struct Account {
    ip::address sender;
    bool has_more = false;    ///< Elements before the last believed one.
    std::string scheme = {};  ///< "" where none is told.
};

Account read_x_forwarded(Request const& request, TrustedProxies const& proxies, ip::address const& connection) {
    Account account{.sender = connection};
    auto hops = elements_of(request, "X-Forwarded-For");
    while (!hops.empty() && proxies.trusts(account.sender) && read_address(hops.back(), account.sender)) {
        hops.pop_back();
    }
    account.has_more = !hops.empty();
    auto const schemes = elements_of(request, "X-Forwarded-Proto");
    if (!schemes.empty()) account.scheme = schemes.back();
    return account;
}

/// Each element holds the address that its proxy saw and the scheme by which it was asked, so both are read together.
/// An obfuscated or unknown node (RFC 7239 section 6) ends the walk: who stands before it cannot be told.
Account read_forwarded(Request const& request, TrustedProxies const& proxies, ip::address const& connection) {
    Account account{.sender = connection};
    auto hops = forwarded_elements(request.headers);
    while (!hops.empty() && proxies.trusts(account.sender)) {
        if (!hops.back().scheme.empty()) account.scheme = hops.back().scheme;
        if (!read_address(hops.back().node, account.sender)) break;
        hops.pop_back();
    }
    account.has_more = !hops.empty();
    return account;
}

}  // namespace

Peer::Peer(ip::address const& address_) : address{address_}, text{unmapped(address_).to_string()} {}

TrustedProxies::TrustedProxies(std::vector<std::string> const& networks, bool loopback_is_proxy, ForwardedHeader header)
    : loopback_is_proxy_{loopback_is_proxy}, header_{header} {
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

bool TrustedProxies::identify_direct(Request& request, Peer const& connection, bool was_forwarded) const {
    request.peer = connection.text;
    request.is_secure = connection.is_secure;
    bool const is_from_here = unmapped(connection.address).is_loopback();
    bool const is_trusted = trusts(connection.address);
    bool const is_unknown_proxy = loopback_is_proxy_ && is_from_here && !is_trusted && !connection.is_vouched_for;
    request.is_forwarded_by_stranger = (was_forwarded && !is_trusted) || is_unknown_proxy || connection.is_unknown;
    return !connection.is_secure && !connection.is_vouched_for && !is_from_here && !is_trusted;
}

bool TrustedProxies::identify(Request& request, Peer const& connection) const {
    bool const was_forwarded =
        std::ranges::any_of(request.headers, [](auto const& h) { return is_forwarding(h.first); });
    if (!was_forwarded || !trusts(connection.address)) return identify_direct(request, connection, was_forwarded);

    auto const account = header_ == ForwardedHeader::forwarded ? read_forwarded(request, *this, connection.address)
                                                               : read_x_forwarded(request, *this, connection.address);
    request.peer = unmapped(account.sender).to_string();
    request.is_forwarded_by_stranger = account.has_more || connection.is_unknown;
    request.is_secure = account.scheme.empty() ? connection.is_secure : same_name(account.scheme, "https");
    bool const came_in_plain = !account.scheme.empty() && !request.is_secure;
    return came_in_plain && !unmapped(account.sender).is_loopback() && !trusts(account.sender);
}

}  // namespace sallyport::http

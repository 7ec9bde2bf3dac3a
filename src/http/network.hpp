// Addresses and the networks they belong to.

#pragma once

#include <boost/asio/ip/address.hpp>

#include <string>
#include <string_view>

namespace sallyport::http {

/// An IPv4 address inside an IPv6 one (::ffff:192.0.2.1, RFC 4291 section 2.5.5.2) as IPv4; any other as it is.
boost::asio::ip::address unmapped(boost::asio::ip::address const& address);

/// The network of an address: IPv4 /24 and IPv6 /56 as text; "" for what is no address. A mapped one counts as IPv4.
std::string network_of(std::string_view address);

/// The same with other lengths, in bits.
std::string network_of(std::string_view address, int ipv4_bits, int ipv6_bits);

/// Whether an address is public: not loopback, private, link-local or otherwise special (RFC 6890).
bool is_public_address(std::string_view address);

bool is_loopback_address(std::string_view address);

/// The host of a URL, an IPv6 address without its brackets (RFC 3986 section 3.2.2).
std::string host_of(std::string_view url);

}  // namespace sallyport::http

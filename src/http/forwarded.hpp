// Who really sent a request that came through proxies: the address a trusted one names, and nobody else's word.

#pragma once

#include "sallyport/request.hpp"

#include <boost/asio/ip/address.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace sallyport::http {

/// The other end of a connection.
struct Peer {
    explicit Peer(boost::asio::ip::address const& address);

    boost::asio::ip::address address;
    std::string text;  ///< As people write it: IPv4 for one that was mapped into IPv6.
};

/// The proxies whose X-Forwarded-For and X-Forwarded-Proto are believed.
class TrustedProxies {
public:
    TrustedProxies() = default;

    /// Addresses ("10.0.0.7", "::1") and networks ("10.0.0.0/8"). Throws std::invalid_argument naming a wrong one.
    ///
    /// With `loopback_is_proxy` what comes from this machine comes through a proxy; one that is not trusted tells
    /// nothing about who asks, also where it adds no header.
    explicit TrustedProxies(std::vector<std::string> const& networks, bool loopback_is_proxy = false);

    bool trusts(boost::asio::ip::address const& address) const;

    /// Sets `peer`, `is_secure` and `is_forwarded_by_stranger` of a request that came from `connection`.
    ///
    /// Proxies append the address they saw, so X-Forwarded-For is read from its end for as long as trusted proxies
    /// are speaking. What then remains was written by someone else and is only noted.
    void identify(Request& request, Peer const& connection) const;

private:
    struct Network {
        boost::asio::ip::address_v6::bytes_type bytes;
        int length;  ///< bits
    };
    std::vector<Network> networks_;
    bool loopback_is_proxy_ = false;
};

}  // namespace sallyport::http

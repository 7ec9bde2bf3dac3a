// Who really sent a request that came through proxies: the address a trusted one names, and nobody else's word.

#pragma once

#include "sallyport/request.hpp"

#include <boost/asio/ip/address.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace sallyport::http {

/// The other end of a connection, or who a trusted proxy says it is.
struct Peer {
    explicit Peer(boost::asio::ip::address const& address);

    boost::asio::ip::address address;
    std::string text;             ///< As people write it: IPv4 for one that was mapped into IPv6.
    bool is_secure = false;       ///< Speaks TLS, here or (by the PROXY protocol) to the proxy.
    bool is_vouched_for = false;  ///< A trusted proxy carries its bytes and does not say that they came in plain.
    bool is_unknown = false;      ///< That proxy does not say whose they are.
};

/// Which header trusted proxies write. A proxy that writes one of them passes the other on as the client sent it, so
/// only one can be believed.
enum class ForwardedHeader : unsigned char {
    x_forwarded,  ///< X-Forwarded-For and X-Forwarded-Proto
    forwarded,    ///< Forwarded (RFC 7239)
};

/// The proxies whose word about the client is believed.
class TrustedProxies {
public:
    TrustedProxies() = default;

    /// Addresses ("10.0.0.7", "::1") and networks ("10.0.0.0/8"). Throws std::invalid_argument naming a wrong one.
    ///
    /// With `loopback_is_proxy` what comes from this machine comes through a proxy; one that is not trusted tells
    /// nothing about who asks, also where it adds no header.
    explicit TrustedProxies(std::vector<std::string> const& networks, bool loopback_is_proxy = false,
                            ForwardedHeader header = ForwardedHeader::x_forwarded);

    bool trusts(boost::asio::ip::address const& address) const;

    /// Sets `peer`, `is_secure` and `is_forwarded_by_stranger` of a request that came from `connection`.
    ///
    /// Proxies append the address they saw, so their header is read from its end for as long as trusted proxies are
    /// speaking. What then remains was written by someone else and is only noted.
    ///
    /// Returns whether others could read it on its way: it came in plain, neither from this machine nor through a
    /// trusted proxy, or through one that says that it came in plain from elsewhere.
    bool identify(Request& request, Peer const& connection) const;

private:
    bool identify_direct(Request& request, Peer const& connection, bool was_forwarded) const;

    struct Network {
        boost::asio::ip::address_v6::bytes_type bytes;
        int length;  ///< bits
    };
    std::vector<Network> networks_;
    bool loopback_is_proxy_ = false;
    ForwardedHeader header_ = ForwardedHeader::x_forwarded;
};

}  // namespace sallyport::http

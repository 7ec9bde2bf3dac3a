// The PROXY protocol, versions 1 and 2 (HAProxy's proxy-protocol.txt): how a proxy that passes bytes on says, before
// the first of them, whose they are.

#pragma once

#include <boost/asio/ip/address.hpp>

#include <cstddef>
#include <optional>
#include <string_view>

namespace sallyport::http {

struct ProxyHeader {
    enum class Verdict : unsigned char { unfinished, malformed, whole };

    Verdict verdict = Verdict::unfinished;
    std::size_t length = 0;  ///< bytes, of a whole one

    /// The client; nothing where the proxy speaks for itself (LOCAL) or does not say (UNKNOWN, Unix sockets).
    std::optional<boost::asio::ip::address> client{};

    /// The proxy speaks for itself.
    bool is_local = false;

    /// Whether the client came to the proxy over TLS; nothing where it does not say (version 2 can, in PP2_TYPE_SSL).
    std::optional<bool> is_secure{};
};

/// The longest header that is read; a longer one is malformed.
constexpr std::size_t most_proxy_header = 4096;

/// Looks at the first bytes of a connection. Strict: what the specification does not allow is malformed, and told as
/// soon as it can be.
ProxyHeader read_proxy_header(std::string_view bytes);

}  // namespace sallyport::http

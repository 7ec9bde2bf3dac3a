// Client: which program or browser a request comes from, as far as that can be told.

#pragma once

#include "sallyport/json.hpp"
#include "sallyport/request.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace sallyport::auth {

/// What ties a request to earlier ones of the same client. Secrets a client shows are held as digests only.
struct Client {
    std::string challenge;   ///< Digest of the `challenge` it names; "" for none.
    std::string cookie;      ///< Digest of its challenge cookie; "" for none.
    std::string device;      ///< Digest of its device cookie; "" for none.
    std::string peer;        ///< Its address.
    std::string network;     ///< Its network; "" where the network tells nothing: see client_of.
    bool is_secure = false;  ///< Came over TLS.
    std::string agent;       ///< See agent_of.
};

/// The client of a request. `challenge` is the body's field, of any type.
///
/// The network counts for a public address or a loopback one. It does not for private addresses, which many may share
/// behind a proxy nobody told us of, nor where a stranger sent a forwarded header.
Client client_of(Request const& request, Json const& challenge);

/// User-Agent, at most 200 bytes of it: what is kept with sessions and events.
std::string agent_of(Request const& request);

/// A fresh secret of 128 bits for a client to keep: 22 characters of base64url.
std::string client_secret();

/// The digest under which such a secret is stored; "" for what cannot be one.
std::string secret_digest(std::string_view secret);

/// The name a cookie has: "__Host-NAME" over TLS, "NAME" on plain HTTP.
std::string cookie_name(std::string_view name, bool is_secure);

/// Set-Cookie for `value`: Secure over TLS; always HttpOnly, SameSite=Strict and Path=/ (RFC 6265bis section 4.1.3.2).
std::string set_cookie(std::string_view name, std::string_view value, std::int64_t max_age_seconds, bool is_secure);

inline constexpr std::string_view challenge_cookie = "tfa";
inline constexpr std::string_view device_cookie = "dev";

}  // namespace sallyport::auth

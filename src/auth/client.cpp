#include "auth/client.hpp"

#include "crypto/digest.hpp"
#include "crypto/random.hpp"
#include "http/network.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace sallyport::auth {
namespace {

std::size_t constexpr longest_agent = 200;  // bytes
std::size_t constexpr secret_bytes = 16;
std::size_t constexpr secret_length = 22;

std::string cookie_digest(Request const& request, std::string_view name) {
    auto const value = request.cookie(cookie_name(name, request.is_secure));
    return value ? secret_digest(*value) : std::string{};
}

std::string binding_network(Request const& request) {
    if (request.is_forwarded_by_stranger) return {};
    bool const tells = http::is_public_address(request.peer) || http::is_loopback_address(request.peer);
    return tells ? http::network_of(request.peer) : std::string{};
}

}  // namespace

Client client_of(Request const& request, Json const& challenge) {
    Client client;
    // A challenge of another type or shape is still one that was given: it must not fall back to weaker ties.
    if (challenge.is_string()) client.challenge = secret_digest(challenge.as_string());
    if (!challenge.is_nothing() && client.challenge.empty()) client.challenge = "none";
    client.cookie = cookie_digest(request, challenge_cookie);
    client.device = cookie_digest(request, device_cookie);
    client.peer = request.peer;
    client.network = binding_network(request);
    client.is_secure = request.is_secure;
    client.agent = agent_of(request);
    return client;
}

std::string agent_of(Request const& request) {
    auto const agent = request.header("User-Agent");
    auto most = std::min(agent.size(), longest_agent);
    // Never half a character.
    while (most > 0 && most < agent.size() && (static_cast<unsigned char>(agent[most]) & 0xC0) == 0x80) --most;
    return std::string{agent.substr(0, most)};
}

std::string client_secret() { return crypto::to_base64url(crypto::random_bytes(secret_bytes)); }

std::string secret_digest(std::string_view secret) {
    if (secret.size() != secret_length) return {};
    return crypto::to_hex(crypto::sha256(secret));
}

std::string cookie_name(std::string_view name, bool is_secure) {
    return is_secure ? "__Host-" + std::string{name} : std::string{name};
}

std::string set_cookie(std::string_view name, std::string_view value, std::int64_t max_age_seconds, bool is_secure) {
    return fmt::format("{}={}; Max-Age={}; Path=/; HttpOnly; SameSite=Strict{}", cookie_name(name, is_secure), value,
                       max_age_seconds, is_secure ? "; Secure" : "");
}

}  // namespace sallyport::auth

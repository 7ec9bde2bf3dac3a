// How clients reach the server: TLS, its second door, and what proxies say.

#pragma once

#include "definition/settings.hpp"
#include "http/certificate.hpp"
#include "http/forwarded.hpp"
#include "sallyport/json.hpp"

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace sallyport::app {

struct Transport {
    std::optional<http::CertificateFiles> tls;  ///< What `port` speaks; without it plain HTTP.
    std::optional<int> plain_port;              ///< Listens for plain HTTP too.
    std::optional<long> hsts_seconds;           ///< 0: not sent.
    bool proxy_protocol = false;
    http::ForwardedHeader forwarded_header = http::ForwardedHeader::x_forwarded;
};

/// Takes note of a mistake in the setting at a path ("tls.key").
using Complaint = std::function<void(std::string_view path, std::string text, std::string hint)>;

/// Reads it from config.json, whose types have been judged, and tries the certificate. Files are relative to `folder`.
Transport read_transport(definition::Settings& config, std::filesystem::path const& folder, Complaint const& complain);

/// A port as number or text; nothing if it is none.
std::optional<int> port_of(Json const& value);

}  // namespace sallyport::app

#include "app/transport.hpp"

#include "definition/finding.hpp"
#include "http/tls.hpp"

#include <fmt/format.h>

#include <cmath>
#include <utility>
#include <vector>

namespace sallyport::app {
namespace {

constexpr double longest_hsts = 315360000;  // seconds: ten years

class TransportReader {
public:
    TransportReader(definition::Settings& config, std::filesystem::path const& folder, Complaint const& complain)
        : config_{config}, folder_{folder}, complain_{complain} {}

    Transport read() {
        for (auto const* path : {"tls.certificate", "tls.key", "tls.plainPort"}) config_.any(path);
        if (auto const& tls = config_.at("tls"); tls.is_object()) read_tls(tls);
        read_hsts();
        read_proxy_protocol();
        read_forwarded_header();
        return transport_;
    }

private:
    void read_tls(Json const& tls) {
        auto const file = [&](char const* name) {
            auto const& value = tls[name];
            if (value.is_undefined()) {
                complain_("tls", fmt::format("\"tls\" needs \"{}\"", name),
                          R"({"certificate": "chain.pem", "key": "key.pem"})");
            }
            return value.is_string() ? value.as_string() : std::string{};
        };
        auto const certificate = file("certificate");
        auto const key = file("key");
        if (certificate.empty() || key.empty()) return;
        transport_.tls = {folder_ / certificate, folder_ / key};
        try_certificate(certificate, key);
        if (auto const& port = tls["plainPort"]; !port.is_undefined()) read_plain_port(port);
    }

    void try_certificate(std::string const& certificate, std::string const& key) {
        try {
            http::Tls{http::read_certificate(*transport_.tls)};
        } catch (http::CertificateError const& error) {
            bool const is_key = error.file() == http::CertificateError::File::key;
            complain_(is_key ? "tls.key" : "tls.certificate",
                      fmt::format("\"{}\": {}", is_key ? key : certificate, error.what()), error.hint());
        }
    }

    void read_plain_port(Json const& value) {
        transport_.plain_port = port_of(value);
        if (!transport_.plain_port) {
            complain_("tls.plainPort", fmt::format("{} is no port", to_text(value)), "a port is a number, 0 to 65535");
        }
        auto const& url = config_.at("url");
        if (!url.is_string() || !url.as_string().starts_with("https://")) {
            complain_("tls.plainPort", "\"plainPort\" sends people on to \"url\", which is not given with https",
                      R"(set "url" to the address people use: "https://company.example")");
        }
    }

    void read_hsts() {
        auto const& value = config_.any("hstsSeconds");
        if (!value.is_number()) return;
        auto const seconds = value.as_number();
        if (seconds >= 0 && seconds <= longest_hsts && seconds == std::floor(seconds)) {
            transport_.hsts_seconds = static_cast<long>(seconds);
        } else {
            complain_("hstsSeconds", fmt::format("{} is no time that browsers could remember", to_text(value)),
                      "whole seconds, 0 (not sent) to 315360000 (ten years); a year is 31536000");
        }
    }

    void read_proxy_protocol() {
        transport_.proxy_protocol = config_.flag("proxyProtocol", false);
        auto const& proxies = config_.at("trustedProxies");
        if (transport_.proxy_protocol && (!proxies.is_array() || proxies.as_array().empty())) {
            complain_("proxyProtocol", "nobody may speak the PROXY protocol: \"trustedProxies\" is empty",
                      R"(name the proxy: "trustedProxies": ["127.0.0.1"])");
        }
    }

    void read_forwarded_header() {
        static std::vector<std::string> const names = {"X-Forwarded-For", "Forwarded"};
        auto const name = config_.text("forwardedHeader", names.front());
        if (name == "Forwarded") {
            transport_.forwarded_header = http::ForwardedHeader::forwarded;
        } else if (name != "X-Forwarded-For") {
            auto hint = definition::did_you_mean(name, names);
            complain_("forwardedHeader", fmt::format("no proxy says whose a request is in \"{}\"", name),
                      hint.empty() ? R"(use "X-Forwarded-For" or "Forwarded")" : std::move(hint));
        }
    }

    definition::Settings& config_;
    std::filesystem::path const& folder_;
    Complaint const& complain_;
    Transport transport_;
};

}  // namespace

Transport read_transport(definition::Settings& config, std::filesystem::path const& folder, Complaint const& complain) {
    return TransportReader{config, folder, complain}.read();
}

std::optional<int> port_of(Json const& value) {
    auto const number = value.is_string() || value.is_number() ? to_number(value) : -1;
    auto const is_port = number >= 0 && number <= 65535 && number == std::floor(number);
    return is_port && value != Json{""} ? std::optional{static_cast<int>(number)} : std::nullopt;
}

}  // namespace sallyport::app

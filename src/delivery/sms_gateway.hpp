// A provider's HTTP interface, as a JSON description tells it: what to ask, and what its answers mean.

#pragma once

#include "definition/definition.hpp"
#include "definition/settings.hpp"
#include "http/outbound.hpp"
#include "sallyport/sender.hpp"

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sallyport::delivery {

/// What a gateway made of a message.
enum class Verdict : std::uint8_t {
    accepted,
    later,    ///< Not taken now; the same again may be.
    refused,  ///< Not taken, and never will be.
    unclear,  ///< It may have been taken.
};

/// An answer judged. `why` is for the log and holds nothing the gateway wrote but short codes.
struct Judgement {
    Verdict verdict = Verdict::unclear;
    std::string why;
};

/// The names of the gateways there are: vonage, twilio, http, console.
std::span<std::string const> gateway_names();

/// What is wrong with the data source of a gateway; empty if it can be used.
std::vector<definition::Finding> gateway_mistakes(definition::DataSource const& source);

/// A gateway that is asked over HTTP. Any thread may use it.
class SmsGateway {
public:
    /// Of a data source without mistakes that is not "console".
    explicit SmsGateway(definition::DataSource const& source);
    /// The same, read from its settings.
    SmsGateway(std::string name, definition::Settings settings);

    /// The request that hands `message` over, `now` being the time in milliseconds since the Unix epoch.
    http::OutboundRequest request_for(Message const& message, std::int64_t now) const;

    Judgement judge(http::OutboundReply const& reply) const;

    std::string const& name() const { return name_; }  ///< Of the data source.
    http::OutboundRules const& rules() const { return rules_; }

    /// Whether it drops a second message with the id of the first, so that an unclear one may be sent again.
    bool drops_doubles() const { return drops_doubles_; }

private:
    using Values = std::map<std::string, std::string, std::less<>>;

    Values values_of(Message const& message, std::int64_t now) const;

    std::string name_;
    Json description_;
    Values settings_;  ///< Texts of the data source that a description may use: "apiKey".
    http::OutboundRules rules_;
    bool drops_doubles_ = false;
};

}  // namespace sallyport::delivery

// Codes by text message: through a gateway, and through a second one if the first does not take them.

#pragma once

#include "delivery/sms_gateway.hpp"
#include "http/event_log.hpp"
#include "http/outbound.hpp"
#include "sallyport/clock.hpp"
#include "sallyport/sender.hpp"

#include <vector>

namespace sallyport::delivery {

/// Any thread may use it.
class SmsSender final : public Sender {
public:
    static constexpr int most_tries = 3;

    /// The gateways in their order. `outbound` and `clock` must outlive it.
    SmsSender(http::Outbound& outbound, Clock const& clock, std::vector<SmsGateway> gateways, http::EventLog log = {});

    /// A gateway is asked only where those before it certainly did not take the message. What may have arrived is
    /// sent again only to a gateway that drops doubles.
    Task<> send(Message message) override;

private:
    Task<Judgement> ask(SmsGateway const& gateway, Message const& message) const;

    http::Outbound& outbound_;
    Clock const& clock_;
    std::vector<SmsGateway> gateways_;
    http::EventLog log_;
};

}  // namespace sallyport::delivery

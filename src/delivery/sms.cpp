#include "delivery/sms.hpp"

#include <fmt/format.h>

namespace sallyport::delivery {
namespace {

using Sent = http::OutboundFailure::Sent;
using Then = SendFailure::Then;

// What to do after a gateway's answer that was no acceptance.
Then next_step(SmsGateway const& gateway, Verdict verdict) {
    if (verdict == Verdict::refused) return Then::give_up;
    if (verdict == Verdict::later || gateway.drops_doubles()) return Then::retry;
    return Then::maybe_there;
}

}  // namespace

SmsSender::SmsSender(http::Outbound& outbound, Clock const& clock, std::vector<SmsGateway> gateways, http::EventLog log)
    : outbound_{outbound}, clock_{clock}, gateways_{std::move(gateways)}, log_{log} {}

Task<> SmsSender::send(Message message) {
    auto then = Then::give_up;
    std::string why;
    for (auto const& gateway : gateways_) {
        auto const judgement = co_await ask(gateway, message);
        if (judgement.verdict == Verdict::accepted) {
            if (!why.empty())
                log_.tell("fallback", {{"channel", "sms"}, {"gateway", gateway.name()}, {"why", why}},
                          fmt::format("a message went by the gateway {}: {}", gateway.name(), why));
            co_return;
        }
        why += fmt::format("{}gateway {}: {}", why.empty() ? "" : "; ", gateway.name(), judgement.why);
        auto const step = next_step(gateway, judgement.verdict);
        if (step != Then::give_up) then = step;
        if (judgement.verdict == Verdict::unclear) {
            if (message.attempt >= most_tries) then = Then::maybe_there;
            break;
        }
    }
    if (then == Then::retry && message.attempt >= most_tries) then = Then::give_up;
    throw SendFailure{why, then};
}

Task<Judgement> SmsSender::ask(SmsGateway const& gateway, Message const& message) const {
    try {
        co_return gateway.judge(co_await outbound_.send(gateway.request_for(message, clock_.now()), gateway.rules()));
    } catch (http::OutboundFailure const& failed) {
        co_return Judgement{failed.sent() == Sent::no ? Verdict::later : Verdict::unclear, failed.what()};
    }
}

}  // namespace sallyport::delivery

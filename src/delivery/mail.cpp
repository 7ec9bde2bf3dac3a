#include "delivery/mail.hpp"

#include "http/network.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <utility>

namespace sallyport::delivery {
namespace {

using definition::Finding;

using std::chrono::milliseconds;

constexpr int submission = 587;         // RFC 6409 section 3.1
constexpr int submission_in_tls = 465;  // RFC 8314 section 3.3

/// Nodemailer sends by the first of LoopBack's "transports".
std::string transport_path(definition::Settings const& source) {
    auto const& list = source.at("transports");
    return list.is_array() && !list.as_array().empty() ? "transports.0" : "transport";
}

bool is_this_machine(std::string const& host) { return host == "localhost" || http::is_loopback_address(host); }

milliseconds read_time(definition::Settings& transport, std::string_view name, milliseconds usual) {
    auto const wanted = transport.number(name, static_cast<double>(usual.count()));
    auto const time =
        std::clamp(milliseconds{static_cast<std::int64_t>(wanted)}, milliseconds{100}, milliseconds{120'000});
    transport.note(name, time.count());
    return time;
}

}  // namespace

bool sends_mail(definition::DataSource const& source) {
    definition::Settings const settings{source.settings, source.places};
    return sends_mail(settings);
}

bool sends_mail(definition::Settings const& source) {
    auto const type = source.below(transport_path(source)).text("type");
    return type == "smtp" || type == "SMTP";
}

MailRules read_mail_rules(definition::Settings& source, std::vector<Finding>& mistakes) {
    auto transport = source.below(transport_path(source));
    auto const host = transport.text("host");
    if (host.empty())
        mistakes.push_back(
            {.text = "the mail transport needs a \"host\"", .hint = R"(such as "host": "smtp.example.com")"});
    MailRules rules;
    bool const is_secure = transport.flag("secure", false);
    auto const port = static_cast<int>(transport.number("port", is_secure ? submission_in_tls : submission));
    auto const name = transport.text("name");
    rules.url = fmt::format("{}://{}:{}{}{}", is_secure ? "smtps" : "smtp",
                            host.contains(':') ? "[" + host + "]" : host, port, name.empty() ? "" : "/", name);
    bool const ignores_tls = transport.flag("ignoreTLS", false);
    rules.requires_tls = transport.flag("requireTLS", false) || (!ignores_tls && !is_this_machine(host));
    transport.note("requireTLS", rules.requires_tls);
    rules.user = transport.text("auth.user");
    rules.password = transport.text("auth.pass");
    if (transport.at("auth").is_object() && rules.user.empty())
        mistakes.push_back({.text = "\"auth\" needs \"user\" and \"pass\"",
                            .hint = R"(write them as "${MAIL_USER}" and "${MAIL_PASSWORD}")"});
    if (!transport.flag("tls.rejectUnauthorized", true))
        mistakes.push_back({.text = "the certificate of a mail server is always checked",
                            .hint = R"(name the authority that signed it: "tls": {"ca": "authority.pem"})"});
    auto const from = read_mailbox(source.text("defaultFrom"));
    if (!from)
        mistakes.push_back({.text = "\"defaultFrom\" must be the address that mail comes from",
                            .hint = R"(such as "defaultFrom": "Acme <no-reply@acme.example>")"});
    if (from) rules.from = *from;
    rules.outbound.allow_private = true;  // A mail server beside us is the usual one.
    rules.outbound.connect_time = read_time(transport, "connectionTimeout", milliseconds{10'000});
    rules.outbound.greeting_time = read_time(transport, "greetingTimeout", rules.outbound.connect_time);
    rules.outbound.deadline = read_time(transport, "socketTimeout", milliseconds{30'000});
    rules.outbound.certificate_authorities = transport.text("tls.ca");
    return rules;
}

MailSender::MailSender(http::Outbound& outbound, Clock const& clock, MailRules rules)
    : outbound_{outbound}, clock_{clock}, rules_{std::move(rules)} {}

Task<> MailSender::send(Message message) {
    using Then = SendFailure::Then;
    constexpr int permanent = 500;  // RFC 5321 section 4.2.1
    auto const to = read_mailbox(message.to);
    if (!to) throw SendFailure{"the address cannot be written to", Then::give_up};
    message.to = to->address;  // Without whatever stood around it.
    auto const from = read_mailbox(message.from).value_or(rules_.from);
    http::OutboundMail mail{.url = rules_.url,
                            .requires_tls = rules_.requires_tls,
                            .user = rules_.user,
                            .password = rules_.password,
                            .from = from.address,
                            .to = to->address,
                            .letter = letter(message, from, clock_.now() / 1000)};
    try {
        co_await outbound_.mail(std::move(mail), rules_.outbound);
    } catch (http::OutboundFailure const& failed) {
        auto const why = failed.status() == 0 ? std::string{failed.what()}
                                              : fmt::format("{} (status {})", failed.what(), failed.status());
        throw SendFailure{why, failed.status() >= permanent ? Then::give_up : Then::retry};
    }
}

}  // namespace sallyport::delivery

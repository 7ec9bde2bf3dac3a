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

Json const& transport_of(definition::DataSource const& source) {
    auto const& list = source.settings["transports"];
    if (list.is_array() && !list.as_array().empty()) return list.as_array().front();
    return source.settings["transport"];
}

std::string text_of(Json const& value) { return value.is_string() ? value.as_string() : std::string{}; }

bool is_this_machine(std::string const& host) { return host == "localhost" || http::is_loopback_address(host); }

milliseconds time_of(Json const& value, milliseconds otherwise) {
    if (!value.is_number()) return otherwise;
    return std::clamp(milliseconds{static_cast<std::int64_t>(value.as_number())}, milliseconds{100},
                      milliseconds{120'000});
}

}  // namespace

bool sends_mail(definition::DataSource const& source) {
    auto const& type = transport_of(source)["type"];
    return type == Json{"smtp"} || type == Json{"SMTP"};
}

MailRules read_mail_rules(definition::DataSource const& source, std::vector<Finding>& mistakes) {
    auto const& transport = transport_of(source);
    auto const host = text_of(transport["host"]);
    if (host.empty())
        mistakes.push_back(
            {.text = "the mail transport needs a \"host\"", .hint = R"(such as "host": "smtp.example.com")"});
    MailRules rules;
    bool const is_secure = transport["secure"] == Json{true};
    auto const port = transport["port"].is_number() ? static_cast<int>(transport["port"].as_number())
                                                    : (is_secure ? submission_in_tls : submission);
    auto const name = text_of(transport["name"]);
    rules.url = fmt::format("{}://{}:{}{}{}", is_secure ? "smtps" : "smtp",
                            host.contains(':') ? "[" + host + "]" : host, port, name.empty() ? "" : "/", name);
    rules.requires_tls =
        transport["requireTLS"] == Json{true} || (transport["ignoreTLS"] != Json{true} && !is_this_machine(host));
    auto const& auth = transport["auth"];
    rules.user = text_of(auth["user"]);
    rules.password = text_of(auth["pass"]);
    if (auth.is_object() && rules.user.empty())
        mistakes.push_back({.text = "\"auth\" needs \"user\" and \"pass\"",
                            .hint = R"(write them as "${MAIL_USER}" and "${MAIL_PASSWORD}")"});
    if (transport["tls"]["rejectUnauthorized"] == Json{false})
        mistakes.push_back({.text = "the certificate of a mail server is always checked",
                            .hint = R"(name the authority that signed it: "tls": {"ca": "authority.pem"})"});
    auto const from = read_mailbox(text_of(source.settings["defaultFrom"]));
    if (!from)
        mistakes.push_back({.text = "\"defaultFrom\" must be the address that mail comes from",
                            .hint = R"(such as "defaultFrom": "Acme <no-reply@acme.example>")"});
    if (from) rules.from = *from;
    rules.outbound.allow_private = true;  // A mail server beside us is the usual one.
    rules.outbound.connect_time = time_of(transport["connectionTimeout"], milliseconds{10'000});
    rules.outbound.deadline = time_of(transport["socketTimeout"], milliseconds{30'000});
    rules.outbound.certificate_authorities = text_of(transport["tls"]["ca"]);
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
    http::OutboundMail mail{.url = rules_.url,
                            .requires_tls = rules_.requires_tls,
                            .user = rules_.user,
                            .password = rules_.password,
                            .from = rules_.from.address,
                            .to = to->address,
                            .letter = letter(message, rules_.from, clock_.now() / 1000)};
    try {
        co_await outbound_.mail(std::move(mail), rules_.outbound);
    } catch (http::OutboundFailure const& failed) {
        auto const why = failed.status() == 0 ? std::string{failed.what()}
                                              : fmt::format("{} (status {})", failed.what(), failed.status());
        throw SendFailure{why, failed.status() >= permanent ? Then::give_up : Then::retry};
    }
}

}  // namespace sallyport::delivery

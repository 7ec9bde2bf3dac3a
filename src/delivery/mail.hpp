// Mail over SMTP.

#pragma once

#include "definition/definition.hpp"
#include "definition/settings.hpp"
#include "delivery/letter.hpp"
#include "http/outbound.hpp"
#include "sallyport/clock.hpp"
#include "sallyport/sender.hpp"

#include <string>
#include <vector>

namespace sallyport::delivery {

/// How mail leaves, from a data source with the connector "mail" and a transport of the type "smtp".
struct MailRules {
    std::string url;  ///< "smtp://host:587", "smtps://host:465"
    bool requires_tls = true;
    std::string user;
    std::string password;
    Mailbox from;
    http::OutboundRules outbound;
};

/// Whether the data source sends over SMTP; else it keeps its mails in memory (STUB).
bool sends_mail(definition::DataSource const& source);
bool sends_mail(definition::Settings const& source);

/// Reads such a data source; `mistakes` gets what is wrong with it.
MailRules read_mail_rules(definition::Settings& source, std::vector<definition::Finding>& mistakes);

/// Any thread may use it.
class MailSender final : public Sender {
public:
    /// `outbound` and `clock` must outlive it.
    MailSender(http::Outbound& outbound, Clock const& clock, MailRules rules);

    /// What a server refuses for good (5yz) is given up; anything else is tried again, for as long as the mail is
    /// wanted.
    Task<> send(Message message) override;

private:
    http::Outbound& outbound_;
    Clock const& clock_;
    MailRules rules_;
};

}  // namespace sallyport::delivery

// How messages leave: the senders that the data sources "sms" and "mail" describe.

#pragma once

#include "auth/number_rules.hpp"
#include "definition/load.hpp"
#include "definition/settings.hpp"
#include "delivery/mail_templates.hpp"
#include "delivery/outbox.hpp"
#include "http/event_log.hpp"
#include "http/outbound.hpp"
#include "sallyport/clock.hpp"

#include <filesystem>
#include <memory>
#include <string_view>

namespace sallyport::app {

/// The data source that text messages go by, or nullptr: the one with the connector "sms" that is nobody's "fallback".
definition::DataSource const* sms_source(definition::Project const& project);

/// Whether a data source sends mail, or keeps it in memory.
bool has_mail_source(definition::Project const& project);

/// The connector of the data sources that a channel goes by: "sms", or "mail" for "email".
std::string_view connector_of(std::string_view channel);

/// Whether a data source prints messages on the console.
bool is_console(definition::DataSource const& source);

/// Adds what is wrong with the data sources of senders to the project's findings.
void check_senders(definition::Project& project);

/// The senders of a project without mistakes, by channel; "console" always. `outbound` and `clock` must
/// outlive them.
delivery::Senders make_senders(definition::Project const& project, std::filesystem::path const& folder,
                               http::Outbound& outbound, Clock const& clock, http::EventLog log = {});

/// Reads the settings of a data source of senders, of a project without mistakes, as make_senders() does.
void read_sender(definition::Project const& project, definition::DataSource const& source,
                 definition::Settings& settings);

/// The words of mails: those of the folder's server/mails in place of ours.
delivery::MailTemplates make_mail_templates(std::filesystem::path const& folder);

/// Where text messages may go; null where no data source says.
std::shared_ptr<auth::Numbers const> make_numbers(definition::Project const& project);

}  // namespace sallyport::app

// The mails an account gets: to prove its address, to choose a new password, to know that something changed.

#pragma once

#include "methods/account.hpp"
#include "sallyport/sender.hpp"

#include <string>
#include <string_view>

namespace sallyport::methods {

/// With a link to confirm(). The model's verifyOptions may give from, headers, subject, text ("{href}" stands for the
/// link; it is then sent without HTML), redirect, verifyHref, host, port, protocol and restApiRoot. Links start with
/// these or with rules.base_url: what a client sends as Host is never looked at.
Message verification_mail(AccountRules const& rules, definition::Model const& model, Json const& user,
                          std::string const& token, std::int64_t expires_at);

/// The page "/reset-password" of the app for a token of that model; it stands behind "#", so that no server logs it.
std::string reset_link(AccountRules const& rules, definition::Model const& model, std::string const& token);

/// With that link.
Message reset_mail(AccountRules const& rules, definition::Model const& model, Json const& user,
                   std::string const& token, std::int64_t expires_at);

/// Says that something about the account changed: "The password was changed."
Message notice_mail(AccountRules const& rules, definition::Model const& model, Json const& user, std::string what);

/// To the address that an account is to have, and to the one it has: each with a link of its own to the page
/// "/change-email".
Message new_address_mail(AccountRules const& rules, definition::Model const& model, Json const& user,
                         std::string const& address, std::string const& token, std::int64_t expires_at);
Message old_address_mail(AccountRules const& rules, definition::Model const& model, Json const& user,
                         std::string const& address, std::string const& token, std::int64_t expires_at);

/// Whether a client may be sent on to `redirect`: a path of this host, and nothing that a browser takes for another.
bool is_own_path(std::string_view redirect);

}  // namespace sallyport::methods

// How many mails strangers may cause.

#pragma once

#include "auth/account_id.hpp"
#include "auth/throttle.hpp"

#include <string_view>
#include <vector>

namespace sallyport::methods {

/// For whoever asks from that address: 30 an hour, 100 a day. Charged first, so that over-eager clients are told.
std::vector<auth::Limit> mails_of_address(std::string_view peer);

/// Mails of one kind to one account: 3 in 15 minutes.
std::vector<auth::Limit> mails_to_account(std::string_view kind, std::string_view model, std::string_view tag);

/// Notices of changes to one address: 10 an hour and 30 a day, 6 a day to one that nobody proved. Who changes things
/// over and over fills no mailbox.
std::vector<auth::Limit> notices_to_address(std::string_view tag, bool is_verified);

/// Changes that are told or kept, by their owner: 20 a day of each kind.
auth::Limit changes_of_account(std::string_view kind, auth::Account const& account);

}  // namespace sallyport::methods

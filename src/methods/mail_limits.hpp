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

/// Notices of one kind to the owner of an account: 10 an hour and 30 a day, 4 a day where nobody proved the address.
/// Who changes things over and over fills no mailbox, and what matters is not used up by what does not.
std::vector<auth::Limit> notices_of_account(std::string_view kind, auth::Account const& account, bool is_verified);

/// Changes that are told or kept, by their owner: 20 a day of each kind.
auth::Limit changes_of_account(std::string_view kind, auth::Account const& account);

}  // namespace sallyport::methods

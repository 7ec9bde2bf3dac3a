// How many mails strangers may cause.

#pragma once

#include "auth/throttle.hpp"

#include <string_view>
#include <vector>

namespace sallyport::methods {

/// For whoever asks from that address: 30 an hour, 100 a day. Charged first, so that over-eager clients are told.
std::vector<auth::Limit> mails_of_address(std::string_view peer);

/// Mails of one kind to one account: 3 in 15 minutes.
std::vector<auth::Limit> mails_to_account(std::string_view kind, std::string_view model, std::string_view tag);

}  // namespace sallyport::methods

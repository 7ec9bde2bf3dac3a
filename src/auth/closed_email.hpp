// Codes by mail: open to every account with a verified address where the model lists the channel, unless it is closed.
// A row of type "email" among an account's factors stands for each reason; the channel itself is no factor.

#pragma once

#include "auth/factor.hpp"

#include <cstdint>
#include <vector>

namespace sallyport::auth {

enum class EmailClosed : std::uint8_t {
    by_owner,  ///< Switched off, until its owner switches it on.
    by_reset   ///< Whoever reads the mail has just chosen the password: until another factor was used.
};

/// False if it was closed for that reason already.
Task<bool> close_email(store::Transaction& transaction, Account account, EmailClosed why, std::int64_t now);

/// Takes one reason away; false if it was not there.
Task<bool> open_email(store::Transaction& transaction, Account account, EmailClosed why);

/// Whether there is no reason among the account's factors.
bool email_is_open(std::vector<Factor> const& factors);

}  // namespace sallyport::auth

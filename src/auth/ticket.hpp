// Tickets: what an administrator gives somebody who lost their factor. With the password, and once, it lets its owner
// enrol another; until they have, the factors there were still count.

#pragma once

#include "auth/account_id.hpp"
#include "store/store.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace sallyport::auth {

/// NIST SP 800-63B-4 section 4.2.1.2: an issued recovery code lives at most a day.
inline constexpr std::int64_t ticket_seconds = 86400;

/// A new ticket in the place of the one before: 24 digits (79 bits) in groups of four, "1234-5678-...". Kept as a
/// digest only.
Task<std::string> issue_ticket(store::Transaction& transaction, Account account, std::int64_t now);

/// A ticket in two, each of twelve digits, which open nothing alone.
struct TicketHalves {
    std::string first;
    std::string second;
};
TicketHalves halves_of(std::string_view ticket);

/// Whether `text` is the account's ticket; it is used up by that. Blanks and dashes may be left out.
Task<bool> use_ticket(store::Transaction& transaction, Account account, std::string_view text, std::int64_t now);

}  // namespace sallyport::auth

// One try of a password: what it is charged to before anything is compared, and what it gets back if it was right.
//
// A try is counted in a transaction of its own, then the hash is compared, then a right one gives its count back. So a
// thousand tries at once get no more than the same tries one after another.

#pragma once

#include "auth/account_id.hpp"
#include "auth/audit.hpp"
#include "auth/client.hpp"
#include "auth/device.hpp"
#include "auth/throttle.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace sallyport::auth {

/// Who tries, and on what.
struct Attempt {
    std::string model;               ///< "Employee"
    std::string identifier;          ///< Email or username as sent; "" where none was.
    std::optional<Account> account;  ///< Where there is such a user.
    Client client;
    Source source;

    // Filled by begin().
    Acquaintance acquaintance;
    bool is_disabled = false;        ///< The account is: no password is right.
    std::vector<Limit> charged;      ///< Counted, to be given back.
    std::string failures;            ///< Key of the counted failure of the identifier; "" for none.
    std::int64_t wait_if_wrong = 0;  ///< Seconds: what a stranger is told, and so is whoever turns out to be one.
    std::int64_t event = 0;          ///< In the audit trail: refused, until succeeded().

    Priority priority() const { return acquaintance.is_known() ? Priority::reserved : Priority::normal; }
};

/// Failures of one address and of its network: 20 in 10 minutes and 100 a day, four times that for the network.
std::vector<Limit> address_limits(Client const& client);

/// Counts the try and records it as refused. 0 if it may go on to the comparison, else the seconds to wait: the same
/// whether or not the user exists. An unknown client is charged to its address first, and to the identifier only if
/// that passes; a known device to its own budget alone; a known network to its own where a stranger would have to wait.
Task<std::int64_t> begin(store::Transaction& transaction, Throttle& throttle, Attempt& attempt, std::int64_t now);

/// The password was right, and the trail says so. An unknown client's success also clears the identifier's failures.
Task<> succeeded(store::Transaction& transaction, Throttle& throttle, Attempt const& attempt);

/// 429 TOO_MANY_ATTEMPTS with Retry-After.
Error too_many_attempts(std::int64_t wait_seconds);

}  // namespace sallyport::auth

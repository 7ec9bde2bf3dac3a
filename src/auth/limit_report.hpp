// Limits as an operator sees them: what is counted, what is full now, and how it is forgotten.

#pragma once

#include "auth/account_id.hpp"
#include "store/store.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace sallyport::auth {

/// Whose limits. Nothing given means everybody's.
struct LimitSubject {
    std::optional<Account> account{};
    std::string model{};                     ///< The user model that the identifiers belong to.
    std::vector<std::string> identifiers{};  ///< Tags of an email and a username (Throttle::tag).
    std::string address{};                   ///< IPv4 or IPv6
    std::string number{};                    ///< The tag of a phone number.
    std::string range{};                     ///< The first digits of phone numbers: "+336123".

    bool is_everybody() const;
};

/// What is counted against the subject now; against everybody, only what is full:
/// {"limit", "count", "most"?, "seconds"? (its window), "until"?}, at most `rows` of each kind.
Task<Json> limits_of(store::Store& store, LimitSubject subject, std::int64_t now, std::int64_t rows = 200);

/// Forgets all of it: failed passwords, used budgets, channels switched off by wrong codes, stopped ranges. How many
/// that were. The subject must not be everybody.
Task<std::int64_t> lift_limits(store::Transaction& transaction, LimitSubject subject);

}  // namespace sallyport::auth

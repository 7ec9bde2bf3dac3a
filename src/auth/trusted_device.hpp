// Trusted devices: clients from which an account's password alone opens a session, as its owner wished after a full
// login. Such a session has shown no second factor, and no rule takes it for one that has.
//
// The client keeps a cookie "SERIES.SECRET" for the account. The series stays, the secret is new after each use. So a
// copy shows itself: of the owner and the thief, whoever comes second has a secret that was used, and the trust ends.

#pragma once

#include "auth/account_id.hpp"
#include "sallyport/request.hpp"
#include "store/store.hpp"

#include <cstdint>
#include <string>

namespace sallyport::auth {

inline constexpr int most_trust_days = 30;

/// One, as its owner sees it. Times in milliseconds since the Unix epoch.
struct TrustedDevice {
    std::int64_t id = 0;
    std::int64_t created = 0;
    std::int64_t last_used = 0;
    std::string network;
    std::string agent;
    bool is_current = false;  ///< The request came from there.

    /// {"id", "created", "lastUsed", "network", "client", "trustedUntil", "current"}
    Json to_json(int days) const;
};

/// The name of an account's cookie; each account of a browser has one of its own.
std::string trust_cookie(Account const& account);

/// Trusts the client of `request` from now on. Returns the cookie's value. At most 10 devices an account; those not
/// used for longest give way.
Task<std::string> trust(store::Transaction& transaction, Account account, Request const& request, std::int64_t now);

/// What a client shows for itself.
struct Trust {
    enum class Kind : std::uint8_t {
        none,   ///< No cookie of a device that this account trusts.
        good,   ///< `cookie` takes its place.
        copied  ///< A secret that was used before: the device is trusted no more.
    };

    Kind kind = Kind::none;
    std::string cookie;
    std::int64_t seconds_left = 0;
};

/// Uses the trust of `request`'s client, which lasts `days` from when it was given. Of many at once with one cookie,
/// one finds it good. Only to be asked after the right password.
Task<Trust> use_trust(store::Transaction& transaction, Account account, Request const& request, int days,
                      std::int64_t now);

/// Trusts the device with that id no more; false if there is none. The same for all of an account: how many there were.
Task<bool> distrust(store::Transaction& transaction, Account account, std::int64_t id);
Task<std::int64_t> distrust_all(store::Transaction& transaction, Account account);

/// Those trusted at `now`, newest first, for Store::read; read_trusted_device takes a row.
store::Statement select_trusted_devices(Account const& account, int days, std::int64_t now);
TrustedDevice read_trusted_device(store::Row const& row, Account const& account, Request const& request);

}  // namespace sallyport::auth

// Known devices: clients that finished a login of an account here before. Strangers cannot lock them out, as what they
// try is charged to a budget of their own. Knowing a device never replaces a factor.

#pragma once

#include "auth/account_id.hpp"
#include "auth/client.hpp"
#include "sallyport/clock.hpp"
#include "store/store.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace sallyport::auth {

/// How well an account knows a client.
struct Acquaintance {
    enum class Kind : std::uint8_t { unknown, network, device };

    Kind kind = Kind::unknown;
    std::string budget;  ///< Names its own budget: part of the keys of what it is charged for. "" if unknown.

    bool is_known() const { return kind != Kind::unknown; }
};

inline constexpr std::int64_t device_kept_seconds = 90LL * 86400;
inline constexpr std::int64_t network_kept_seconds = 30LL * 86400;

/// Whether the account finished a login on this device within 90 days, or from this network within 30.
Task<Acquaintance> recognise(store::Transaction& transaction, Account account, Client client, std::int64_t now);

/// Whether an account that has been here before never came by this device, nor lately by a program of the same name on
/// the same network: what its owner should hear of. To be asked before remember().
Task<bool> is_new(store::Transaction& transaction, Account account, Client client, std::int64_t now);

/// Notes a finished login. Returns the device cookie's new value: it changes with each login, so that one planted in a
/// browser is worth nothing afterwards. At most 20 devices per account; the oldest give way.
Task<std::string> remember(store::Transaction& transaction, Account account, Client client, std::int64_t now);

/// Set-Cookie for that value.
std::string set_device_cookie(std::string_view value, Request const& request);

}  // namespace sallyport::auth

// Accounts that an administrator switched off: nobody signs in to one, whatever they know.

#pragma once

#include "auth/account_id.hpp"
#include "store/store.hpp"

#include <cstdint>

namespace sallyport::auth {

Task<bool> is_disabled(store::Transaction& transaction, Account account);

/// Switches an account off; false if it was off. Whoever does ends its sessions in the same transaction
/// (AccessTokens::end_all), as they are not looked at again.
Task<bool> disable(store::Transaction& transaction, Account account, std::int64_t now);

/// Switches it on again; false if it was on.
Task<bool> enable(store::Transaction& transaction, Account account);

}  // namespace sallyport::auth

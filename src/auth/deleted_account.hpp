// Accounts that are gone: records that name their owner by id may have stayed.

#pragma once

#include "auth/account_id.hpp"
#include "store/store.hpp"

namespace sallyport::auth {

/// Whether an account of that id was deleted, as far back as the audit trail goes.
Task<bool> was_deleted(store::Transaction& transaction, Account account);

}  // namespace sallyport::auth

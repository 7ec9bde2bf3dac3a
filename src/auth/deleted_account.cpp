#include "auth/deleted_account.hpp"

namespace sallyport::auth {

Task<bool> was_deleted(store::Transaction& transaction, Account account) {
    bool found = false;
    co_await transaction.read(
        {"SELECT 1 FROM sallyport_audit WHERE user_model = ?1 AND user_id = ?2 AND event = 'account.deleted' LIMIT 1",
         {account.model, account.id}},
        [&](store::Row const&) { found = true; });
    co_return found;
}

}  // namespace sallyport::auth

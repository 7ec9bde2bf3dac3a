#include "auth/disabled_account.hpp"

namespace sallyport::auth {

Task<bool> is_disabled(store::Transaction& transaction, Account account) {
    bool found = false;
    co_await transaction.read(
        {"SELECT 1 FROM sallyport_disabled WHERE user_model = ?1 AND user_id = ?2", {account.model, account.id}},
        [&](store::Row const&) { found = true; });
    co_return found;
}

Task<bool> disable(store::Transaction& transaction, Account account, std::int64_t now) {
    co_return co_await transaction.run(
        {"INSERT INTO sallyport_disabled (user_model, user_id, since) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
         {account.model, account.id, now}}) > 0;
}

Task<bool> enable(store::Transaction& transaction, Account account) {
    co_return co_await transaction.run(
        {"DELETE FROM sallyport_disabled WHERE user_model = ?1 AND user_id = ?2", {account.model, account.id}}) > 0;
}

}  // namespace sallyport::auth

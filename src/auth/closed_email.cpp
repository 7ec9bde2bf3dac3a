#include "auth/closed_email.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace sallyport::auth {
namespace {

std::string state_of(EmailClosed why) { return why == EmailClosed::by_owner ? "removed" : "dropped"; }

}  // namespace

Task<bool> close_email(store::Transaction& transaction, Account account, EmailClosed why, std::int64_t now) {
    co_return co_await transaction.run({R"(
INSERT INTO sallyport_factors (user_model, user_id, type, target, state, created)
SELECT ?1, ?2, 'email', '', ?3, ?4 WHERE NOT EXISTS
  (SELECT 1 FROM sallyport_factors WHERE user_model = ?1 AND user_id = ?2 AND type = 'email' AND state = ?3))",
                                        {account.model, account.id, state_of(why), now}}) > 0;
}

Task<bool> open_email(store::Transaction& transaction, Account account, EmailClosed why) {
    co_return co_await transaction.run(
        {"DELETE FROM sallyport_factors WHERE user_model = ?1 AND user_id = ?2 AND type = 'email' AND state = ?3",
         {account.model, account.id, state_of(why)}}) > 0;
}

bool email_is_open(std::vector<Factor> const& factors) {
    return std::ranges::none_of(factors, [](Factor const& factor) { return factor.type == "email"; });
}

}  // namespace sallyport::auth

// What stands in our own tables beside a page of accounts.

#pragma once

#include "auth/factor.hpp"
#include "model/stored_model.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace sallyport::methods {

/// By account id, as JSON text.
struct BesideAccounts {
    std::map<std::string, std::int64_t, std::less<>> sessions;     ///< How many last.
    std::map<std::string, std::int64_t, std::less<>> last_logins;  ///< ms since the Unix epoch
    std::map<std::string, std::vector<auth::Factor>, std::less<>> factors;
    std::map<std::string, std::int64_t, std::less<>> disabled;  ///< Since when.
};

/// Of the accounts of `model` with these ids, at `now`.
Task<BesideAccounts> beside_accounts(model::StoredModel& model, std::vector<std::string> ids, std::int64_t now);

}  // namespace sallyport::methods

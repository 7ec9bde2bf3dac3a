// Making an account over the wire: open to everyone as in LoopBack, but not without end.

#pragma once

#include "methods/account.hpp"

namespace sallyport::methods {

/// Limits how many accounts strangers make from one address: 5 an hour; and callers: 100 an hour.
void add_sign_up(AccountParts& parts, model::StoredModel& model);

}  // namespace sallyport::methods

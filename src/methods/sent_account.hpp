// What a client sent for an account, looked at before anything takes it for text.

#pragma once

#include "methods/account.hpp"

namespace sallyport::methods {

/// Adds the looks: a password that is no text is as none, and for an email that is no text a new account or a change
/// is refused, 422 `custom.string`. Call once for a user model.
void add_sent_account_checks(AccountParts const& parts, model::StoredModel& model);

/// Takes a password that is no text out of what a client sent for a user.
void drop_odd_password(Json& record);

}  // namespace sallyport::methods

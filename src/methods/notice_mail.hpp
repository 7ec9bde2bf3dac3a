// Mails that tell an account's owner what happened, as many as a mailbox can bear.

#pragma once

#include "methods/account.hpp"

namespace sallyport::methods {

/// Puts a notice into the outbox, within notices_to_address(). The first that is too many goes out as one that says so:
/// nobody hides a change behind a hundred others.
Task<> put_notice(store::Transaction& transaction, AccountParts& parts, Message notice, bool is_verified);

}  // namespace sallyport::methods

// Mails that tell an account's owner what happened, as many as a mailbox can bear.

#pragma once

#include "auth/account_id.hpp"
#include "methods/account.hpp"

#include <string>

namespace sallyport::methods {

/// Whose a notice is, and of which kind: "password", "device".
struct NoticeOf {
    auth::Account account;
    std::string kind;
    bool is_verified = false;  ///< The address.
};

/// Puts a notice into the outbox, within notices_of_account(). The first that is too many goes out as one that says so:
/// nobody hides a change behind a hundred others.
Task<> put_notice(store::Transaction& transaction, AccountParts& parts, Message notice, NoticeOf of);

}  // namespace sallyport::methods

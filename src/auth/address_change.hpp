// An account's email on its way to another address: kept aside until both mailboxes have agreed.

#pragma once

#include "auth/account_id.hpp"
#include "store/store.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace sallyport::auth {

struct EmailChange {
    Account account;
    std::string email;    ///< The new address.
    std::string session;  ///< The session that asked, as stored: it goes on.
    bool new_agreed = false;
    bool old_agreed = false;  ///< From the beginning where nobody has to.
    std::int64_t created = 0;
    std::int64_t expires_at = 0;

    bool is_agreed() const { return new_agreed && old_agreed; }
};

/// What the two mailboxes are sent, as stored: see stored_id(). Each is good for nothing else.
struct EmailChangeLinks {
    std::string to_new;
    std::string to_old;
};

/// Keeps a change in place of any other of the account, and forgets those whose time is over.
Task<> begin_email_change(store::Transaction& transaction, EmailChange change, EmailChangeLinks links);

/// The change of an account that waits, for Store::read; read_email_change takes the row. It may be over: look at
/// expires_at.
store::Statement select_email_change(Account const& account);
EmailChange read_email_change(store::Row const& row);

/// Notes that the mailbox agrees that the link was sent to: the change as it now is; nothing for a link of no change
/// that still waits at `now`.
Task<std::optional<EmailChange>> agree_to_email_change(store::Transaction& transaction, std::string link,
                                                       std::int64_t now);

/// Takes the change out that the link, of either side, belongs to, and whether that was the old address's; nothing as
/// above.
struct RefusedEmailChange {
    EmailChange change;
    bool by_old = false;
};
Task<std::optional<RefusedEmailChange>> refuse_email_change(store::Transaction& transaction, std::string link,
                                                            std::int64_t now);

/// Takes an agreed change out, once: false where it is gone, or not agreed.
Task<bool> use_email_change(store::Transaction& transaction, EmailChange change);

/// Ends the change of an account unless it was asked for by the session `keep`; and the one that a session asked for.
Task<> drop_other_email_changes(store::Transaction& transaction, Account account, std::string keep);
Task<> drop_email_change_of(store::Transaction& transaction, std::string session);

/// Ends the change of an account; whether there was one.
Task<bool> drop_email_change(store::Transaction& transaction, Account account);

}  // namespace sallyport::auth

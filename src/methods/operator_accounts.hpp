// What an operator may do with accounts: list them, add one, disable, enable, and let the owner of a lost factor enrol
// another. Never: choose a password, set a factor, or sign in as somebody.

#pragma once

#include "methods/named_account.hpp"
#include "methods/two_doors.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sallyport::methods {

/// Who does it: a name that is no account's, such as "command line", or an administrator, who is called "Employee 2".
struct Actor {
    Actor(char const* called) : name{called} {}  // NOLINT(google-explicit-constructor): a name is one.
    explicit Actor(Caller const& administrator);

    std::string name;
    std::optional<auth::Account> account{};
    std::string session{};  ///< Of an administrator: see AccessTokens::require.
};

// Of these, `who` is an email, a username or an id; `id`, where it is given, stands in its place and is an id alone.

/// {model?, who?, find?, limit? (100, at most 1000), skip?}: [{id, email, username, state, verified, factors, sessions,
/// lastLogin}], by id. `find` is the beginning of an email or a username.
Task<Json> list_accounts(AccountParts& parts, Json wanted);

/// {model?, email, username?, phone?, role?, set? {property: value}}: makes an account nobody has a password of, and
/// answers {id, email, link, ttl, role}: who opens the link within `ttl` seconds chooses one. Throws Error 422 as a
/// sign-up does, and 400 for a role that cannot be given: then no account is made.
Task<Json> add_account_of(AccountParts& parts, Json wanted, Actor actor);

/// {model?, who}: no password is right from now on, and every session, challenge and link has ended. {id, email,
/// changed}
Task<Json> disable_account(AccountParts& parts, Json wanted, Actor actor);

/// {model?, who}: takes that back. {id, email, changed}
Task<Json> enable_account(AccountParts& parts, Json wanted, Actor actor);

/// {model?, who}: every session and challenge has ended. {id, email}
Task<Json> sign_out_account(AccountParts& parts, Json wanted, Actor actor);

/// {model?, who, role}: gives the account a role, made if there is none, or takes it away. {id, email, role, changed}
Task<Json> give_role_to(AccountParts& parts, Json wanted, Actor actor);
Task<Json> take_role_from(AccountParts& parts, Json wanted, Actor actor);

/// Who gets a ticket: whoever makes it, or they its first half and the owner's mailbox the second.
enum class Handover : std::uint8_t { whole, halves };

/// {model?, who}: a ticket (auth/ticket.hpp) for the account, or its first half. {id, email, ticket, ttl}. Throws Error
/// 400 for a model that has no factors to enrol, and 422 where half of it would have to be mailed to no address.
Task<Json> reset_factors(AccountParts& parts, Json wanted, Actor actor, Handover handover = Handover::whole);

}  // namespace sallyport::methods

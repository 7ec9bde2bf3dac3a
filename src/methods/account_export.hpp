// Accounts as lines that an import takes: for another server, or another program.

#pragma once

#include "crypto/keys.hpp"
#include "methods/account.hpp"

#include <string>

namespace sallyport::methods {

/// {model?, after? (an id), limit? (500), hashes?, totp?, hidden?}: a page of the accounts behind `after`, by id, as
/// account_import.hpp has them: {model, accounts: [...], next}, without `next` where that was the last.
///
/// Without the flags nobody can sign in by what it holds: `hashes` adds the hashes of passwords, `totp` the secrets of
/// authenticator apps, in clear, `hidden` the hidden properties. The trail tells that somebody asked for the first two.
Task<Json> export_accounts(AccountParts& parts, crypto::Keys const& keys, Json wanted, std::string actor);

}  // namespace sallyport::methods

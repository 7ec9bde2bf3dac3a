// Accounts of another program, brought over by an operator: a line of JSON each, all of them or none.

#pragma once

#include "crypto/keys.hpp"
#include "methods/account.hpp"

#include <functional>
#include <string>
#include <string_view>

namespace sallyport::methods {

struct ImportParts {
    AccountParts& account;
    crypto::Keys const& keys;
    std::function<bool(std::string_view number)> serves;  ///< Whether text messages may go there.
};

/// {model?, lines, dryRun?}: `lines` is text, one account a line, at most 100 000:
///
///     {"email", "id"?, "username"?, "passwordHash"?, "emailVerified"?, "phone"?, "phoneConfirmed"?, "totp"? [text],
///      "roles"? [name], "disabled"?, "properties"? {}}
///
/// Answers {accounts, imported, withoutPassword, problems: [{line, problem, hint}]}. With any problem, and in a dry
/// run, nothing is imported. Otherwise everything is, in one transaction, without hooks. A line without a hash makes an
/// account that no password opens until its owner resets it. Neither problems nor the audit trail repeat a hash or a
/// secret.
Task<Json> import_accounts(ImportParts parts, Json wanted, std::string actor);

}  // namespace sallyport::methods

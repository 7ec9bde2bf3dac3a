// The account an operator means by what they call it.

#pragma once

#include "methods/account.hpp"

#include <string>
#include <string_view>

namespace sallyport::methods {

/// One account, as an operator names it.
struct NamedAccount {
    model::StoredModel& model;
    Json record;  ///< Whole, hash and hidden properties included.

    auth::Account account() const;
};

/// The user model of that name, or for "" the only one people use. Throws Error 400 saying which there are.
model::StoredModel& user_model(AccountParts const& parts, std::string_view name);

/// The account of a model with that email; else with that id; else with that username. What reads as an email or an id
/// is never taken for a username: somebody may have chosen it to be found in place of another.
///
/// Throws Error 404, which names the id of one that is so called, and 400 where several have the name.
Task<NamedAccount> find_account(AccountParts const& parts, std::string model, std::string who);

/// {model?, who?, id?}: the account with the id, where that is given, and by nothing else; or as above.
Task<NamedAccount> account_meant(AccountParts const& parts, Json wanted);

/// Those that `who` could mean, for a list in which an operator sees them all.
Where could_be(model::StoredModel const& model, std::string const& who);

}  // namespace sallyport::methods

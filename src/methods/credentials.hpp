// What a login sends: by which properties the account is looked for, as LoopBack's User reads them.

#pragma once

#include "definition/definition.hpp"
#include "sallyport/filter.hpp"
#include "sallyport/json.hpp"

#include <string>

namespace sallyport::methods {

/// How to find the account, and what to charge tries to.
struct Credentials {
    std::string email;  ///< One of the two is not empty.
    std::string username;
    std::string realm;  ///< "" unless the model works with realms and one was given.
    Json password;      ///< As sent: only a string can be right.

    /// Names the account for limits, whether it exists or not.
    std::string identifier() const;

    /// The condition that the account fulfils.
    Where where() const;
};

/// Reads `{email | username, password, realm}`. With the model setting realmDelimiter, "red:ann@x.test" names a realm.
///
/// Throws Error 400: REALM_REQUIRED, INVALID_REALM, USERNAME_EMAIL_REQUIRED, INVALID_USERNAME, INVALID_EMAIL.
Credentials read_credentials(definition::Model const& model, Json const& body);

/// Whether accounts of the model live in realms: realmRequired or realmDelimiter is set.
bool has_realms(definition::Model const& model);

/// What a login of this user by email is charged to; "" without an email.
std::string identifier_of(definition::Model const& model, Json const& user);

/// `email` as the model compares and stores it: in lower case where caseSensitiveEmail is false.
std::string stored_email(definition::Model const& model, std::string email);

/// The text setting `name` of a model; "" if it has none.
std::string text_setting(definition::Model const& model, std::string_view name);

}  // namespace sallyport::methods

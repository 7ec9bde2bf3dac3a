#include "methods/credentials.hpp"

#include "sallyport/error.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace sallyport::methods {
namespace {

// What JavaScript takes for false: a name that is one of these was not given.
bool is_falsy(Json const& value) {
    return value.is_nothing() || (value.is_boolean() && !value.as_boolean()) ||
           (value.is_number() && !(value.as_number() < 0 || value.as_number() > 0)) ||
           (value.is_string() && value.as_string().empty());
}

// Moves "REALM" out of "REALM:NAME".
void split_realm(Json& name, Json& realm, std::string const& delimiter) {
    if (!name.is_string() || delimiter.empty()) return;
    auto const at = name.as_string().find(delimiter);
    if (at == std::string::npos) return;
    if (at > 0) realm = name.as_string().substr(0, at);
    name = name.as_string().substr(at + delimiter.size());
}

std::string text_or_throw(Json const& value, char const* message, char const* code) {
    if (is_falsy(value)) return {};
    if (!value.is_string()) throw Error{400, message, code};
    return value.as_string();
}

}  // namespace

std::string Credentials::identifier() const {
    // One's email may be another's username: they are charged apart.
    auto const name = email.empty() ? "username\n" + username : "email\n" + email;
    return realm.empty() ? name : realm + "\n" + name;
}

Where Credentials::where() const {
    std::vector<Where> parts;
    if (!realm.empty()) parts.push_back(equals("realm", realm));
    parts.push_back(email.empty() ? equals("username", username) : equals("email", email));
    return all_of(std::move(parts));
}

bool has_realms(definition::Model const& model) {
    return model.flag("realmRequired", false) || !text_setting(model, "realmDelimiter").empty();
}

std::string identifier_of(definition::Model const& model, Json const& user) {
    Credentials credentials;
    if (user["email"].is_string()) credentials.email = user["email"].as_string();
    if (has_realms(model) && user["realm"].is_string()) credentials.realm = user["realm"].as_string();
    return credentials.email.empty() ? std::string{} : credentials.identifier();
}

Credentials read_credentials(definition::Model const& model, Json const& body) {
    auto const delimiter = text_setting(model, "realmDelimiter");
    auto const with_realm = has_realms(model);
    Json realm = with_realm ? body["realm"] : Json{};
    Json email = body["email"];
    Json username = is_falsy(email) ? body["username"] : Json{};
    if (with_realm) split_realm(is_falsy(email) ? username : email, realm, delimiter);

    if (with_realm && is_falsy(realm)) throw Error{400, "realm is required", "REALM_REQUIRED"};
    if (with_realm && !realm.is_string()) throw Error{400, "Invalid realm", "INVALID_REALM"};
    if (is_falsy(email) && is_falsy(username)) {
        throw Error{400, "username or email is required", "USERNAME_EMAIL_REQUIRED"};
    }
    Credentials read;
    read.username = text_or_throw(username, "Invalid username", "INVALID_USERNAME");
    read.email = stored_email(model, text_or_throw(email, "Invalid email", "INVALID_EMAIL"));
    read.realm = with_realm ? realm.as_string() : std::string{};
    read.password = body["password"];
    return read;
}

std::string stored_email(definition::Model const& model, std::string email) {
    if (model.flag("caseSensitiveEmail", true)) return email;
    std::ranges::transform(email, email.begin(),
                           [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    return email;
}

std::string text_setting(definition::Model const& model, std::string_view name) {
    auto const& value = model.settings[name];
    return value.is_string() ? value.as_string() : std::string{};
}

}  // namespace sallyport::methods

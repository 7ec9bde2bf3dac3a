// The methods of User: login, logout, changePassword, resetPassword, setPassword, verify, confirm; and what keeps an
// account sound whichever way it is changed: hashed passwords, ended sessions, unique emails, guarded properties.

#pragma once

#include "auth/access_token.hpp"
#include "auth/hashing.hpp"
#include "auth/throttle.hpp"
#include "delivery/mail_templates.hpp"
#include "delivery/outbox.hpp"
#include "model/stored_model.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <cstdint>
#include <functional>
#include <string>

namespace sallyport::methods {

/// The two columns of DESIGN section 5 that concern accounts.
struct AccountRules {
    bool compatible = false;     ///< "compatibility": "loopback3"
    double default_ttl = 86400;  ///< seconds; a model's ttl wins.
    double max_ttl = 86400;
    std::size_t max_sessions = 20;  ///< 0: no limit
    std::string base_url;           ///< For links in mail: "https://example.test"; never from the Host header.
    std::string api_root = "/api";
    std::int64_t refused_password_ms = 0;  ///< What the answer to a wrong password takes at least.
    delivery::MailTemplates mails{};
};

/// Waits that long, in milliseconds.
Task<> pause(std::int64_t milliseconds);

/// Tells the numbers that an account confirmed what happened, in a transaction. `email` is the account's.
using TextOwner =
    std::function<Task<>(store::Transaction& transaction, auth::Account account, std::string email, std::string what)>;

struct AccountParts {
    model::Models& models;
    auth::AccessTokens& tokens;
    auth::Hashing& hashing;
    auth::Throttle& throttle;
    delivery::Outbox& outbox;
    Clock const& clock;
    AccountRules rules;
    http::EventLog log{};
    TextOwner text_owner{};  ///< Set where a model has two doors.
    std::function<Task<>(std::int64_t milliseconds)> wait = pause;
};

/// Adds methods and hooks to every model that extends User. `parts` must outlive the models.
void add_account(AccountParts& parts);

/// Whether the model has two doors: the TwoFactor mixin.
bool has_two_factor(definition::Model const& model);

/// Whether safety goes before LoopBack's answer: in strict mode, and with two doors in either.
bool is_stricter_than_loopback(AccountRules const& rules, definition::Model const& model);

/// Whether PATCH and PUT may not set a password: by nobody where the model says so, else by no client.
bool refuses_password_in_change(AccountRules const& rules, definition::Model const& model, bool is_remote);

/// Whether everybody must pass both doors: has_two_factor, and its option `required` is not false.
bool requires_two_factor(definition::Model const& model);

}  // namespace sallyport::methods

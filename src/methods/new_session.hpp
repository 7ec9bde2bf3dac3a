// What every login ends in: a session, and a device that is known from now on.

#pragma once

#include "methods/two_doors.hpp"
#include "sallyport/method.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace sallyport::methods {

/// Whether a login from `client` is news to the account's owner: a device that the account does not know, which is told
/// three times in a quarter of an hour at most. To be asked before the device is remembered.
Task<bool> is_news(store::Transaction& transaction, AccountParts& parts, auth::Account account, auth::Client client);

/// What the owner is told then; `shown` is what was shown for it: "your password and a code".
std::string new_device_notice(std::string_view shown, Request const& request, std::int64_t now);

struct NewSession {
    auth::Token token;
    std::string device;    ///< The device cookie's new value.
    bool is_told = false;  ///< A notice waits in the outbox.

    Json to_json(TwoFactorModel const& two, Json user) const;  ///< The AccessToken, with `user`.
    std::string set_device_cookie(Request const& request) const;
};

/// Makes it, in the transaction that uses up what was shown. A session of the same account that the call came with
/// ends. Where the account does not know the device, its owner is told.
Task<NewSession> begin_session(store::Transaction& transaction, TwoFactorModel const& two, KnownUser const& user,
                               Invocation const& call, auth::Proof proof);

}  // namespace sallyport::methods

// Trusted devices over REST: how one comes to be trusted, what that opens, and how it ends.

#pragma once

#include "auth/trusted_device.hpp"
#include "methods/new_session.hpp"
#include "methods/two_doors.hpp"
#include "sallyport/method.hpp"

#include <optional>
#include <string>

namespace sallyport::methods {

/// Trusts the device of a login that is just done, as its owner asked, and tells them. Returns the Set-Cookie header.
Task<std::string> trust_device(store::Transaction& transaction, TwoFactorModel const& two, KnownUser const& user,
                               Request const& request);

/// What the device of a right password is good for.
struct TrustedEntry {
    std::optional<NewSession> session;  ///< Proven by the password alone; nothing where the device is not trusted.
    std::string set_cookie;             ///< A header to send, "" for none.
};

/// Uses the device's trust. A cookie that was used before is a copy: then the device is trusted no more, sessions that
/// it opened end, and the owner is told.
Task<TrustedEntry> enter_by_trust(store::Transaction& transaction, TwoFactorModel const& two, KnownUser const& user,
                                  Invocation const& call);

/// Those of an account, as list_devices shows them to whoever sends `request`.
Task<JsonArray> trusted_devices_of(TwoFactorModel const& two, auth::Account account, Request const& request);

// Of the caller's own account; 401 for another's.

/// Newest first: [{id, created, lastUsed, network, client, trustedUntil, current}].
Task<Result> list_devices(TwoFactorModel const& two, Invocation& call);

/// Trusts none any more: 204.
Task<Result> distrust_devices(TwoFactorModel const& two, Invocation& call);

/// Trusts one no more: 204, or 404 for none of that id.
Task<Result> distrust_device(TwoFactorModel const& two, Invocation& call);

}  // namespace sallyport::methods

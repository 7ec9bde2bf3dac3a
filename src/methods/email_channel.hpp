// Codes by mail as a way to the second door: weaker than any factor, and its owner's to close.

#pragma once

#include "methods/two_doors.hpp"
#include "sallyport/method.hpp"

#include <optional>
#include <vector>

namespace sallyport::methods {

/// The id under which the channel stands among an account's factors.
inline constexpr int email_factor_id = 0;

/// Whether the model lists the channel and mail can be sent.
bool takes_email(TwoFactorModel const& two);

/// How it stands among the account's factors: {id: 0, type, hint, confirmed: true, weaker: true, enabled}; nothing
/// where it cannot be used.
std::optional<Json> shown_email(TwoFactorModel const& two, KnownUser const& user,
                                std::vector<auth::Factor> const& factors);

/// `{type: "email"}`: switches it on again. 422 for an address that is not verified.
Task<Result> open_email_channel(TwoFactorModel const& two, Invocation& call);

/// Switches it off, ends every other session, and tells the owner; 404 where it is off.
Task<Result> close_email_channel(TwoFactorModel const& two, Invocation& call);

}  // namespace sallyport::methods

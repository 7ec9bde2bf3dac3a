// Who may change factors: the owner of the account alone, with a second factor that was shown just now.

#pragma once

#include "methods/two_doors.hpp"
#include "sallyport/method.hpp"

#include <string_view>

namespace sallyport::methods {

/// Throws 401 for everybody but the owner, whatever other rules allow: nobody sets another's factors.
void require_owner(TwoFactorModel const& two, Invocation const& call);

/// 401 STEP_UP_REQUIRED, naming the channels.
Error step_up_required(TwoFactorModel const& two);

/// Throws step_up_required() unless the session's second factor is at most five minutes old; a code by mail is none.
void require_fresh_factor(TwoFactorModel const& two, Caller const& caller);

/// Writes what the caller's session allows. Throws 401 AUTHORIZATION_REQUIRED, and nothing is done, where that session
/// was ended since the call began.
Task<> write_own(TwoFactorModel const& two, Invocation const& call, store::Work work);

/// Counts a change that an owner makes to their account, within changes_of_account(). Throws 429.
Task<> count_change(store::Transaction& transaction, TwoFactorModel const& two, auth::Account account,
                    std::string_view kind);

/// Whether the caller came with a token that can do nothing but enrol.
bool is_enrolment(Caller const& caller);

/// The account of that id. Throws 404.
Task<KnownUser> user_of(TwoFactorModel const& two, Json id);

/// The record's own property follows the confirmed number; null where there is none any more.
Task<> set_number(store::Transaction& transaction, TwoFactorModel const& two, Json user_id, Json number);

/// `label` as sent, without what no screen shows. Throws 422 for what is no text of at most 64 bytes.
std::string label_of(Json const& label);

}  // namespace sallyport::methods

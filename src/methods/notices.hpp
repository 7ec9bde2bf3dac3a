// What an account's owner is told of, wherever they can be reached: a mail to the address, and for changes a text
// message to each number that a code confirmed. A notice holds no secret and no link.

#pragma once

#include "methods/two_doors.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace sallyport::methods {

/// Where and when something happened: " (2026-11-24 10:31 UTC, network 198.41.0.0/24)."
std::string whence(Request const& request, std::int64_t now);

/// Mails the account's address, where mail can be sent. `what` happened, as sentences; `id` is the message's, and what
/// stands before its colon the kind of notice.
Task<> mail_owner(store::Transaction& transaction, TwoFactorModel const& two, KnownUser const& user, std::string id,
                  std::string subject, std::string what);

/// The same, and a text message with the subject to each confirmed number. What takes a number away is told before it
/// is done, so that the number hears of it too.
Task<> tell_owner(store::Transaction& transaction, TwoFactorModel const& two, KnownUser const& user, std::string id,
                  std::string subject, std::string what);

/// The text messages alone. Each costs money: three a day to a number, within the limits of all text messages; over one
/// it is left out.
Task<> text_owner(store::Transaction& transaction, TwoDoors const& doors, auth::Account account, std::string email,
                  std::string subject);

/// A right password was shown, and its challenge awaits a code: unless one comes, the owner is told when its time is
/// over. At most one such notice waits or is sent in an hour. Challenges of the same client that this one replaced are
/// not waited for any more.
Task<> await_answer(store::Transaction& transaction, TwoFactorModel const& two, KnownUser const& user,
                    Request const& request, auth::Challenges::Opened const& opened);

/// The same at once, of a right password that led to no challenge.
Task<> tell_unanswered(store::Transaction& transaction, TwoFactorModel const& two, KnownUser const& user,
                       Request const& request);

/// The right code of a challenge came.
Task<> was_answered(store::Transaction& transaction, TwoFactorModel const& two, auth::Account account,
                    std::string challenge);

}  // namespace sallyport::methods

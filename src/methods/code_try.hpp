// The second door: a code, of whatever kind, compared, counted and used up.

#pragma once

#include "methods/two_doors.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

namespace sallyport::methods {

struct CodeTry {
    TwoFactorModel const& two;
    Request const& request;
    std::string identifier;  ///< Email or username as sent.
    std::optional<KnownUser> user;
    auth::Client client;
    std::string code;  ///< Digits, or a recovery code.
    /// What a right code leads to, in the transaction that uses it up.
    std::function<Task<>(store::Transaction&, auth::Challenges::Verdict const&)> next;

    auth::Challenges::Verdict verdict{};
    std::int64_t wait = 0;
    bool is_done = false;
};

/// The same statements whether the user is there or not. Throws 401 LOGIN_FAILED for a wrong code, and where no
/// challenge is tied to this client; 429 for an address with too many of those; 503 from the hashing of recovery codes.
Task<> try_code(CodeTry& step);

}  // namespace sallyport::methods

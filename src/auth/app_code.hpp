// Codes of an authenticator app (TOTP, RFC 6238): the secret is the user's own, sealed in its factor, and each step is
// good once.

#pragma once

#include "auth/factor.hpp"
#include "crypto/keys.hpp"
#include "sallyport/one_time_code.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sallyport::auth {

struct AppSecret {
    OneTimeSecret secret = OneTimeSecret::random();
    CodeShape shape;
    TimeSteps steps;
};

/// A secret as another program gives it: in base32, for the usual codes, or as an otpauth://totp/ URI.
///
/// Throws std::invalid_argument saying what is wrong with it: fewer than 10 bytes, codes by counter, digits other than
/// 6 to 8, a period that is not between 15 and 120 seconds. It does not repeat the secret.
AppSecret read_app_secret(std::string_view text);

/// What a factor keeps of it: nobody can use it without the keys, nor for another account.
std::string seal_app_secret(crypto::Keys const& keys, Account const& account, AppSecret const& secret);

/// That secret again; nothing where the keys do not open it.
std::optional<AppSecret> unseal_app_secret(crypto::Keys const& keys, Account const& account, Factor const& factor);

/// Uses up the step that `code` is for, that of `now` (ms since the Unix epoch) or the one before: the id of the factor
/// among `factors` that it belongs to; nothing if it is wrong, or of a step that was used or passed over.
Task<std::optional<std::int64_t>> use_app_code(store::Transaction& transaction, crypto::Keys const& keys,
                                               Account account, std::vector<Factor> factors, std::string code,
                                               std::int64_t now);

}  // namespace sallyport::auth

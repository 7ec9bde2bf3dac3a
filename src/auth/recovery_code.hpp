// Recovery codes: ten codes that open the second door when no factor is at hand, each once. Look-up secrets in the
// words of NIST SP 800-63B-4 section 3.1.2.

#pragma once

#include "auth/account_id.hpp"
#include "store/store.hpp"

#include "crypto/random.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sallyport::auth {

inline constexpr int recovery_codes = 10;

/// "3-abcde-fghjk-mnpqr": which of the ten it is, and 75 random bits, of which NIST SP 800-63B-4 asks 64. Older
/// ones have 50.
struct RecoveryCode {
    int number = 0;    ///< 0 to 9
    std::string text;  ///< As it is hashed: "3abcdefghjkmnpqr".

    std::string shown() const;
};

/// Ten, none like another.
std::vector<RecoveryCode> make_recovery_codes(crypto::RandomBytes const& random = crypto::random_bytes);

/// What was typed: in either case; blanks and hyphens do not count. Nothing if it has not the form of one.
std::optional<RecoveryCode> read_recovery_code(std::string_view typed);

/// Puts new ones in the place of those there are. `hashes` are password hashes of the texts, in the order of numbers.
Task<> replace_recovery_codes(store::Transaction& transaction, Account account, std::vector<std::string> hashes);

/// The hash of the one with that number; nothing if it was used, or there is none.
Task<std::optional<std::string>> recovery_hash(store::Transaction& transaction, Account account, int number);

/// Uses it up; false if that `hash` is not there any more, or was used meanwhile. `now` in ms since the Unix epoch.
Task<bool> use_recovery_code(store::Transaction& transaction, Account account, std::string hash, std::int64_t now);

/// How many are not used: one row, one column, for whoever reads without a transaction; and the same inside one.
store::Statement select_recovery_codes_left(Account const& account);
Task<int> recovery_codes_left(store::Transaction& transaction, Account account);

}  // namespace sallyport::auth

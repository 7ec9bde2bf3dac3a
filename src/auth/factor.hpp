// Factors: what an account has shown to be its own beside the password. Here: numbers that take text messages.

#pragma once

#include "auth/account_id.hpp"
#include "store/store.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sallyport::auth {

struct Factor {
    /// adding: asked for with a token, not confirmed. pending: a number set when the account was made; it counts as the
    /// factor, and its first right code confirms it. removed: kept, as an account that had a factor is never without.
    enum class State : std::uint8_t { adding, pending, confirmed, removed };

    std::int64_t id = 0;
    std::string type;    ///< "sms"
    std::string target;  ///< The number, E.164.
    State state = State::adding;
    std::int64_t created = 0;

    Json to_json() const;  ///< {"id", "type", "hint", "confirmed", "created"}
};

/// Whether `text` is a number as E.164 writes them: "+" and 8 to 15 digits, the first not 0.
bool is_phone_number(std::string_view text);

/// What may be shown of a number: its last two digits.
std::string phone_hint(std::string_view number);

/// All rows of an account, oldest first.
Task<std::vector<Factor>> factors_of(store::Transaction& transaction, Account account);

/// Adds one; its id.
Task<std::int64_t> add_factor(store::Transaction& transaction, Account account, Factor factor);

/// Makes a factor the confirmed one of its type; others of the type become removed. Wrong codes in a row are forgotten,
/// so a factor that was switched off and bound anew is on again.
Task<> confirm_factor(store::Transaction& transaction, Account account, Factor factor);

/// Drops confirmed factors: they were bound before the address's owner proved it.
Task<> drop_factors(store::Transaction& transaction, Account account);

}  // namespace sallyport::auth

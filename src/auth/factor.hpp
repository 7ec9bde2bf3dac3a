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
    /// factor, and its first right code confirms it. removed: replaced, and kept, as an account that had a factor is
    /// never without. dropped: confirmed by whoever was there before the owner of the email; worth nothing, not even in
    /// the record's own property.
    enum class State : std::uint8_t { adding, pending, confirmed, removed, dropped };

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

/// Whether the factor counts: pending or confirmed.
bool counts(Factor const& factor);

/// All rows of an account, oldest first; read_factor takes one.
store::Statement select_factors(Account const& account);
Factor read_factor(store::Row const& row);
Task<std::vector<Factor>> factors_of(store::Transaction& transaction, Account account);

/// Adds one; its id.
Task<std::int64_t> add_factor(store::Transaction& transaction, Account account, Factor factor);

/// Makes a factor the confirmed one of its type; others of the type become removed. Wrong codes in a row are forgotten,
/// so a factor that was switched off and bound anew is on again.
Task<> confirm_factor(store::Transaction& transaction, Account account, Factor factor);

/// Drops what was asked for and not confirmed.
Task<> drop_unconfirmed(store::Transaction& transaction, Account account);

/// Drops what was confirmed before the address's owner proved it.
Task<> drop_factors(store::Transaction& transaction, Account account);

}  // namespace sallyport::auth

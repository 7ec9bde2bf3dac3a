// Factors: what an account has shown to be its own beside the password: numbers that take text messages, authenticator
// apps.

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
    std::string type;    ///< "sms", "totp"
    std::string target;  ///< Of sms: the number, E.164.
    State state = State::adding;
    std::int64_t created = 0;
    std::string label{};   ///< What its owner calls it.
    std::string secret{};  ///< Of totp: sealed, see auth/app_code.
    std::optional<std::int64_t> last_used{};
    bool is_preferred = false;  ///< Asked for first.

    std::string hint() const;  ///< What may be shown of it: the last digits of a number.
    Json to_json() const;      ///< {"id", "type", "label", "hint", "confirmed", "preferred", "created", "lastUsed"}
};

/// Whether `text` is a number as E.164 writes them: "+" and 8 to 15 digits, the first not 0.
bool is_phone_number(std::string_view text);

/// What may be shown of a number: its last two digits.
std::string phone_hint(std::string_view number);

/// How much a factor proves, by its type: an app's or a recovery code more than a text message, and that more than a
/// code by mail or on the console; 0 for what is no second factor: password, link, ticket.
int strength_of(std::string_view type);

/// That of the strongest of them.
int strength_of(std::vector<std::string> const& types);

/// Whether they hold one that a rule means by a second factor. A code by mail is none: whoever reads the mail can
/// reset the password too.
bool has_second(std::vector<std::string> const& types);

/// Whether the factor counts: pending or confirmed.
bool counts(Factor const& factor);

/// The columns of sallyport_factors that read_factor takes, in its order; others may follow.
inline constexpr std::string_view factor_columns =
    "id, type, target, state, created, label, secret, last_used, preferred";
inline constexpr int after_factor_columns = 9;  ///< The index of the first that follows.

/// All rows of an account, oldest first; read_factor takes one.
store::Statement select_factors(Account const& account);
Factor read_factor(store::Row const& row);
Task<std::vector<Factor>> factors_of(store::Transaction& transaction, Account account);

/// Adds one; its id.
Task<std::int64_t> add_factor(store::Transaction& transaction, Account account, Factor factor);

/// Makes a factor a confirmed one. An account has one number: others of type sms become removed. Wrong codes in a row
/// are forgotten, so a factor that was switched off and bound anew is on again.
Task<> confirm_factor(store::Transaction& transaction, Account account, Factor factor);

/// Forgets the wrong codes in a row of a factor that is bound anew: whatever they switched off is on again.
Task<> forget_counter(store::Transaction& transaction, Account account, std::string factor);

/// Keeps when it was used last; `now` in ms since the Unix epoch.
Task<> note_use(store::Transaction& transaction, std::int64_t id, std::int64_t now);

/// Ends a factor; its secret is gone. Of those that were removed the account keeps the latest.
Task<> remove_factor(store::Transaction& transaction, Account account, std::int64_t id);

/// Keeps its label, and whether it is the one of the account that is preferred.
Task<> describe_factor(store::Transaction& transaction, Account account, Factor factor);

/// Drops what was asked for and not confirmed.
Task<> drop_unconfirmed(store::Transaction& transaction, Account account);

/// Whether a number that was set when the account was made, and never confirmed, is dropped too.
enum class Pending : std::uint8_t { stay, go };

/// Drops what was confirmed before the address's owner proved it.
Task<> drop_factors(store::Transaction& transaction, Account account, Pending pending);

}  // namespace sallyport::auth

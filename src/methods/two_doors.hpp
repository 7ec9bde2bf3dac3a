// What the two steps of a login and the factor routes share: whose account, how it can be reached, what a message may
// cost.

#pragma once

#include "auth/challenge.hpp"
#include "auth/device.hpp"
#include "auth/factor.hpp"
#include "auth/number_rules.hpp"
#include "auth/two_factor_options.hpp"
#include "methods/account.hpp"
#include "methods/credentials.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sallyport::methods {

/// What every model with the mixin works with. Lives as long as the models.
struct TwoDoors {
    AccountParts& parts;
    delivery::Senders const& senders;
    crypto::Keys const& keys;
    auth::Challenges challenges;
    std::shared_ptr<auth::Numbers const> numbers;  ///< Where text messages may go; null where that is not limited.

    bool serves(std::string_view number) const { return !numbers || numbers->serves(number); }
};

/// One model with the mixin.
struct TwoFactorModel {
    std::shared_ptr<TwoDoors> doors;  ///< Shared by all such models.
    model::StoredModel& model;
    auth::TwoFactorOptions options;

    store::Store& store() const { return *model.store(); }
    std::int64_t now() const { return doors->parts.clock.now(); }
    auth::TokenRules session_rules() const {
        return {.ttl_seconds = options.token_ttl, .scopes = {}, .max_sessions = doors->parts.rules.max_sessions};
    }
};

/// A user as found by email.
struct KnownUser {
    Json record;
    Json id;
    auth::Account account;
    std::string email;
};

KnownUser known_user(TwoFactorModel const& two, Json record);

/// Whether the mailbox has shown that it is the account's.
bool has_verified_address(KnownUser const& user);

/// What a step names its user by; nothing without an email.
///
/// Throws 400 INVALID_EMAIL for an email of another type, and read_credentials' errors about realms.
std::optional<Credentials> named_user(TwoFactorModel const& two, Json const& body);

/// That user, if there is one.
Task<std::optional<KnownUser>> find_user(TwoFactorModel const& two, std::optional<Credentials> named);

/// `value` if it is a string, else "".
std::string text_of(Json const& value);

/// `value` without its fraction, within `least` and `most`, if it is a number; else `usual`.
std::int64_t whole_number(Json const& value, std::int64_t usual, std::int64_t least, std::int64_t most);

/// How a code can reach an account.
struct Way {
    std::string channel;
    std::string to;             ///< "" for console
    std::string hint;           ///< What may be shown of `to`.
    bool is_confirmed = false;  ///< A right code came from there before.
};

/// The ways to an account, in the order of the options, and what it has.
struct Reachable {
    std::vector<Way> ways;
    bool had_factor = false;  ///< Now or ever; a number set at creation is one, good or not.
    bool is_reduced = false;  ///< A way is switched off: that is not the same as having none.
    std::string number;       ///< The account's number, wherever it stands; "" for none.
    std::vector<auth::Factor> factors;
};
Task<Reachable> reach(store::Transaction& transaction, TwoFactorModel const& two, KnownUser const& user,
                      auth::Acquaintance acquaintance);

/// Whether an account has a factor beside its password, pending ones and a number in its record included: then a
/// password alone lets nobody in.
Task<bool> has_second_factor(store::Transaction& transaction, definition::Model const& model, Json user);

/// The same of a record whose factors are at hand: one of them counts, or the record has a number of its own.
bool has_factor(auth::TwoFactorOptions const& options, Json const& user, std::vector<auth::Factor> const& factors);

/// Limits of a message over `channel`. A known client is charged to its own budget and never to its address; what costs
/// money is limited by range and in all as well, and by number unless it is that client's own.
std::vector<auth::Limit> send_limits(TwoFactorModel const& two, auth::Account const& account,
                                     auth::Acquaintance const& acquaintance, auth::Client const& client,
                                     Way const& way);

/// Who asks for text messages. Strangers cannot use up what owners need: each have a budget of their own for a range of
/// numbers, and a fifth of what may be sent in all is for owners.
enum class Asker : std::uint8_t { stranger, owner };

/// What text messages to `number` are counted in, and what they may cost: by its range and in all.
auth::Numbers::Range range_of(TwoDoors const& doors, std::string_view number);
std::vector<auth::Limit> cost_limits(TwoDoors const& doors, std::string_view number, Asker asker = Asker::stranger);

/// Counts a message against its limits and its range of numbers: all or, where one does not hold, none. There is none
/// either for an account whose wrong codes of the day are used up.
struct Charge {
    std::int64_t wait = 0;             ///< Seconds, where a limit does not hold.
    std::vector<std::string> charged;  ///< For the outbox, to be given back if nobody takes the message.
};
Task<Charge> charge_message(store::Transaction& transaction, TwoFactorModel const& two, auth::Account account,
                            auth::Acquaintance acquaintance, auth::Client const& client, Way const& way);

/// Gives such charges back.
Task<> give_back(store::Transaction& transaction, auth::Throttle& throttle, std::vector<std::string> charged);

/// Records what happened to a factor: its last digits, never the number.
Task<> record_factor(store::Transaction& transaction, TwoFactorModel const& two, Request const& request,
                     auth::Account account, std::string event, auth::Factor factor);

/// Counts the right code of a text message to `number`.
Task<> note_verified(store::Transaction& transaction, TwoFactorModel const& two, std::string number);

/// Seconds until another code may be asked for.
std::int64_t resend_after(TwoFactorModel const& two);

/// The message that carries a code.
Message code_message(TwoFactorModel const& two, KnownUser const& user, Way const& way,
                     auth::Challenges::Opened const& opened);

/// 401 LOGIN_FAILED of the first step and of the second.
Error password_refused();
Error code_refused();

}  // namespace sallyport::methods

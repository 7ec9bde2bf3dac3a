// Challenges: a code that was asked for, whose it is, which client may answer it, and how often.
//
// Between the two steps of a login stands one row. A code is compared in the statement that counts the try and uses the
// code up, so it is good once and its tries are limited however many requests come at once. A stranger elsewhere is not
// let near the row: what is not tied to the client that asked neither guesses nor burns its tries.

#pragma once

#include "auth/account_id.hpp"
#include "auth/client.hpp"
#include "auth/device.hpp"
#include "auth/factor.hpp"
#include "auth/throttle.hpp"
#include "crypto/keys.hpp"
#include "crypto/random.hpp"
#include "sallyport/clock.hpp"
#include "store/store.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sallyport::auth {

/// How step two is tied to step one.
enum class Binding : std::uint8_t {
    cookie_or_network,  ///< `challenge`, else the cookie, else the network.
    strict,             ///< `challenge` or the cookie.
    account             ///< Whoever has the code.
};

struct CodeRules {
    int digits = 6;                  ///< 6 to 10
    std::int64_t ttl_seconds = 300;  ///< 1 to 600
    int attempts = 5;                ///< 1 to 10
    Binding binding = Binding::cookie_or_network;
};

/// What a challenge's code leads to.
enum class Purpose : std::uint8_t { login, enrol, confirm };

/// For whom a wrong code switched its channel off, being one too many in a row.
enum class SwitchedOff : std::uint8_t {
    no,
    for_unknown,  ///< The fiftieth.
    for_all       ///< The hundredth: after the fiftieth only known clients had tries left.
};

class Challenges {
public:
    Challenges(crypto::Keys const& keys, Clock const& clock, crypto::RandomBytes random = crypto::random_bytes);

    struct Wanted {
        Purpose purpose = Purpose::login;
        std::string channel;      ///< "sms"; of "totp" and "recovery" nothing is sent.
        std::int64_t factor = 0;  ///< The id of the factor that a right code confirms; 0 for none.
        CodeRules rules;
    };
    struct Opened {
        std::string id;      ///< What the client may name as `challenge`: 22 characters.
        std::string code;    ///< To be sent; never stored.
        std::string cookie;  ///< The challenge cookie's new value.
        std::int64_t expires_at = 0;
        std::string stored_id;              ///< Names it without being worth anything: the message's id.
        std::vector<std::string> replaced;  ///< The same of those of this client that it ended.
    };

    /// Opens a challenge. One that the same client opened before ends: same client means the same cookie, or no cookie
    /// on either side and the same network. Of unknown clients an account has at most 3, the oldest giving way; each
    /// known device has one more.
    Task<Opened> open(store::Transaction& transaction, Account account, Wanted wanted, Client client,
                      Acquaintance acquaintance);

    struct Answer {
        std::string code;
        Purpose purpose = Purpose::login;
        std::int64_t factor = 0;
    };
    struct Verdict {
        enum class Kind : std::uint8_t {
            right,  ///< Used up; whatever follows belongs into the same transaction.
            wrong,  ///< Counted.
            none    ///< No live challenge of this client, or its account may try no more: nothing was compared.
        };
        Kind kind = Kind::none;
        Purpose purpose = Purpose::login;
        std::string channel;
        std::string challenge;    ///< Which it was: its stored_id.
        std::int64_t factor = 0;  ///< As it was wanted; of totp, the one whose code it was.
        SwitchedOff switched_off = SwitchedOff::no;
    };

    /// A try that is compared outside of the database: counted on the live challenge of a login that is tied to this
    /// client, and on the budget of `factor`, before the comparison.
    struct Counted {
        std::string id;  ///< Of the challenge, as stored.
        std::vector<Limit> budget;
    };
    /// Nothing if there is no such challenge, or its account may try no more.
    Task<std::optional<Counted>> count(store::Transaction& transaction, Throttle& throttle, Account account,
                                       std::string factor, Client client, Acquaintance acquaintance, CodeRules rules);
    /// Uses the challenge up for what was right, and gives its count back; false if it is over meanwhile.
    Task<bool> use(store::Transaction& transaction, Throttle& throttle, Account account, std::string factor,
                   Counted counted);
    /// Counts what was wrong in a row with others of `factor`.
    Task<SwitchedOff> miss(store::Transaction& transaction, Account account, std::string factor);

    /// Compares a code of exactly `rules.digits` digits with the live challenge that is tied to this client. Purposes
    /// login and enrol are looked for together; confirm by its factor, as its caller has a token.
    Task<Verdict> check(store::Transaction& transaction, Throttle& throttle, Account account, Answer answer,
                        Client client, Acquaintance acquaintance, CodeRules rules);

private:
    struct Comparison {
        bool was_made = false;  ///< And counted.
        bool is_right = false;  ///< And used up.
        std::int64_t factor = 0;
    };

    Task<Comparison> compare_sent(store::Transaction& transaction, std::string id, std::string expected);
    Task<Comparison> compare_app(store::Transaction& transaction, std::string id, Account account,
                                 std::int64_t to_confirm, std::string code);
    std::string mac(crypto::Key const& key, std::string const& id, Account const& account, std::string_view code) const;

    crypto::Keys const& keys_;
    Clock const& clock_;
    crypto::RandomBytes random_;
};

/// Whether codes of that channel are sent; else whoever logs in has them already.
bool is_sent(std::string_view channel);

/// Whether `text` is exactly `digits` ASCII digits; of an app, 6 to 8.
bool is_code(std::string_view text, int digits);
bool is_app_code(std::string_view text);

/// The budget of wrong codes: 10 in 24 hours over all challenges, for unknown clients together and for each known one.
Limit code_budget(Account const& account, Acquaintance const& acquaintance);

/// Whether wrong codes in a row switched the factor off for such a client, until it is bound anew.
Task<bool> is_switched_off(store::Transaction& transaction, Account account, std::string channel,
                           Acquaintance acquaintance);

/// Ends every challenge of a user: when the password changes, or the user goes.
Task<> end_challenges(store::Transaction& transaction, std::string model, Json user_id);

/// Forgets all by which whoever made an account could come back once the owner of its address came: factors, recovery
/// codes, challenges, known devices, a change of email on its way. Sessions and trusted devices: AccessTokens::end_all.
Task<> hand_over(store::Transaction& transaction, Account account, Pending pending);

/// Forgets all that auth/ keeps of a user but sessions (AccessTokens::end_all): challenges, factors, counters, devices,
/// whether it is disabled.
Task<> forget_account(store::Transaction& transaction, std::string model, Json user_id);

}  // namespace sallyport::auth

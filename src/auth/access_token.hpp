// Access tokens: made, found, ended. The one place that mints one.
//
// The table of the token model, usually accesstoken, keeps LoopBack's columns; its id is "sha256:" and the hex digest
// of the token. sallyport_sessions has, under that id, what LoopBack has no column for. Both rows are written and
// deleted in the same transaction, and a token is good only while both are there.

#pragma once

#include "auth/account_id.hpp"
#include "auth/sessions.hpp"
#include "sallyport/caller.hpp"
#include "sallyport/clock.hpp"
#include "sallyport/request.hpp"
#include "store/store.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sallyport::auth {

/// What was shown before a token may be made. Only the functions that saw it make one: see ProofOf.
class Proof {
public:
    enum class Purpose : std::uint8_t { session, enrol, reset };

    std::string const& user_model() const { return user_model_; }
    Json const& user_id() const { return user_id_; }
    std::vector<std::string> const& factors() const { return factors_; }
    Purpose purpose() const { return purpose_; }
    bool is_full() const { return is_full_; }  ///< Else the session counts as never proven: no rule finds it fresh.

private:
    friend struct ProofOf;
    Proof(std::string user_model, Json user_id, std::vector<std::string> factors, Purpose purpose = Purpose::session)
        : user_model_{std::move(user_model)},
          user_id_{std::move(user_id)},
          factors_{std::move(factors)},
          purpose_{purpose} {}

    std::string user_model_;
    Json user_id_;
    std::vector<std::string> factors_;
    Purpose purpose_;
    bool is_full_ = true;
};

/// The ways to a proof, one call site each: grep for them to see every door.
struct ProofOf {
    /// A password that was right, on a model where it suffices.
    static Proof password(std::string user_model, Json user_id);
    /// A password and then a code of `factor` that was right and is used up in this transaction.
    static Proof password_and_code(std::string user_model, Json user_id, std::string factor);
    /// A password on a device that the account trusts, in place of the code that the account has: the password alone.
    static Proof password_on_trusted_device(std::string user_model, Json user_id);
    /// A password on an account that never had a factor: only with scope "enrol".
    static Proof enrolment(std::string user_model, Json user_id);
    /// A password and an administrator's ticket, for an account whose factor is lost: only with scope "enrol".
    static Proof password_and_ticket(std::string user_model, Json user_id);
    /// A reset request: only with scope "reset-password"; whoever reads the mail has it.
    static Proof mailed_link(std::string user_model, Json user_id);
    /// What an operator hands out: the same, and nothing of the account's mailbox.
    static Proof operators_link(std::string user_model, Json user_id);
    /// A second factor just enrolled after `password`, on the way to a full session.
    static Proof password_and_enrolled(std::string user_model, Json user_id, std::string factor);
};

/// LoopBack's ttl of a token that never expires, where its user model allows that.
constexpr double eternal_ttl = -1;

struct TokenRules {
    double ttl_seconds = 86400;
    std::vector<std::string> scopes = {};  ///< Empty: {"DEFAULT"}. Of an enrolment always {"enrol"}.
    std::size_t max_sessions = 20;         ///< The oldest beyond give way; 0: no limit. Resets and enrolments: 3 each.
};

struct Token {
    std::string id;  ///< The clear token: 64 of [A-Za-z0-9]. Leaves this process once.
    double ttl = 0;  ///< seconds
    std::int64_t created = 0;
    Json user_id;
    std::string user_model = {};  ///< Where the table says it.

    Json to_json() const;  ///< {"id", "ttl", "created", "userId", "principalType"}
};

/// The model whose table keeps the tokens of a data source: one of the app's own that extends AccessToken before the
/// built-in; null if there is none.
definition::Model const* token_model(definition::Registry const& models, std::string_view data_source);

/// "sha256:" and 64 hex digits: the id under which a clear token is stored.
std::string stored_id(std::string_view clear_token);

/// Where a token may stand in a request. Places named first win.
struct TokenPlaces {
    bool query = false;                                  ///< Parameters of the URL count at all.
    std::vector<std::string> params = {"access_token"};  ///< Of the URL, before any header.
    std::vector<std::string> headers = {"X-Access-Token", "Authorization"};
};

/// The token a request presents, as clear text; nothing if it presents none.
///
/// Looked for as LoopBack does: in the URL (it wins even when empty), then in headers (the token itself; "Basic" and
/// "Bearer" with its base64 form; and, our addition, "Bearer" with the token itself).
std::optional<std::string> presented_token(Request const& request, TokenPlaces const& places);

class AccessTokens {
public:
    struct Rules {
        double idle_seconds = 3600;  ///< 0: no idle limit.
        TokenPlaces places = {};
        std::string user_literal;            ///< "me"
        bool user_ids_are_texts = false;     ///< In that table, as where several user models share it.
        std::string table = "accesstoken";   ///< Where they are kept.
        bool names_user_model = false;       ///< The table says whose a token is (LoopBack's principalType).
        std::vector<std::string> eternal{};  ///< User models whose tokens of ttl -1 never expire (allowEternalTokens).
    };
    AccessTokens(store::Store& store, Clock const& clock, Rules rules, std::vector<std::string> user_models);

    /// Makes a token. The only INSERT into the tokens' table in the program. Throws 401 LOGIN_FAILED for a disabled
    /// account, whatever was proven: the last of all doors.
    Task<Token> mint(store::Transaction& transaction, Proof const& proof, TokenRules const& rules,
                     Request const& request);

    /// Who presents a token with this request; nobody without one or with an unknown one.
    ///
    /// Throws 401 INVALID_TOKEN for one that expired or idled too long, which is removed by that.
    Task<Caller> identify(Request const& request);

    /// Whether the session that `caller` came with is still there; nobody's always is. Does not count as a use.
    Task<bool> lives(Caller const& caller);

    /// Throws 401 AUTHORIZATION_REQUIRED where the session of that id was ended; "", no session, passes. In the
    /// transaction of what a session was found to allow before: who ended it knows that nothing of it comes afterwards.
    Task<> require(store::Transaction& transaction, std::string token_id);

    /// Counts a session as proven now, by `factors`. Throws 401 AUTHORIZATION_REQUIRED where it was ended.
    Task<> renew(store::Transaction& transaction, std::string token_id, std::vector<std::string> factors);

    /// Ends a session; false if there was none.
    Task<bool> end(store::Transaction& transaction, std::string token_id);

    /// The same, with the change of email that it asked for: what its owner ends is not to be believed any more.
    Task<bool> end_with_email_change(store::Transaction& transaction, std::string token_id);

    /// Ends all sessions of a user but `keep` ("" keeps none), reset and enrol tokens too, the trust in every device,
    /// and a change of email that another session than `keep` asked for: what ends other sessions ends what opens new
    /// ones. How many sessions and tokens there were.
    Task<std::int64_t> end_all(store::Transaction& transaction, std::string user_model, Json user_id, std::string keep);

    /// Ends the sessions that a trusted device opened and that have shown no code since.
    Task<> end_unproven(store::Transaction& transaction, Account account);

private:
    Task<std::int64_t> end_where(store::Transaction& transaction, std::string condition,
                                 std::vector<store::Value> values);
    bool may_be_eternal(std::string_view user_model) const;
    bool is_over(Session const& session) const;
    Task<> make_room(store::Transaction& transaction, Proof const& proof, std::string account_id, std::string newest,
                     std::size_t kept);

    store::Store& store_;
    Clock const& clock_;
    Rules rules_;
    std::vector<std::string> user_models_;
    Sessions sessions_;
};

}  // namespace sallyport::auth

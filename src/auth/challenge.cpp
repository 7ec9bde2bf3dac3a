#include "auth/challenge.hpp"

#include "auth/app_code.hpp"
#include "crypto/digest.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace sallyport::auth {
namespace {

std::int64_t constexpr most_unknown = 3;    // live challenges of clients an account does not know
std::int64_t constexpr most_in_a_row = 50;  // wrong codes before a factor is off for unknown clients
std::int64_t constexpr most_of_all = 100;   // and for known ones (NIST SP 800-63B-4 section 3.2.2)
std::int64_t constexpr budget_seconds = 86400;
std::int64_t constexpr budget_codes = 10;

// Only a row that is live: not used, not used up, not over.
auto constexpr live = " AND consumed_at IS NULL AND attempts < max_attempts AND expires_at > ?3";

// Counts the try and compares, in one statement: two requests with the right code cannot both win, and no wrong one
// goes uncounted. Equality of keyed digests tells an attacker nothing, so the database may compare them.
auto constexpr compare_and_use = R"(
UPDATE sallyport_challenges
   SET attempts = attempts + 1, consumed_at = CASE WHEN code_mac = ?2 THEN ?3 END
 WHERE id = ?1 AND consumed_at IS NULL AND attempts < max_attempts AND expires_at > ?3
RETURNING consumed_at)";

// The same in two: an app's code is not the database's to compare. Still one transaction, so no try goes uncounted.
auto constexpr count_try = R"(
UPDATE sallyport_challenges SET attempts = attempts + 1
 WHERE id = ?1 AND consumed_at IS NULL AND attempts < max_attempts AND expires_at > ?2
RETURNING 1)";
auto constexpr use_up =
    "UPDATE sallyport_challenges SET consumed_at = ?2 WHERE id = ?1 AND consumed_at IS NULL AND expires_at > ?2"
    " RETURNING 1";

std::string name_of(Purpose purpose) {
    switch (purpose) {
        case Purpose::login:
            return "login";
        case Purpose::enrol:
            return "enrol";
        case Purpose::confirm:
            return "confirm";
    }
    return "login";
}

// How to find the challenge a client may answer; nothing if it may answer none.
std::optional<store::Statement> find_statement(Account const& account, Challenges::Answer const& answer,
                                               Client const& client, Binding binding, std::int64_t now) {
    std::string sql =
        "SELECT id, channel, purpose, key_id, factor FROM sallyport_challenges WHERE user_model = ?1 AND user_id = ?2";
    sql += live;
    std::vector<store::Value> values{account.model, account.id, now};
    if (answer.purpose == Purpose::confirm) {
        sql += " AND purpose = 'confirm' AND factor = ?4";
        values.emplace_back(answer.factor);
    } else {
        sql += " AND purpose <> 'confirm'";
        if (!client.challenge.empty()) {
            sql += " AND id = ?4";
            values.emplace_back(client.challenge);
        } else if (!client.cookie.empty()) {
            sql += " AND cookie = ?4";
            values.emplace_back(client.cookie);
        } else if (binding == Binding::cookie_or_network && !client.network.empty()) {
            sql += " AND had_cookie = 0 AND network = ?4";
            values.emplace_back(client.network);
        } else if (binding != Binding::account) {
            return std::nullopt;
        }
    }
    sql += " ORDER BY created DESC, id DESC LIMIT 1";
    return store::Statement{std::move(sql), std::move(values)};
}

struct Row {
    std::string id;
    std::string channel;
    std::string purpose;
    std::string key_id;
    std::int64_t factor = 0;

    bool is_of_app() const { return channel == "totp"; }
};

// The factors whose code is right here: the one that is to be confirmed, or all that are.
Task<std::vector<Factor>> candidates(store::Transaction& transaction, Account account, std::int64_t to_confirm) {
    auto factors = co_await factors_of(transaction, account);
    std::erase_if(factors, [&](Factor const& factor) {
        return to_confirm != 0 ? factor.id != to_confirm || factor.state != Factor::State::adding
                               : factor.state != Factor::State::confirmed;
    });
    co_return factors;
}

Task<bool> answers(store::Transaction& transaction, store::Statement statement) {
    bool found = false;
    co_await transaction.read(std::move(statement), [&](store::Row const&) { found = true; });
    co_return found;
}

Task<> forget_misses(store::Transaction& transaction, Account account, std::string factor) {
    co_await transaction.run(
        {"UPDATE sallyport_counters SET consecutive = 0 WHERE user_model = ?1 AND user_id = ?2 AND factor = ?3",
         {account.model, account.id, std::move(factor)}});
}

// Counts a wrong code of the factor in a row with those before it.
Task<SwitchedOff> count_in_a_row(store::Transaction& transaction, Account account, std::string channel,
                                 std::int64_t now) {
    auto switched_off = SwitchedOff::no;
    co_await transaction.read({R"(
INSERT INTO sallyport_counters (user_model, user_id, factor, consecutive) VALUES (?1, ?2, ?3, 1)
ON CONFLICT (user_model, user_id, factor) DO UPDATE SET consecutive = sallyport_counters.consecutive + 1,
  disabled_at = CASE WHEN sallyport_counters.consecutive + 1 >= ?5 AND sallyport_counters.disabled_at IS NULL
                     THEN ?4 ELSE sallyport_counters.disabled_at END
RETURNING consecutive)",
                               {account.model, account.id, std::move(channel), now, most_in_a_row}},
                              [&](store::Row const& row) {
                                  if (row.integer(0) == most_in_a_row) switched_off = SwitchedOff::for_unknown;
                                  if (row.integer(0) == most_of_all) switched_off = SwitchedOff::for_all;
                              });
    co_return switched_off;
}

Task<> forget(store::Transaction& transaction, char const* table, Account account) {
    co_await transaction.run(
        {std::string{"DELETE FROM "} + table + " WHERE user_model = ?1 AND user_id = ?2", {account.model, account.id}});
}

}  // namespace

Challenges::Challenges(crypto::Keys const& keys, Clock const& clock, crypto::RandomBytes random)
    : keys_{keys}, clock_{clock}, random_{std::move(random)} {}

std::string Challenges::mac(crypto::Key const& key, std::string const& id, Account const& account,
                            std::string_view code) const {
    // The parts cannot run into each other: an id is hex digits, and a code digits.
    return crypto::to_hex(
        crypto::hmac_sha256(key.bytes, id + "|" + account.model + "|" + account.id + "|" + std::string{code}));
}

Task<Challenges::Opened> Challenges::open(store::Transaction& transaction, Account account, Wanted wanted,
                                          Client client, Acquaintance acquaintance) {
    auto const now = clock_.now();
    co_await transaction.run(
        {"DELETE FROM sallyport_challenges WHERE id IN"
         " (SELECT id FROM sallyport_challenges WHERE expires_at < ?1 LIMIT 8)",
         {now}});
    Opened opened;
    bool const is_login = wanted.purpose != Purpose::confirm;
    auto const device = acquaintance.kind == Acquaintance::Kind::device ? client.device : std::string{};
    if (is_login) {
        co_await transaction.read({R"(
DELETE FROM sallyport_challenges WHERE user_model = ?1 AND user_id = ?2 AND purpose <> 'confirm'
  AND ((?3 <> '' AND cookie = ?3) OR (?3 = '' AND ?4 <> '' AND had_cookie = 0 AND network = ?4)
    OR (?5 <> '' AND device = ?5)) RETURNING id)",
                                   {account.model, account.id, client.cookie, client.network, device}},
                                  [&](store::Row const& row) { opened.replaced.emplace_back(row.text(0)); });
        if (device.empty()) {
            co_await transaction.run({R"(
DELETE FROM sallyport_challenges WHERE id IN
  (SELECT id FROM sallyport_challenges WHERE user_model = ?1 AND user_id = ?2 AND purpose <> 'confirm' AND device = ''
   AND consumed_at IS NULL ORDER BY created DESC, id DESC LIMIT 1000000 OFFSET ?3))",
                                      {account.model, account.id, most_unknown - 1}});
        }
    } else {
        co_await transaction.run(
            {"DELETE FROM sallyport_challenges WHERE user_model = ?1 AND user_id = ?2"
             " AND purpose = 'confirm'",
             {account.model, account.id}});
    }

    opened.id = client_secret();
    opened.stored_id = secret_digest(opened.id);
    opened.cookie = is_login ? client_secret() : std::string{};
    // What nobody is sent must not be right by chance either.
    opened.code = is_sent(wanted.channel) ? crypto::random_digits(wanted.rules.digits, random_) : client_secret();
    opened.expires_at = now + wanted.rules.ttl_seconds * 1000;
    auto const& key = keys_.current(crypto::Purpose::codes);
    co_await transaction.run({R"(
INSERT INTO sallyport_challenges
  (id, user_model, user_id, purpose, channel, factor, cookie, had_cookie, device, network, code_mac, key_id, created,
   expires_at, attempts, max_attempts)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, 0, ?15))",
                              {opened.stored_id, account.model, account.id, name_of(wanted.purpose), wanted.channel,
                               wanted.factor, secret_digest(opened.cookie), std::int64_t{client.cookie.empty() ? 0 : 1},
                               device, client.network, mac(key, opened.stored_id, account, opened.code), key.id, now,
                               opened.expires_at, std::int64_t{wanted.rules.attempts}}});
    co_return opened;
}

Task<Challenges::Comparison> Challenges::compare_sent(store::Transaction& transaction, std::string id,
                                                      std::string expected) {
    Comparison comparison;
    co_await transaction.read({compare_and_use, {std::move(id), std::move(expected), clock_.now()}},
                              [&](store::Row const& row) {
                                  comparison.was_made = true;
                                  // Never "RETURNING consumed_at IS NOT NULL": SQLite 3.40 answers 1 for NULL there.
                                  comparison.is_right = !row.is_null(0);
                              });
    co_return comparison;
}

Task<Challenges::Comparison> Challenges::compare_app(store::Transaction& transaction, std::string id, Account account,
                                                     std::int64_t to_confirm, std::string code) {
    Comparison comparison;
    auto const now = clock_.now();
    comparison.was_made = co_await answers(transaction, {count_try, {id, now}});
    if (!comparison.was_made) co_return comparison;
    auto const factors = co_await candidates(transaction, account, to_confirm);
    auto const used = co_await use_app_code(transaction, keys_, account, factors, std::move(code), now);
    comparison.is_right = used.has_value();
    comparison.factor = used.value_or(0);
    if (comparison.is_right) co_await answers(transaction, {use_up, {std::move(id), now}});
    co_return comparison;
}

Task<std::optional<Challenges::Counted>> Challenges::count(store::Transaction& transaction, Throttle& throttle,
                                                           Account account, std::string factor, Client client,
                                                           Acquaintance acquaintance, CodeRules rules) {
    auto const now = clock_.now();
    auto statement = find_statement(account, {}, client, rules.binding, now);
    if (!statement) co_return std::nullopt;
    std::string id;
    co_await transaction.read(std::move(*statement), [&](store::Row const& row) {
        if (row.text(2) == name_of(Purpose::login)) id = row.text(0);
    });
    if (id.empty() || co_await is_switched_off(transaction, account, std::move(factor), acquaintance))
        co_return std::nullopt;
    std::vector<Limit> budget(1, code_budget(account, acquaintance));
    if (co_await throttle.take(transaction, budget) > 0) co_return std::nullopt;
    if (!co_await answers(transaction, {count_try, {id, now}})) co_return std::nullopt;
    co_return Counted{std::move(id), std::move(budget)};
}

Task<bool> Challenges::use(store::Transaction& transaction, Throttle& throttle, Account account, std::string factor,
                           Counted counted) {
    if (!co_await answers(transaction, {use_up, {std::move(counted.id), clock_.now()}})) co_return false;
    co_await throttle.give_back(transaction, std::move(counted.budget));
    co_await forget_misses(transaction, std::move(account), std::move(factor));
    co_return true;
}

Task<SwitchedOff> Challenges::miss(store::Transaction& transaction, Account account, std::string factor) {
    co_return co_await count_in_a_row(transaction, std::move(account), std::move(factor), clock_.now());
}

Task<Challenges::Verdict> Challenges::check(store::Transaction& transaction, Throttle& throttle, Account account,
                                            Answer answer, Client client, Acquaintance acquaintance, CodeRules rules) {
    auto const now = clock_.now();
    Verdict verdict;
    auto statement = find_statement(account, answer, client, rules.binding, now);
    if (!statement) co_return verdict;
    std::optional<Row> found;
    co_await transaction.read(std::move(*statement), [&](store::Row const& row) {
        found = Row{std::string{row.text(0)}, std::string{row.text(1)}, std::string{row.text(2)},
                    std::string{row.text(3)}, row.integer(4)};
    });
    if (!found || !(found->is_of_app() ? is_app_code(answer.code) : is_code(answer.code, rules.digits)))
        co_return verdict;
    auto const* key = keys_.find(crypto::Purpose::codes, found->key_id);
    if (key == nullptr || co_await is_switched_off(transaction, account, found->channel, acquaintance))
        co_return verdict;

    // Counted first and given back if right, so that tries on many challenges at once share one budget.
    std::vector<Limit> budget(1, code_budget(account, acquaintance));
    if (co_await throttle.take(transaction, budget) > 0) co_return verdict;
    Comparison comparison;
    if (found->is_of_app()) {
        comparison = co_await compare_app(transaction, found->id, account, found->factor, answer.code);
    } else {
        comparison = co_await compare_sent(transaction, found->id, mac(*key, found->id, account, answer.code));
    }
    if (!comparison.was_made) co_return verdict;

    verdict.challenge = found->id;
    verdict.channel = found->channel;
    verdict.factor = found->is_of_app() ? comparison.factor : found->factor;
    verdict.purpose = found->purpose == "enrol" ? Purpose::enrol : answer.purpose;
    verdict.kind = comparison.is_right ? Verdict::Kind::right : Verdict::Kind::wrong;
    if (comparison.is_right) {
        co_await throttle.give_back(transaction, std::move(budget));
        co_await forget_misses(transaction, account, verdict.channel);
    } else {
        verdict.switched_off = co_await count_in_a_row(transaction, account, verdict.channel, now);
    }
    co_return verdict;
}

bool is_sent(std::string_view channel) { return channel != "totp" && channel != "recovery"; }

bool is_app_code(std::string_view text) { return is_code(text, 6) || is_code(text, 7) || is_code(text, 8); }

bool is_code(std::string_view text, int digits) {
    return text.size() == static_cast<std::size_t>(digits) &&
           std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

Limit code_budget(Account const& account, Acquaintance const& acquaintance) {
    auto const whose = acquaintance.is_known() ? acquaintance.budget : "account:" + account.model + ":" + account.id;
    return {"codes:" + whose, budget_seconds, budget_codes};
}

Task<bool> is_switched_off(store::Transaction& transaction, Account account, std::string channel,
                           Acquaintance acquaintance) {
    bool off = false;
    co_await transaction.read({"SELECT disabled_at, consecutive FROM sallyport_counters"
                               " WHERE user_model = ?1 AND user_id = ?2 AND factor = ?3",
                               {account.model, account.id, std::move(channel)}},
                              [&](store::Row const& row) {
                                  off = acquaintance.is_known() ? row.integer(1) >= most_of_all : !row.is_null(0);
                              });
    co_return off;
}

Task<> end_challenges(store::Transaction& transaction, std::string model, Json user_id) {
    co_await forget(transaction, "sallyport_challenges", Account::of(std::move(model), user_id));
}

Task<> hand_over(store::Transaction& transaction, Account account, Pending pending) {
    co_await drop_factors(transaction, account, pending);
    for (auto const* table :
         {"sallyport_recovery_codes", "sallyport_challenges", "sallyport_devices", "sallyport_email_changes"})
        co_await forget(transaction, table, account);
}

Task<> forget_account(store::Transaction& transaction, std::string model, Json user_id) {
    auto const account = Account::of(std::move(model), user_id);
    for (auto const* table : {"sallyport_challenges", "sallyport_factors", "sallyport_counters", "sallyport_devices",
                              "sallyport_trusted_devices", "sallyport_disabled", "sallyport_tickets",
                              "sallyport_recovery_codes", "sallyport_email_changes"}) {
        co_await forget(transaction, table, account);
    }
}

}  // namespace sallyport::auth

#include "auth/recovery_code.hpp"

#include "sallyport/ascii.hpp"

#include <utility>

namespace sallyport::auth {
namespace {

constexpr std::string_view alphabet = "abcdefghijkmnpqrstuvwxyz23456789";  // 32 that are not mistaken for each other
constexpr std::size_t group = 5;
constexpr std::size_t letters = 3 * group;
constexpr std::size_t letters_before = 2 * group;  // Codes of an older form are good still.

}  // namespace

std::string RecoveryCode::shown() const {
    auto shown = text.substr(0, 1);
    for (std::size_t at = 1; at < text.size(); at += group) shown += "-" + text.substr(at, group);
    return shown;
}

std::vector<RecoveryCode> make_recovery_codes(crypto::RandomBytes const& random) {
    std::vector<RecoveryCode> codes;
    for (int number = 0; number < recovery_codes; ++number) {
        auto text = std::to_string(number);
        for (auto const byte : random(letters)) text += alphabet[static_cast<unsigned char>(byte) % alphabet.size()];
        codes.push_back({number, std::move(text)});
    }
    return codes;
}

std::optional<RecoveryCode> read_recovery_code(std::string_view typed) {
    std::string text;
    for (auto const c : typed) {
        if (c != ' ' && c != '-') text += to_lower(c);
        if (text.size() > 1 + letters) return std::nullopt;
    }
    if (text.size() != 1 + letters && text.size() != 1 + letters_before) return std::nullopt;
    if (text[0] < '0' || text[0] > '9') return std::nullopt;
    if (text.find_first_not_of(alphabet, 1) != std::string::npos) return std::nullopt;
    return RecoveryCode{text[0] - '0', std::move(text)};
}

Task<> replace_recovery_codes(store::Transaction& transaction, Account account, std::vector<std::string> hashes) {
    co_await transaction.run(
        {"DELETE FROM sallyport_recovery_codes WHERE user_model = ?1 AND user_id = ?2", {account.model, account.id}});
    std::int64_t number = 0;
    for (auto& hash : hashes) {
        co_await transaction.run(
            {"INSERT INTO sallyport_recovery_codes (user_model, user_id, number, hash)"
             " VALUES (?1, ?2, ?3, ?4)",
             {account.model, account.id, number++, std::move(hash)}});
    }
}

Task<std::optional<std::string>> recovery_hash(store::Transaction& transaction, Account account, int number) {
    std::optional<std::string> hash;
    co_await transaction.read({"SELECT hash FROM sallyport_recovery_codes"
                               " WHERE user_model = ?1 AND user_id = ?2 AND number = ?3 AND used_at IS NULL",
                               {account.model, account.id, std::int64_t{number}}},
                              [&](store::Row const& row) { hash = row.text(0); });
    co_return hash;
}

Task<bool> use_recovery_code(store::Transaction& transaction, Account account, std::string hash, std::int64_t now) {
    bool is_used = false;
    co_await transaction.read({"UPDATE sallyport_recovery_codes SET used_at = ?4"
                               " WHERE user_model = ?1 AND user_id = ?2 AND hash = ?3 AND used_at IS NULL RETURNING 1",
                               {account.model, account.id, std::move(hash), now}},
                              [&](store::Row const&) { is_used = true; });
    co_return is_used;
}

store::Statement select_recovery_codes_left(Account const& account) {
    return {"SELECT count(*) FROM sallyport_recovery_codes WHERE user_model = ?1 AND user_id = ?2 AND used_at IS NULL",
            {account.model, account.id}};
}

Task<int> recovery_codes_left(store::Transaction& transaction, Account account) {
    std::int64_t left = 0;
    co_await transaction.read(select_recovery_codes_left(account),
                              [&](store::Row const& row) { left = row.integer(0); });
    co_return static_cast<int>(left);
}

}  // namespace sallyport::auth

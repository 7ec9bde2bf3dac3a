#include "auth/app_code.hpp"

#include "crypto/seal.hpp"

#include <algorithm>
#include <array>

namespace sallyport::auth {
namespace {

constexpr CodeWindow step_and_one_before{.before = 1, .after = 0};

constexpr std::array<std::pair<CodeHash, std::string_view>, 3> hashes{
    {{CodeHash::sha1, "SHA1"}, {CodeHash::sha256, "SHA256"}, {CodeHash::sha512, "SHA512"}}};

std::string context_of(Account const& account) { return "totp|" + account.model + "|" + account.id; }

std::optional<AppSecret> unseal_app_secret(crypto::Keys const& keys, Account const& account, Factor const& factor) {
    auto const text = crypto::unseal(keys, factor.secret, context_of(account));
    if (!text) return std::nullopt;
    auto const sealed = parse_json(*text);
    auto const hash =
        std::ranges::find_if(hashes, [&](auto const& entry) { return sealed["algorithm"] == Json{entry.second}; });
    return AppSecret{
        .secret = OneTimeSecret::from_base32(sealed["secret"].as_string()),
        .shape = {.digits = static_cast<int>(sealed["digits"].as_number()), .hash = hash->first},
        .steps = {.period = static_cast<std::int64_t>(sealed["period"].as_number())},
    };
}

// Two requests with one code: only one finds the step unused.
Task<bool> use_step(store::Transaction& transaction, std::int64_t factor, std::int64_t step, std::int64_t now) {
    bool is_new = false;
    co_await transaction.read({"UPDATE sallyport_factors SET last_step = ?2, last_used = ?3"
                               " WHERE id = ?1 AND last_step < ?2 RETURNING 1",
                               {factor, step, now}},
                              [&](store::Row const&) { is_new = true; });
    co_return is_new;
}

}  // namespace

std::string seal_app_secret(crypto::Keys const& keys, Account const& account, AppSecret const& secret) {
    auto const hash = std::ranges::find(hashes, secret.shape.hash, &std::pair<CodeHash, std::string_view>::first);
    JsonObject const sealed{{"secret", secret.secret.to_base32()},
                            {"algorithm", hash->second},
                            {"digits", secret.shape.digits},
                            {"period", secret.steps.period}};
    return crypto::seal(keys, to_text(Json{sealed}), context_of(account));
}

Task<std::optional<std::int64_t>> use_app_code(store::Transaction& transaction, crypto::Keys const& keys,
                                               Account account, std::vector<Factor> factors, std::string code,
                                               std::int64_t now) {
    for (auto const& factor : factors) {
        if (factor.type != "totp") continue;
        auto const secret = unseal_app_secret(keys, account, factor);
        if (!secret) continue;
        auto const seconds = now / 1000;
        auto const delta =
            verify_totp(secret->secret, code, seconds, step_and_one_before, secret->shape, secret->steps);
        if (!delta) continue;
        auto const step = static_cast<std::int64_t>(time_step(seconds, secret->steps)) + *delta;
        if (co_await use_step(transaction, factor.id, step, now)) co_return factor.id;
    }
    co_return std::nullopt;
}

}  // namespace sallyport::auth

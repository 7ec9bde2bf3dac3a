#include "auth/app_code.hpp"

#include "crypto/seal.hpp"
#include "sallyport/request.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <stdexcept>
#include <utility>

namespace sallyport::auth {
namespace {

constexpr CodeWindow step_and_one_before{.before = 1, .after = 0};

constexpr std::array<std::pair<CodeHash, std::string_view>, 3> hashes{
    {{CodeHash::sha1, "SHA1"}, {CodeHash::sha256, "SHA256"}, {CodeHash::sha512, "SHA512"}}};

std::string context_of(Account const& account) { return "totp|" + account.model + "|" + account.id; }

// A number of an otpauth URI; `usual` where it is not said.
std::int64_t number_of(Request const& uri, std::string_view name, std::int64_t usual) {
    auto const text = uri.parameter(name);
    if (!text) return usual;
    std::int64_t number = -1;
    auto const* const end = text->data() + text->size();
    auto const read = std::from_chars(text->data(), end, number);
    return read.ec == std::errc{} && read.ptr == end ? number : -1;
}

OneTimeSecret secret_in(std::string_view base32) {
    constexpr std::size_t least = 10;  // bytes: 80 bits, as the first authenticators had them
    auto secret = OneTimeSecret::from_base32(base32);
    if (secret.bytes().size() < least) throw std::invalid_argument{"the secret has fewer than 10 bytes"};
    return secret;
}

AppSecret read_uri(std::string_view text) {
    Request uri;
    uri.target = text.substr(0, text.find('#'));
    auto const algorithm = uri.parameter("algorithm").value_or("SHA1");
    auto const* const hash = std::ranges::find(hashes, algorithm, &std::pair<CodeHash, std::string_view>::second);
    if (hash == hashes.end()) throw std::invalid_argument{"the algorithm is none of SHA1, SHA256 and SHA512"};
    auto const digits = number_of(uri, "digits", 6);
    if (digits < 6 || digits > 8) throw std::invalid_argument{"the codes do not have 6 to 8 digits"};
    auto const period = number_of(uri, "period", 30);
    if (period < 15 || period > 120) throw std::invalid_argument{"the period is not 15 to 120 seconds"};
    return {.secret = secret_in(uri.parameter("secret").value_or("")),
            .shape = {.digits = static_cast<int>(digits), .hash = hash->first},
            .steps = {.period = period}};
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

AppSecret read_app_secret(std::string_view text) {
    if (text.starts_with("otpauth://totp/")) return read_uri(text);
    if (text.starts_with("otpauth:")) throw std::invalid_argument{"it is no otpauth://totp/ URI"};
    return {.secret = secret_in(text), .shape = {}, .steps = {}};
}

std::string seal_app_secret(crypto::Keys const& keys, Account const& account, AppSecret const& secret) {
    auto const hash = std::ranges::find(hashes, secret.shape.hash, &std::pair<CodeHash, std::string_view>::first);
    JsonObject const sealed{{"secret", secret.secret.to_base32()},
                            {"algorithm", hash->second},
                            {"digits", secret.shape.digits},
                            {"period", secret.steps.period}};
    return crypto::seal(keys, to_text(Json{sealed}), context_of(account));
}

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

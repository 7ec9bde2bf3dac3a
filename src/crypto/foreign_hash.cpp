#include "crypto/foreign_hash.hpp"

#include "crypto/digest.hpp"

#include <openssl/err.h>
#include <openssl/evp.h>

#include <algorithm>
#include <charconv>
#include <stdexcept>
#include <utility>
#include <vector>

namespace sallyport::crypto {
namespace {

using Kind = ForeignHash::Kind;
using Limits = ForeignHashLimits;

constexpr std::size_t least_tag = 16;  // bytes; a shorter one is met by chance
constexpr std::size_t most_bytes = 128;

std::vector<std::string_view> split(std::string_view text, char at) {
    std::vector<std::string_view> parts;
    for (;;) {
        auto const end = text.find(at);
        parts.push_back(text.substr(0, end));
        if (end == std::string_view::npos) return parts;
        text.remove_prefix(end + 1);
    }
}

// 0, which no cost is, for what is no number.
std::uint64_t number(std::string_view text) {
    std::uint64_t value = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc{} && end == text.data() + text.size() ? value : 0;
}

// "r=8" for the name "r".
std::uint64_t number_of(std::string_view text, std::string_view name) {
    auto const is_it = text.size() > name.size() && text.starts_with(name) && text[name.size()] == '=';
    return is_it ? number(text.substr(name.size() + 1)) : 0;
}

std::string base64(std::string_view text) {
    std::string standard{text};
    std::ranges::replace(standard, '.', '+');  // passlib's own alphabet
    bool is_good = false;
    auto bytes = from_base64(standard, is_good);
    return is_good ? bytes : std::string{};
}

std::string hex(std::string_view text) {
    try {
        return from_hex(text);
    } catch (std::invalid_argument const&) {
        return {};
    }
}

std::optional<Kind> pbkdf2_with(std::string_view digest) {
    if (digest == "sha1") return Kind::pbkdf2_sha1;
    if (digest == "sha256") return Kind::pbkdf2_sha256;
    if (digest == "sha512") return Kind::pbkdf2_sha512;
    return std::nullopt;
}

EVP_MD const* digest_of(Kind kind) {
    if (kind == Kind::pbkdf2_sha1) return EVP_sha1();
    return kind == Kind::pbkdf2_sha512 ? EVP_sha512() : EVP_sha256();
}

unsigned char const* bytes_of(std::string_view text) { return reinterpret_cast<unsigned char const*>(text.data()); }

// Without room for a tag OpenSSL only says whether it would compute one.
bool run_scrypt(std::string_view password, ForeignHash const& hash, unsigned char* tag) {
    return EVP_PBE_scrypt(password.data(), password.size(), bytes_of(hash.salt), hash.salt.size(), hash.cost,
                          hash.block, hash.lanes, Limits::scrypt_memory, tag, hash.tag.size()) == 1;
}

bool run_pbkdf2(std::string_view password, ForeignHash const& hash, unsigned char* tag) {
    return PKCS5_PBKDF2_HMAC(password.data(), static_cast<int>(password.size()), bytes_of(hash.salt),
                             static_cast<int>(hash.salt.size()), static_cast<int>(hash.cost), digest_of(hash.kind),
                             static_cast<int>(hash.tag.size()), tag) == 1;
}

bool is_bearable_pbkdf2(ForeignHash const& hash) {
    auto const most = hash.kind == Kind::pbkdf2_sha512 ? Limits::pbkdf2_sha512_rounds : Limits::pbkdf2_rounds;
    auto const digest = static_cast<std::size_t>(EVP_MD_get_size(digest_of(hash.kind)));
    return hash.cost <= most / ((hash.tag.size() + digest - 1) / digest);
}

bool is_bearable_scrypt(ForeignHash const& hash) {
    auto constexpr most = Limits::scrypt_work;
    // Each is bounded before they are multiplied.
    if (std::max({hash.cost, hash.block, hash.lanes}) > most || hash.block * hash.lanes > most ||
        (hash.cost + 4) * hash.block * hash.lanes > most) {
        return false;
    }
    ERR_set_mark();  // What OpenSSL says against it is nobody's error.
    auto const is_computable = run_scrypt("", hash, nullptr);
    ERR_pop_to_mark();
    return is_computable;
}

bool is_bearable(ForeignHash const& hash) {
    if (hash.salt.empty() || hash.salt.size() > most_bytes || hash.tag.size() < least_tag ||
        hash.tag.size() > most_bytes || hash.cost == 0) {
        return false;
    }
    return hash.kind == Kind::scrypt ? is_bearable_scrypt(hash) : is_bearable_pbkdf2(hash);
}

// "$scrypt$ln=16,r=8,p=1$SALT$TAG"
std::optional<ForeignHash> read_scrypt(std::vector<std::string_view> const& parts) {
    auto const costs = split(parts[2], ',');
    auto const log_cost = number_of(costs[0], "ln");
    if (costs.size() != 3 || log_cost == 0 || log_cost > 30) return std::nullopt;
    return ForeignHash{.kind = Kind::scrypt,
                       .cost = std::uint64_t{1} << log_cost,
                       .block = number_of(costs[1], "r"),
                       .lanes = number_of(costs[2], "p"),
                       .salt = base64(parts[3]),
                       .tag = base64(parts[4])};
}

// "$pbkdf2-sha256$29000$SALT$TAG" or "$pbkdf2-sha256$i=29000,l=32$SALT$TAG"
std::optional<ForeignHash> read_pbkdf2(std::vector<std::string_view> const& parts) {
    auto const name = parts[1];
    auto const kind = name == "pbkdf2" ? Kind::pbkdf2_sha1 : pbkdf2_with(name.substr(name.find('-') + 1));
    if (!kind) return std::nullopt;
    auto const costs = split(parts[2], ',');
    ForeignHash hash{.kind = *kind, .cost = number(costs[0]), .salt = base64(parts[3]), .tag = base64(parts[4])};
    if (hash.cost == 0) hash.cost = number_of(costs[0], "i");
    auto const tells_length = costs.size() == 2 && number_of(costs[1], "l") == hash.tag.size();
    return costs.size() == 1 || tells_length ? std::optional{std::move(hash)} : std::nullopt;
}

// "pbkdf2_sha256$600000$salt$TAG"
std::optional<ForeignHash> read_django(std::vector<std::string_view> const& parts) {
    auto const kind = pbkdf2_with(parts[0].substr(parts[0].find('_') + 1));
    if (!kind) return std::nullopt;
    return ForeignHash{.kind = *kind, .cost = number(parts[1]), .salt = std::string{parts[2]}, .tag = base64(parts[3])};
}

// "scrypt:32768:8:1$salt$TAG", "pbkdf2:sha256:600000$salt$TAG"
std::optional<ForeignHash> read_werkzeug(std::vector<std::string_view> const& parts) {
    auto const method = split(parts[0], ':');
    ForeignHash hash{.salt = std::string{parts[1]}, .tag = hex(parts[2])};
    if (method.size() == 4 && method[0] == "scrypt") {
        hash.cost = number(method[1]);
        hash.block = number(method[2]);
        hash.lanes = number(method[3]);
        return hash;
    }
    auto const kind = method.size() == 3 && method[0] == "pbkdf2" ? pbkdf2_with(method[1]) : std::nullopt;
    if (!kind) return std::nullopt;
    hash.kind = *kind;
    hash.cost = number(method[2]);
    return hash;
}

std::optional<ForeignHash> read_any(std::string_view text) {
    auto const parts = split(text, '$');
    if (parts.size() == 5 && parts[0].empty() && parts[1] == "scrypt") return read_scrypt(parts);
    if (parts.size() == 5 && parts[0].empty() && (parts[1] == "pbkdf2" || parts[1].starts_with("pbkdf2-")))
        return read_pbkdf2(parts);
    if (parts.size() == 4 && parts[0].starts_with("pbkdf2_")) return read_django(parts);
    return parts.size() == 3 ? read_werkzeug(parts) : std::nullopt;
}

}  // namespace

std::optional<ForeignHash> read_foreign_hash(std::string_view text) {
    auto hash = read_any(text);
    return hash && is_bearable(*hash) ? std::move(hash) : std::nullopt;
}

bool foreign_hash_matches(std::string_view password, ForeignHash const& hash) {
    std::string tag(hash.tag.size(), '\0');
    auto* const room = reinterpret_cast<unsigned char*>(tag.data());
    auto const is_made =
        hash.kind == Kind::scrypt ? run_scrypt(password, hash, room) : run_pbkdf2(password, hash, room);
    if (!is_made) throw std::runtime_error{"OpenSSL cannot check an scrypt or PBKDF2 hash"};
    return equal_in_constant_time(tag, hash.tag);
}

}  // namespace sallyport::crypto

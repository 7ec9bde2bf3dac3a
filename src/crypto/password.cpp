// argon2id's tag is passed through HMAC-SHA-256 with a key that is not in the database (the pepper): who has only the
// database cannot even try passwords. The key's id stands in the hash, so that keys can be changed.

#include "crypto/password.hpp"

#include "crypto/bcrypt.hpp"
#include "crypto/digest.hpp"
#include "crypto/foreign_hash.hpp"
#include "crypto/normal_form.hpp"
#include "crypto/random.hpp"

#include <fmt/format.h>
#include <sodium.h>

#include <cassert>
#include <charconv>
#include <new>
#include <optional>
#include <stdexcept>

namespace sallyport::crypto {
namespace {

constexpr std::size_t salt_size = 16;
constexpr std::size_t tag_size = 32;
static_assert(crypto_pwhash_argon2id_SALTBYTES == salt_size);

/// A stored hash of ours, in its parts.
struct Hash {
    PasswordCost cost;
    std::uint32_t lanes = 1;
    std::string salt;
    std::string tag;
    std::string pepper;  ///< Key id; "" for none.
};

/// Takes "PREFIX digits" off the front of `text`.
bool take_number(std::string_view& text, std::string_view prefix, std::uint32_t& number) {
    if (!text.starts_with(prefix)) return false;
    text.remove_prefix(prefix.size());
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{}) return false;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    return true;
}

/// Takes "$TEXT" off the front of `text`.
std::string_view take_part(std::string_view& text) {
    if (!text.starts_with('$')) return {};
    auto const part = text.substr(1, text.find('$', 1) - 1);
    text.remove_prefix(part.size() + 1);
    return part;
}

std::optional<Hash> read_hash(std::string_view text) {
    Hash hash;
    if (!take_number(text, "$argon2id$v=19$m=", hash.cost.memory_kib) || !take_number(text, ",t=", hash.cost.passes) ||
        !take_number(text, ",p=", hash.lanes)) {
        return std::nullopt;
    }
    bool salt_ok = false;
    bool tag_ok = false;
    hash.salt = from_base64(take_part(text), salt_ok);
    hash.tag = from_base64(take_part(text), tag_ok);
    auto const pepper = take_part(text);
    if (!salt_ok || !tag_ok || !text.empty()) return std::nullopt;
    if (pepper.starts_with("pepper=")) hash.pepper = pepper.substr(7);
    if (hash.pepper.empty() != pepper.empty()) return std::nullopt;
    // What nobody would choose came from a broken or hostile database: it must not take the memory of the machine.
    if (hash.cost.memory_kib > 1024 * 1024 || hash.cost.passes > 64 || hash.cost.memory_kib < 8) return std::nullopt;
    return hash;
}

std::string unpadded_base64(std::string_view bytes) {
    auto text = to_base64(bytes);
    while (text.ends_with('=')) text.pop_back();
    return text;
}

std::string argon2id(std::string_view password, std::string_view salt, PasswordCost cost) {
    assert(salt.size() == salt_size);
    if (sodium_init() < 0) throw std::runtime_error{"libsodium does not start"};  // Picks the fastest code once.
    std::string tag(tag_size, '\0');
    auto const made =
        crypto_pwhash_argon2id(reinterpret_cast<unsigned char*>(tag.data()), tag.size(), password.data(),
                               password.size(), reinterpret_cast<unsigned char const*>(salt.data()), cost.passes,
                               std::size_t{cost.memory_kib} * 1024, crypto_pwhash_argon2id_ALG_ARGON2ID13);
    if (made != 0) throw std::bad_alloc{};
    return tag;
}

PasswordCheck verdict(bool right, bool weak) {
    if (!right) return PasswordCheck::wrong;
    return weak ? PasswordCheck::right_but_weak : PasswordCheck::right;
}

// Other programs hashed the bytes as they came. The second try is for the same text in another spelling.
template <class Matches>
PasswordCheck check_foreign(std::string_view password, Matches const& matches) {
    auto const normal = to_nfc(password);
    auto right = matches(password);
    if (!right && normal != password) right = matches(normal);
    return verdict(right, true);
}

bool argon2id_matches(std::string_view password, std::string const& stored) {
    return crypto_pwhash_str_verify(stored.c_str(), password.data(), password.size()) == 0;
}

// What a check may cost that another program's hash asks for: about a second of one core, and 256 MiB.
bool is_bearable(Hash const& hash) {
    constexpr std::uint64_t most_memory = std::uint64_t{256} << 10U;  // KiB
    return hash.cost.memory_kib <= most_memory && hash.lanes > 0 && hash.cost.passes > 0 &&
           hash.cost.memory_kib >= 8 * std::uint64_t{hash.lanes} &&  // RFC 9106 section 3.1
           std::uint64_t{hash.cost.memory_kib} * hash.cost.passes <= 4 * most_memory;
}

std::string problem_with_bcrypt(std::string_view stored) {
    constexpr std::string_view most_cost = "14";
    auto const cost = stored.substr(4, 2);
    return cost < "04" || cost > most_cost ? fmt::format("its cost {} is not between 04 and {}", cost, most_cost)
                                           : std::string{};
}

std::string problem_with_argon2id(Keys const& keys, Hash const& hash) {
    if (!hash.pepper.empty() && keys.find(Purpose::passwords, hash.pepper) == nullptr) {
        return fmt::format("it was made with the key {}, which keys.json does not have", hash.pepper);
    }
    if (hash.salt.size() < 8 || hash.tag.size() < 16 || hash.salt.size() > 64 || hash.tag.size() > 64)
        return "its salt or its tag is too short or too long";
    return is_bearable(hash) ? std::string{} : "it is none of argon2id, or would take too much memory or time to check";
}

}  // namespace

std::string hash_password(Keys const& keys, std::string_view password, PasswordCost cost) {
    assert(password.size() <= max_password_bytes);
    auto const& pepper = keys.current(Purpose::passwords);
    auto const salt = random_bytes(salt_size);
    auto const tag = hmac_sha256(pepper.bytes, argon2id(to_nfc(password), salt, cost));
    return fmt::format("$argon2id$v=19$m={},t={},p=1${}${}$pepper={}", cost.memory_kib, cost.passes,
                       unpadded_base64(salt), unpadded_base64(tag), pepper.id);
}

PasswordCheck check_password(Keys const& keys, std::string_view password, std::string_view stored, PasswordCost cost) {
    auto const too_long = password.size() > max_password_bytes;
    if (too_long) password = {};
    if (is_bcrypt(stored) && !too_long)
        return check_foreign(password, [&](std::string_view text) { return bcrypt_matches(text, stored); });
    if (auto const foreign = read_foreign_hash(stored); foreign && !too_long)
        return check_foreign(password, [&](std::string_view text) { return foreign_hash_matches(text, *foreign); });

    auto const hash = read_hash(stored);
    auto const* const pepper = hash ? keys.find(Purpose::passwords, hash->pepper) : nullptr;
    auto const is_ours = hash && hash->lanes == 1 && hash->salt.size() == salt_size && pepper != nullptr;
    if (is_ours) {
        auto const tag = hmac_sha256(pepper->bytes, argon2id(to_nfc(password), hash->salt, hash->cost));
        auto const right = equal_in_constant_time(tag, hash->tag) && !too_long;
        auto const weak = hash->cost.memory_kib < cost.memory_kib || hash->cost.passes < cost.passes ||
                          pepper->id != keys.current(Purpose::passwords).id;
        return verdict(right, weak);
    }
    if (hash && hash->pepper.empty() && is_bearable(*hash) && !too_long) {
        auto const whole = std::string{stored};
        return check_foreign(password, [&](std::string_view text) { return argon2id_matches(text, whole); });
    }
    check_nothing(keys, password, cost);
    return PasswordCheck::wrong;
}

void check_nothing(Keys const& keys, std::string_view password, PasswordCost cost) {
    if (password.size() > max_password_bytes) password = {};
    auto const salt = std::string(salt_size, '\0');
    hmac_sha256(keys.current(Purpose::passwords).bytes, argon2id(to_nfc(password), salt, cost));
}

std::string problem_with_hash(Keys const& keys, std::string_view stored) {
    if (is_bcrypt(stored)) return problem_with_bcrypt(stored);
    if (auto const hash = read_hash(stored)) return problem_with_argon2id(keys, *hash);
    return read_foreign_hash(stored) ? std::string{} : "it has no notation known here, or would take too long to check";
}

bool looks_like_hash(std::string_view text) { return is_bcrypt(text) || text.starts_with("$argon2"); }

}  // namespace sallyport::crypto

// Password hashes: argon2id with a pepper for new ones; those of other programs are accepted and replaced.
//
// A stored hash is "$argon2id$v=19$m=19456,t=2,p=1$salt$tag" with "$pepper=KEYID" appended where a pepper was used, a
// bcrypt hash as LoopBack makes them ("$2a$10$..."), or one that crypto/foreign_hash.hpp lists. All functions block for
// tens of milliseconds, and for up to a second with hashes of others: call them in a Pool.

#pragma once

#include "crypto/keys.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace sallyport::crypto {

/// Cost of argon2id (RFC 9106). The defaults are OWASP's minimum: 19 MiB, 2 passes, 1 lane.
struct PasswordCost {
    std::uint32_t memory_kib = 19456;
    std::uint32_t passes = 2;
};

/// Longest password in bytes; longer ones are refused before hashing.
inline constexpr std::size_t max_password_bytes = 1024;

std::string hash_password(Keys const& keys, std::string_view password, PasswordCost cost = {});

enum class PasswordCheck : std::uint8_t { wrong, right, right_but_weak };

/// Checks a password against a stored hash; `right_but_weak` asks for a new hash of it.
///
/// Passwords over max_password_bytes are `wrong`. bcrypt stops at a NUL and ignores what follows 72 bytes: passwords
/// with either are `wrong` for such hashes. A hash of unknown form is `wrong`. Takes as long for a wrong password as
/// for a right one.
PasswordCheck check_password(Keys const& keys, std::string_view password, std::string_view stored,
                             PasswordCost cost = {});

/// Takes the time of a check against a fresh hash and finds nothing: the same work for an account that is not there.
void check_nothing(Keys const& keys, std::string_view password, PasswordCost cost = {});

/// Why a hash of another program cannot be taken over, as what follows "the hash": it is of no form that
/// check_password() knows, or a check would cost too much; "" for one that can.
std::string problem_with_hash(Keys const& keys, std::string_view stored);

/// Whether a text looks like a password hash: clients may never set one.
bool looks_like_hash(std::string_view text);

}  // namespace sallyport::crypto

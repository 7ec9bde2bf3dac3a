// Password hashes of other programs: scrypt and PBKDF2, in the notations of passlib, Django and Werkzeug. Checked,
// never made.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sallyport::crypto {

/// What one hash may cost: about half a second of one core, since a password is tried in up to two spellings.
struct ForeignHashLimits {
    /// bytes: 128 r (N + p + 2), which is all that scrypt fills (RFC 7914 sections 4 to 6).
    static constexpr std::uint64_t scrypt_memory = std::uint64_t{129} << 20U;
    static constexpr std::uint64_t scrypt_work = 2'200'000;  ///< (N + 4) r p: filling the lanes takes time as well.
    /// Rounds times the digests that make up the tag (RFC 8018 section 5.2).
    static constexpr std::uint64_t pbkdf2_rounds = 3'000'000;
    static constexpr std::uint64_t pbkdf2_sha512_rounds = 1'500'000;
};

/// One hash, in its parts.
struct ForeignHash {
    enum class Kind : std::uint8_t { scrypt, pbkdf2_sha1, pbkdf2_sha256, pbkdf2_sha512 };

    Kind kind = Kind::scrypt;
    std::uint64_t cost = 0;  ///< scrypt: N, a power of two. PBKDF2: rounds.
    std::uint64_t block = 0;
    std::uint64_t lanes = 0;
    std::string salt{};
    std::string tag{};
};

/// Reads
///
///     $scrypt$ln=16,r=8,p=1$SALT$TAG            passlib and PHC; base64
///     $pbkdf2-sha256$29000$SALT$TAG             passlib; base64 with "." for "+". Also -sha512, and none for SHA-1
///     $pbkdf2-sha256$i=29000,l=32$SALT$TAG      PHC
///     pbkdf2_sha256$600000$salt$TAG             Django; the salt is text
///     scrypt:32768:8:1$salt$TAG                 Werkzeug; TAG in hex
///     pbkdf2:sha256:600000$salt$TAG             Werkzeug
///
/// Nothing for a text of another form, or one whose check would cost more than the limits, or is none of OpenSSL's.
std::optional<ForeignHash> read_foreign_hash(std::string_view text);

/// Whether `password` belongs to it; in the same time either way. Blocks, for up to about half a second.
bool foreign_hash_matches(std::string_view password, ForeignHash const& hash);

}  // namespace sallyport::crypto

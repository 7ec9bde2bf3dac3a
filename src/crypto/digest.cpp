#include "crypto/digest.hpp"

#include <openssl/sha.h>
#include <sodium.h>

#include <algorithm>
#include <stdexcept>

namespace sallyport::crypto {
namespace {

unsigned char const* bytes_of(std::string_view text) { return reinterpret_cast<unsigned char const*>(text.data()); }
unsigned char* bytes_of(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

std::string encode(std::string_view bytes, int variant) {
    std::string text(sodium_base64_ENCODED_LEN(bytes.size(), variant), '\0');
    sodium_bin2base64(text.data(), text.size(), bytes_of(bytes), bytes.size(), variant);
    text.pop_back();  // The terminating NUL that libsodium counts.
    return text;
}

}  // namespace

std::string sha256(std::string_view data) {
    std::string digest(crypto_hash_sha256_BYTES, '\0');
    crypto_hash_sha256(bytes_of(digest), bytes_of(data), data.size());
    return digest;
}

std::string sha1(std::string_view data) {
    std::string digest(SHA_DIGEST_LENGTH, '\0');
    SHA1(bytes_of(data), data.size(), bytes_of(digest));
    return digest;
}

std::string hmac_sha256(std::string_view key, std::string_view data) {
    crypto_auth_hmacsha256_state state;
    crypto_auth_hmacsha256_init(&state, bytes_of(key), key.size());
    crypto_auth_hmacsha256_update(&state, bytes_of(data), data.size());
    std::string digest(crypto_auth_hmacsha256_BYTES, '\0');
    crypto_auth_hmacsha256_final(&state, bytes_of(digest));
    return digest;
}

bool equal_in_constant_time(std::string_view a, std::string_view b) {
    return a.size() == b.size() && sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

std::string to_hex(std::string_view bytes) {
    std::string text(bytes.size() * 2 + 1, '\0');
    sodium_bin2hex(text.data(), text.size(), bytes_of(bytes), bytes.size());
    text.pop_back();
    return text;
}

std::string from_hex(std::string_view text) {
    std::string bytes(text.size() / 2, '\0');
    std::size_t size = 0;
    if (text.size() % 2 != 0 ||
        sodium_hex2bin(bytes_of(bytes), bytes.size(), text.data(), text.size(), nullptr, &size, nullptr) != 0 ||
        size != bytes.size()) {
        throw std::invalid_argument{"not hexadecimal"};
    }
    return bytes;
}

std::string to_base64(std::string_view bytes) { return encode(bytes, sodium_base64_VARIANT_ORIGINAL); }

std::string to_base64url(std::string_view bytes) { return encode(bytes, sodium_base64_VARIANT_URLSAFE_NO_PADDING); }

std::string from_base64(std::string_view text, bool& ok) {
    auto const padded = text.ends_with('=');
    ok = !padded || text.size() % 4 == 0;
    for (int i = 0; i < 2 && text.ends_with('='); ++i) text.remove_suffix(1);
    std::string standard{text};
    std::ranges::replace(standard, '-', '+');
    std::ranges::replace(standard, '_', '/');

    std::string bytes(standard.size() / 4 * 3 + 3, '\0');
    std::size_t size = 0;
    ok = ok && sodium_base642bin(bytes_of(bytes), bytes.size(), standard.data(), standard.size(), nullptr, &size,
                                 nullptr, sodium_base64_VARIANT_ORIGINAL_NO_PADDING) == 0;
    bytes.resize(ok ? size : 0);
    return bytes;
}

}  // namespace sallyport::crypto

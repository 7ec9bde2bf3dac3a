#include "crypto/digest.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <sodium.h>

#include <algorithm>
#include <array>
#include <memory>
#include <stdexcept>

namespace sallyport::crypto {
namespace {

unsigned char const* bytes_of(std::string_view text) { return reinterpret_cast<unsigned char const*>(text.data()); }
unsigned char* bytes_of(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

// A digest of OpenSSL's, which uses the processor's instructions for it. Looking one up by name costs more than hashing
// a short text, so each thread keeps its own.
class Digester {
public:
    explicit Digester(char const* name)
        : algorithm_{EVP_MD_fetch(nullptr, name, nullptr), EVP_MD_free}, context_{EVP_MD_CTX_new(), EVP_MD_CTX_free} {}

    std::string operator()(std::string_view data) const {
        std::array<unsigned char, EVP_MAX_MD_SIZE> digest;
        unsigned size = 0;
        auto const ok = EVP_DigestInit_ex2(context_.get(), algorithm_.get(), nullptr) == 1 &&
                        EVP_DigestUpdate(context_.get(), data.data(), data.size()) == 1 &&
                        EVP_DigestFinal_ex(context_.get(), digest.data(), &size) == 1;
        if (!ok) throw std::runtime_error{"OpenSSL cannot make a digest"};
        return {reinterpret_cast<char const*>(digest.data()), size};
    }

private:
    std::unique_ptr<EVP_MD, decltype(&EVP_MD_free)> algorithm_;
    std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context_;
};

std::string hmac(EVP_MD const* hash, std::string_view key, std::string_view data) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest;
    unsigned size = 0;
    auto const* made =
        HMAC(hash, key.data(), static_cast<int>(key.size()), bytes_of(data), data.size(), digest.data(), &size);
    if (made == nullptr) throw std::runtime_error{"OpenSSL cannot make a digest"};
    return {reinterpret_cast<char const*>(digest.data()), size};
}

std::string encode(std::string_view bytes, int variant) {
    std::string text(sodium_base64_ENCODED_LEN(bytes.size(), variant), '\0');
    sodium_bin2base64(text.data(), text.size(), bytes_of(bytes), bytes.size(), variant);
    text.pop_back();  // The terminating NUL that libsodium counts.
    return text;
}

}  // namespace

std::string sha256(std::string_view data) {
    thread_local Digester const digest{"SHA256"};
    return digest(data);
}

std::string sha1(std::string_view data) {
    thread_local Digester const digest{"SHA1"};
    return digest(data);
}

std::string hmac_sha256(std::string_view key, std::string_view data) {
    crypto_auth_hmacsha256_state state;
    crypto_auth_hmacsha256_init(&state, bytes_of(key), key.size());
    crypto_auth_hmacsha256_update(&state, bytes_of(data), data.size());
    std::string digest(crypto_auth_hmacsha256_BYTES, '\0');
    crypto_auth_hmacsha256_final(&state, bytes_of(digest));
    return digest;
}

std::string hmac_sha1(std::string_view key, std::string_view data) { return hmac(EVP_sha1(), key, data); }

std::string hmac_sha512(std::string_view key, std::string_view data) { return hmac(EVP_sha512(), key, data); }

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

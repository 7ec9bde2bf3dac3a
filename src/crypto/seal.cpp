#include "crypto/seal.hpp"

#include "crypto/digest.hpp"
#include "crypto/random.hpp"

#include <sodium.h>

namespace sallyport::crypto {
namespace {

constexpr std::size_t nonce_size = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr std::size_t tag_size = crypto_aead_xchacha20poly1305_ietf_ABYTES;
static_assert(crypto_aead_xchacha20poly1305_ietf_KEYBYTES == 32);

unsigned char const* bytes_of(std::string_view text) { return reinterpret_cast<unsigned char const*>(text.data()); }

}  // namespace

std::string seal(Keys const& keys, std::string_view secret, std::string_view context) {
    auto const& key = keys.current(Purpose::sealing);
    auto box = random_bytes(nonce_size);
    box.resize(nonce_size + secret.size() + tag_size);
    auto* const nonce = reinterpret_cast<unsigned char*>(box.data());
    crypto_aead_xchacha20poly1305_ietf_encrypt(nonce + nonce_size, nullptr, bytes_of(secret), secret.size(),
                                               bytes_of(context), context.size(), nullptr, nonce, bytes_of(key.bytes));
    return key.id + "." + to_base64url(box);
}

std::optional<std::string> unseal(Keys const& keys, std::string_view sealed, std::string_view context) {
    auto const dot = sealed.find('.');
    if (dot == std::string_view::npos) return std::nullopt;
    auto const* const key = keys.find(Purpose::sealing, sealed.substr(0, dot));
    bool ok = false;
    auto const box = from_base64(sealed.substr(dot + 1), ok);
    if (key == nullptr || !ok || box.size() < nonce_size + tag_size) return std::nullopt;

    std::string secret(box.size() - nonce_size - tag_size, '\0');
    auto const opened = crypto_aead_xchacha20poly1305_ietf_decrypt(
        reinterpret_cast<unsigned char*>(secret.data()), nullptr, nullptr, bytes_of(box) + nonce_size,
        box.size() - nonce_size, bytes_of(context), context.size(), bytes_of(box), bytes_of(key->bytes));
    if (opened != 0) return std::nullopt;
    return secret;
}

}  // namespace sallyport::crypto

#include "crypto/random.hpp"

#include "crypto/digest.hpp"

#include <sys/random.h>

#include <cassert>
#include <cerrno>
#include <string_view>
#include <system_error>

namespace sallyport::crypto {
namespace {

// Every character of the alphabet is equally likely: bytes past the largest multiple of its size are thrown away, since
// taking a remainder of all 256 would favour the first characters.
std::string random_text(std::size_t count, std::string_view alphabet, RandomBytes const& source) {
    auto const usable = 256 - 256 % alphabet.size();
    std::string text;
    text.reserve(count);
    while (text.size() < count) {
        for (auto const byte : source(count - text.size())) {
            auto const value = static_cast<unsigned char>(byte);
            if (value < usable) text += alphabet[value % alphabet.size()];
        }
    }
    return text;
}

}  // namespace

std::string random_bytes(std::size_t count) {
    std::string bytes(count, '\0');
    std::size_t filled = 0;
    while (filled < count) {
        auto const got = getrandom(bytes.data() + filled, count - filled, 0);
        if (got < 0 && errno != EINTR) throw std::system_error{errno, std::generic_category(), "getrandom"};
        if (got > 0) filled += static_cast<std::size_t>(got);
    }
    return bytes;
}

std::string random_token(std::size_t count, RandomBytes const& source) {
    return random_text(count, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", source);
}

std::string random_digits(int count, RandomBytes const& source) {
    assert(count > 0);
    return random_text(static_cast<std::size_t>(count), "0123456789", source);
}

std::string random_uuid() {
    auto bytes = random_bytes(16);
    bytes[6] = static_cast<char>((bytes[6] & 0x0f) | 0x40);  // version 4
    bytes[8] = static_cast<char>((bytes[8] & 0x3f) | 0x80);  // the variant of RFC 9562
    auto text = to_hex(bytes);
    for (auto const at : {20U, 16U, 12U, 8U}) text.insert(at, 1, '-');
    return text;
}

}  // namespace sallyport::crypto

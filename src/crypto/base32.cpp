#include "crypto/base32.hpp"

#include <cstdint>
#include <stdexcept>

namespace sallyport::crypto {
namespace {

constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

std::uint32_t value_of(char c) {
    auto const capital = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    auto const at = alphabet.find(capital);
    if (at == std::string_view::npos) throw std::invalid_argument{"base32 is made of A to Z and 2 to 7"};
    return static_cast<std::uint32_t>(at);
}

}  // namespace

std::string to_base32(std::string_view bytes) {
    std::string text;
    std::uint32_t bits = 0;
    unsigned count = 0;  // of bits that wait
    for (auto const byte : bytes) {
        bits = bits << 8U | static_cast<unsigned char>(byte);
        for (count += 8; count >= 5; count -= 5) text += alphabet[bits >> (count - 5) & 31U];
    }
    if (count > 0) text += alphabet[bits << (5 - count) & 31U];
    return text;
}

std::string from_base32(std::string_view text) {
    auto const end = text.find_last_not_of('=');
    text = text.substr(0, end == std::string_view::npos ? 0 : end + 1);
    std::string bytes;
    std::uint32_t bits = 0;
    unsigned count = 0;
    for (auto const c : text) {
        bits = bits << 5U | value_of(c);
        count += 5;
        if (count < 8) continue;
        count -= 8;
        bytes += static_cast<char>(bits >> count & 0xffU);
    }
    if (count >= 5 || (bits & ((1U << count) - 1)) != 0)
        throw std::invalid_argument{"this base32 is cut off, or a character of it is wrong"};
    return bytes;
}

}  // namespace sallyport::crypto

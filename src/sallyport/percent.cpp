#include "sallyport/percent.hpp"

#include "sallyport/ascii.hpp"

namespace sallyport {

std::string percent_encoded(std::string_view text, std::string_view kept) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string encoded;
    for (auto const c : text) {
        if (is_letter_or_digit(c) || kept.contains(c)) {
            encoded += c;
            continue;
        }
        auto const byte = static_cast<unsigned char>(c);
        encoded += {'%', digits[byte >> 4U], digits[byte & 15U]};
    }
    return encoded;
}

}  // namespace sallyport

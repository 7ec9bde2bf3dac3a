#include "crypto/normal_form.hpp"

#include <utf8proc.h>

#include <algorithm>
#include <cstdlib>
#include <memory>

namespace sallyport::crypto {

std::string to_nfc(std::string_view text) {
    auto const is_ascii = std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
    if (is_ascii) return std::string{text};
    utf8proc_uint8_t* made = nullptr;
    auto const size =
        utf8proc_map(reinterpret_cast<utf8proc_uint8_t const*>(text.data()), static_cast<utf8proc_ssize_t>(text.size()),
                     &made, static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE));
    std::unique_ptr<utf8proc_uint8_t, decltype(&std::free)> const owned{made, &std::free};
    if (size < 0) return std::string{text};
    return {reinterpret_cast<char const*>(made), static_cast<std::size_t>(size)};
}

}  // namespace sallyport::crypto

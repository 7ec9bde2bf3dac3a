#include "crypto/control_characters.hpp"

#include <fmt/format.h>
#include <utf8proc.h>

namespace sallyport::crypto {
namespace {

/// The first character of a text; negative for a byte that is none.
struct Character {
    utf8proc_int32_t code = -1;
    std::size_t bytes = 1;
};

Character first_of(std::string_view text) {
    Character first;
    auto const bytes = utf8proc_iterate(reinterpret_cast<utf8proc_uint8_t const*>(text.data()),
                                        static_cast<utf8proc_ssize_t>(text.size()), &first.code);
    if (bytes <= 0) return {};
    first.bytes = static_cast<std::size_t>(bytes);
    return first;
}

bool is_control(utf8proc_int32_t code) {
    auto const is_between = [code](int first, int last) { return code >= first && code <= last; };
    return code < 0x20 || is_between(0x7f, 0x9f) || code == 0x61c || is_between(0x200e, 0x200f) ||
           is_between(0x2028, 0x202e) || is_between(0x2066, 0x2069);
}

}  // namespace

bool has_control_characters(std::string_view text) {
    while (!text.empty()) {
        auto const first = first_of(text);
        if (is_control(first.code)) return true;
        text.remove_prefix(first.bytes);
    }
    return false;
}

std::string show_control_characters(std::string_view text) {
    std::string shown;
    while (!text.empty()) {
        auto const [code, bytes] = first_of(text);
        if (code < 0) {
            shown += fmt::format("\\x{:02x}", static_cast<unsigned char>(text.front()));
        } else if (is_control(code)) {
            shown += fmt::format("\\u{:04x}", code);
        } else {
            shown += text.substr(0, bytes);
        }
        text.remove_prefix(bytes);
    }
    return shown;
}

}  // namespace sallyport::crypto

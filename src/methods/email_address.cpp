#include "methods/email_address.hpp"

#include "sallyport/ascii.hpp"

#include <algorithm>

namespace sallyport::methods {
namespace {

constexpr std::size_t longest_local = 64;
constexpr std::size_t longest_label = 63;
constexpr std::size_t longest_address = 254;

bool is_beyond_ascii(char c) { return static_cast<unsigned char>(c) >= 0x80; }

bool is_alphanumeric(char c) { return is_letter_or_digit(c) || is_beyond_ascii(c); }

bool is_atom_character(char c) {
    return is_alphanumeric(c) || std::string_view{"!#$%&'*+-/=?^_`{|}~"}.find(c) != std::string_view::npos;
}

bool is_label(std::string_view label) {
    return !label.empty() && label.size() <= longest_label && label.front() != '-' && label.back() != '-' &&
           std::ranges::all_of(label, [](char c) { return is_alphanumeric(c) || c == '-'; });
}

bool is_atom(std::string_view atom) { return !atom.empty() && std::ranges::all_of(atom, is_atom_character); }

bool all_parts(std::string_view text, bool (*holds)(std::string_view)) {
    for (;;) {
        auto const dot = text.find('.');
        if (!holds(text.substr(0, dot))) return false;
        if (dot == std::string_view::npos) return true;
        text.remove_prefix(dot + 1);
    }
}

bool is_literal(std::string_view host) {
    if (host.size() < 3 || !host.starts_with('[') || !host.ends_with(']')) return false;
    auto const inside = host.substr(1, host.size() - 2);
    return std::ranges::all_of(
        inside, [](char c) { return (is_alphanumeric(c) && !is_beyond_ascii(c)) || c == '.' || c == ':'; });
}

}  // namespace

bool is_email_address(std::string_view text) {
    auto const at = text.rfind('@');
    if (at == std::string_view::npos || at > longest_local || text.size() > longest_address) return false;
    auto const host = text.substr(at + 1);
    return all_parts(text.substr(0, at), is_atom) && (is_literal(host) || all_parts(host, is_label));
}

}  // namespace sallyport::methods

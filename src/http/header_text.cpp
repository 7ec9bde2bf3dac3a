#include "http/header_text.hpp"

#include "sallyport/ascii.hpp"

#include <algorithm>

namespace sallyport::http {

bool same_name(std::string_view a, std::string_view b) { return same_letters(a, b); }

std::string_view trimmed(std::string_view text) {
    auto const first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

std::string without_controls(std::string text) {
    std::ranges::replace_if(text, [](unsigned char c) { return c < 0x20 || c == 0x7f; }, ' ');
    return text;
}

std::string_view next_element(std::string_view& rest) {
    bool is_quoted = false;
    std::size_t end = 0;
    for (; end < rest.size() && (is_quoted || rest[end] != ','); ++end) {
        if (rest[end] == '"') is_quoted = !is_quoted;
    }
    auto const element = trimmed(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
    return element;
}

bool lists_token(std::string_view list, std::string_view token) {
    while (!list.empty()) {
        auto const element = next_element(list);
        if (same_name(trimmed(element.substr(0, element.find(';'))), token)) return true;
    }
    return false;
}

}  // namespace sallyport::http

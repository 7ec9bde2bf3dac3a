#include "auth/access_token.hpp"
#include "crypto/digest.hpp"

#include <algorithm>

namespace sallyport::auth {
namespace {

std::size_t constexpr longest_token = 1024;

int hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

// A query value as its sender meant it; broken escapes stay as they are, as no token has a "%".
std::string decode(std::string_view text) {
    std::string plain;
    for (std::size_t i = 0; i < text.size(); ++i) {
        bool const is_escape =
            text[i] == '%' && i + 2 < text.size() && hex_digit(text[i + 1]) >= 0 && hex_digit(text[i + 2]) >= 0;
        if (is_escape) {
            plain += static_cast<char>(hex_digit(text[i + 1]) * 16 + hex_digit(text[i + 2]));
            i += 2;
        } else {
            plain += text[i] == '+' ? ' ' : text[i];
        }
    }
    return plain;
}

// Given twice it is an array to LoopBack, and no token.
std::optional<std::string> from_query(std::string_view query, std::string_view name) {
    std::optional<std::string> found;
    while (!query.empty()) {
        auto const pair = query.substr(0, query.find('&'));
        query.remove_prefix(std::min(query.size(), pair.size() + 1));
        auto const equals = pair.find('=');
        if (decode(pair.substr(0, equals)) != name) continue;
        if (found) return std::nullopt;
        found = equals == std::string_view::npos ? std::string{} : decode(pair.substr(equals + 1));
    }
    return found;
}

std::string base64_decoded(std::string_view text) {
    bool ok = false;
    auto decoded = crypto::from_base64(text, ok);
    return ok ? decoded : std::string{};
}

bool is_token(std::string_view text) {
    return text.size() == 64 && std::ranges::all_of(text, [](char c) {
               return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
           });
}

bool is_basic(std::string_view value) {
    std::string_view constexpr scheme = "basic ";
    return value.size() > scheme.size() &&
           std::ranges::equal(value.substr(0, scheme.size()), scheme,
                              [](char a, char b) { return (a >= 'A' && a <= 'Z' ? a + ('a' - 'A') : a) == b; });
}

// RFC 7617's "user:password": the token is the longer part, so both "token:" and ":token" work.
std::string from_basic(std::string_view encoded) {
    auto decoded = base64_decoded(encoded);
    auto const colon = decoded.find(':');
    if (colon == std::string::npos) return decoded;
    auto before = decoded.substr(0, colon);
    auto after = decoded.substr(colon + 1);
    return after.size() > before.size() ? after : before;
}

std::string from_header(std::string_view value) {
    if (value.starts_with("Bearer ")) {
        auto const rest = value.substr(7);
        // 64 letters and digits are never the base64 form of 64 letters and digits, so the two cannot be confused.
        return is_token(rest) ? std::string{rest} : base64_decoded(rest);
    }
    if (is_basic(value)) return from_basic(value.substr(6));
    return std::string{value};
}

}  // namespace

std::optional<std::string> presented_token(Request const& request, TokenPlaces const& places) {
    auto const kept = [](std::string token) -> std::optional<std::string> {
        if (token.empty() || token.size() > longest_token) return std::nullopt;
        return token;
    };
    if (places.query) {
        for (auto const& name : places.params) {
            if (auto token = from_query(request.query(), name)) return kept(std::move(*token));
        }
    }
    for (auto const& name : places.headers) {
        auto const value = request.header(name);
        if (!value.empty()) return kept(from_header(value));
    }
    return std::nullopt;
}

}  // namespace sallyport::auth

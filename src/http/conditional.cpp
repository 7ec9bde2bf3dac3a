#include "http/conditional.hpp"

#include "http/header_text.hpp"
#include "http/http_date.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <cstring>

namespace sallyport::http {
namespace {

/// High and low half of the product, mixed: each bit of either factor reaches half of the result's.
std::uint64_t fold(std::uint64_t a, std::uint64_t b) {
    auto const product = static_cast<unsigned __int128>(a) * b;
    return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}

// Odd constants without a pattern: the first digits of the fractions of pi and e.
constexpr std::uint64_t first_key = 0x243f6a8885a308d3;
constexpr std::uint64_t second_key = 0x13198a2e03707345;
constexpr std::uint64_t third_key = 0xb7e151628aed2a6b;

std::uint64_t hash_of(std::string_view text) {
    std::uint64_t hash = third_key ^ text.size();
    while (!text.empty()) {
        std::uint64_t words[2] = {0, 0};
        auto const step = std::min(text.size(), sizeof words);
        std::memcpy(words, text.data(), step);
        hash = fold(words[0] ^ first_key ^ hash, words[1] ^ second_key) + hash;
        text.remove_prefix(step);
    }
    return fold(hash ^ first_key, third_key);
}

std::string_view without_weakness(std::string_view tag) { return tag.starts_with("W/") ? tag.substr(2) : tag; }

}  // namespace

std::string weak_tag(std::string_view body) {
    std::array<char, 40> text{'W', '/', '"'};
    auto* end = std::to_chars(text.data() + 3, text.data() + text.size(), body.size(), 16).ptr;
    *end++ = '-';
    auto const hash = hash_of(body);
    for (auto shift = 60; shift >= 0; shift -= 4) *end++ = "0123456789abcdef"[hash >> shift & 15];
    *end++ = '"';
    return {text.data(), end};
}

bool names_tag(std::string_view if_none_match, std::string_view tag) {
    while (!if_none_match.empty()) {
        auto const candidate = next_element(if_none_match);
        if (candidate == "*" || without_weakness(candidate) == without_weakness(tag)) return true;
    }
    return false;
}

bool is_known_to_client(Request const& request, Response const& response) {
    if ((request.verb != "GET" && request.verb != "HEAD") || response.status / 100 != 2) return false;
    if (lists_token(request.header("Cache-Control"), "no-cache")) return false;  // The user asked for a fresh one.
    if (auto const tags = request.header("If-None-Match"); !tags.empty()) {
        auto const tag = response.header("ETag");
        return !tag.empty() && names_tag(tags, tag);
    }
    auto const since = parse_http_date(request.header("If-Modified-Since"));
    auto const changed = parse_http_date(response.header("Last-Modified"));
    return since && changed && *changed <= *since;
}

void make_not_modified(Response& response) {
    response.status = 304;
    response.body = std::string{};
    std::erase_if(response.headers, [](auto const& header) {
        return same_name(header.first, "Content-Type") || same_name(header.first, "Content-Length") ||
               same_name(header.first, "Content-Encoding");
    });
}

}  // namespace sallyport::http

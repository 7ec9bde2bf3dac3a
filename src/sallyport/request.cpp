#include "sallyport/request.hpp"

#include <algorithm>

namespace sallyport {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool equal_without_case(std::string_view a, std::string_view b) {
    return std::ranges::equal(a, b, [](char x, char y) { return lower(x) == lower(y); });
}

auto find(Headers const& headers, std::string_view name) {
    return std::ranges::find_if(headers, [&](auto const& header) { return equal_without_case(header.first, name); });
}

std::string_view trim(std::string_view text) {
    auto const first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

}  // namespace

std::string_view Request::path() const {
    std::string_view const whole = target;
    return whole.substr(0, whole.find('?'));
}

std::string_view Request::query() const {
    auto const mark = target.find('?');
    return mark == std::string::npos ? std::string_view{} : std::string_view{target}.substr(mark + 1);
}

std::string_view Request::header(std::string_view name) const {
    auto const found = find(headers, name);
    return found == headers.end() ? std::string_view{} : std::string_view{found->second};
}

bool Request::has_header(std::string_view name) const { return find(headers, name) != headers.end(); }

std::optional<std::string_view> Request::cookie(std::string_view name) const {
    std::string_view rest = header("Cookie");
    while (!rest.empty()) {
        auto const end = rest.find(';');
        auto const pair = trim(rest.substr(0, end));
        auto const mark = pair.find('=');
        if (mark != std::string_view::npos && pair.substr(0, mark) == name) return pair.substr(mark + 1);
        if (end == std::string_view::npos) break;
        rest.remove_prefix(end + 1);
    }
    return std::nullopt;
}

void Response::set_header(std::string_view name, std::string value) {
    auto const found = std::ranges::find_if(headers, [&](auto const& h) { return equal_without_case(h.first, name); });
    if (found == headers.end()) {
        headers.emplace_back(name, std::move(value));
    } else {
        found->second = std::move(value);
    }
}

std::string_view Response::header(std::string_view name) const {
    auto const found = find(headers, name);
    return found == headers.end() ? std::string_view{} : std::string_view{found->second};
}

}  // namespace sallyport

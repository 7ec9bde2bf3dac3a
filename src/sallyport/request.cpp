#include "sallyport/request.hpp"

#include "sallyport/ascii.hpp"
#include "sallyport/error.hpp"

#include <algorithm>

namespace sallyport {
namespace {

auto find(Headers const& headers, std::string_view name) {
    return std::ranges::find_if(headers, [&](auto const& header) { return same_letters(header.first, name); });
}

std::string_view trim(std::string_view text) {
    auto const first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

int hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

bool is_utf8(std::string_view text) {
    std::string quoted;
    append_string(quoted, text);
    try {
        return parse_json(quoted).as_string() == text;  // A broken byte was replaced.
    } catch (JsonError const&) {
        return false;
    }
}

}  // namespace

std::string decode_parameter(std::string_view raw) {
    std::string plain{raw};
    std::ranges::replace(plain, '+', ' ');
    if (!plain.contains('%')) return plain;
    std::string out;
    for (std::size_t i = 0; i < plain.size(); ++i) {
        if (plain[i] != '%') {
            out += plain[i];
            continue;
        }
        if (i + 2 >= plain.size()) return plain;
        auto const high = hex_digit(plain[i + 1]);
        auto const low = hex_digit(plain[i + 2]);
        if (high < 0 || low < 0) return plain;
        out += static_cast<char>(high * 16 + low);
        i += 2;
    }
    return is_utf8(out) ? out : plain;
}

std::string_view Request::path() const {
    std::string_view const whole = target;
    return whole.substr(0, whole.find('?'));
}

std::string_view Request::query() const {
    auto const mark = target.find('?');
    return mark == std::string::npos ? std::string_view{} : std::string_view{target}.substr(mark + 1);
}

std::optional<std::string> Request::parameter(std::string_view name) const {
    auto rest = query();
    while (!rest.empty()) {
        auto const pair = rest.substr(0, rest.find('&'));
        auto const mark = std::min(pair.find('='), pair.size());
        if (decode_parameter(pair.substr(0, mark)) == name)
            return decode_parameter(pair.substr(std::min(mark + 1, pair.size())));
        rest.remove_prefix(std::min(pair.size() + 1, rest.size()));
    }
    return std::nullopt;
}

Json Request::json() const {
    try {
        return parse_json(body);
    } catch (JsonError const& error) {
        throw Error{400, error.what()}.with_name("SyntaxError");
    }
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

Response json_response(Json const& value, int status) {
    return {.status = status, .headers = {{"Content-Type", "application/json; charset=utf-8"}}, .body = to_text(value)};
}

void Response::set_header(std::string_view name, std::string value) {
    auto const found = std::ranges::find_if(headers, [&](auto const& h) { return same_letters(h.first, name); });
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

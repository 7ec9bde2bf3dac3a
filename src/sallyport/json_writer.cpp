#include "sallyport/json.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <cstring>

namespace sallyport {
namespace {

// Length of the well-formed UTF-8 sequence at `at` (RFC 3629 section 4); 0 if there is none.
std::size_t sequence_length(std::string_view text, std::size_t at) {
    auto const byte = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U; };
    auto const is_tail = [&](std::size_t i) { return (byte(i) & 0xC0U) == 0x80U; };
    auto const lead = byte(at);
    auto const second = byte(at + 1);
    if (lead < 0x80) return 1;
    if (lead >= 0xC2 && lead <= 0xDF) return is_tail(at + 1) ? 2 : 0;
    if (lead >= 0xE0 && lead <= 0xEF) {
        if ((lead == 0xE0 && second < 0xA0) || (lead == 0xED && second > 0x9F)) return 0;
        return is_tail(at + 1) && is_tail(at + 2) ? 3 : 0;
    }
    if (lead >= 0xF0 && lead <= 0xF4) {
        if ((lead == 0xF0 && second < 0x90) || (lead == 0xF4 && second > 0x8F)) return 0;
        return is_tail(at + 1) && is_tail(at + 2) && is_tail(at + 3) ? 4 : 0;
    }
    return 0;
}

// The bytes that stand in a JSON string as they are: ASCII but for what is escaped (RFC 8259 section 7).
constexpr auto is_plain = [] {
    std::array<bool, 256> plain{};
    for (std::size_t byte = 0x20; byte < 0x80; ++byte) plain[byte] = byte != '"' && byte != '\\';
    return plain;
}();

void append_escape(std::string& out, char c) {
    switch (c) {
        case '"':
            out += "\\\"";
            return;
        case '\\':
            out += "\\\\";
            return;
        case '\b':
            out += "\\b";
            return;
        case '\f':
            out += "\\f";
            return;
        case '\n':
            out += "\\n";
            return;
        case '\r':
            out += "\\r";
            return;
        case '\t':
            out += "\\t";
            return;
        default:
            break;
    }
    constexpr char digits[] = "0123456789abcdef";
    out += "\\u00";
    out += digits[static_cast<unsigned char>(c) >> 4U];
    out += digits[static_cast<unsigned char>(c) & 0xFU];
}

void append_two(std::string& out, int value) {
    out += static_cast<char>('0' + value / 10);
    out += static_cast<char>('0' + value % 10);
}

struct Day {
    std::int64_t year;
    int month;
    int day;
};

// Civil date from days since the epoch, in the proleptic Gregorian calendar.
Day civil(std::int64_t days) {
    days += 719468;
    auto const era = (days >= 0 ? days : days - 146096) / 146097;
    auto const of_era = days - era * 146097;
    auto const year_of_era = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    auto const of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    auto const shifted = (5 * of_year + 2) / 153;
    auto const day = static_cast<int>(of_year - (153 * shifted + 2) / 5 + 1);
    auto const month = static_cast<int>(shifted < 10 ? shifted + 3 : shifted - 9);
    return {year_of_era + era * 400 + (month <= 2 ? 1 : 0), month, day};
}

void append_year(std::string& out, std::int64_t year) {
    auto const plain = year >= 0 && year <= 9999;
    auto const width = plain ? 4U : 6U;
    if (!plain) out += year < 0 ? '-' : '+';
    auto const digits = std::to_string(year < 0 ? -year : year);
    out.append(digits.size() < width ? width - digits.size() : 0, '0');
    out += digits;
}

}  // namespace

void append_number(std::string& out, double value) {
    if (!std::isfinite(value)) {
        out += "null";
        return;
    }
    char buffer[32];
    if (std::abs(value) < 9007199254740992.0 && value == std::trunc(value)) {
        auto const end = std::to_chars(buffer, buffer + sizeof buffer, static_cast<std::int64_t>(value)).ptr;
        out.append(buffer, end);
        return;
    }
    // Shortest digits that read back the same, then laid out as ECMA-262 section 6.1.6.1.20 says.
    auto const end = std::to_chars(buffer, buffer + sizeof buffer, value, std::chars_format::scientific).ptr;
    std::string_view text{buffer, static_cast<std::size_t>(end - buffer)};
    if (text.front() == '-') {
        out += '-';
        text.remove_prefix(1);
    }
    auto const mark = text.find('e');
    std::string digits{text.substr(0, mark)};
    std::erase(digits, '.');
    int exponent = 0;
    auto const exponent_text = text.substr(mark + (text[mark + 1] == '+' ? 2 : 1));
    std::from_chars(exponent_text.data(), exponent_text.data() + exponent_text.size(), exponent);
    auto const point = exponent + 1;  // Digits before the decimal point.
    auto const count = static_cast<int>(digits.size());
    if (count <= point && point <= 21) {
        out += digits;
        out.append(static_cast<std::size_t>(point - count), '0');
    } else if (0 < point && point <= 21) {
        out.append(digits, 0, static_cast<std::size_t>(point))
            .append(1, '.')
            .append(digits, static_cast<std::size_t>(point));
    } else if (-6 < point && point <= 0) {
        out.append("0.").append(static_cast<std::size_t>(-point), '0').append(digits);
    } else {
        out += digits[0];
        if (count > 1) out.append(1, '.').append(digits, 1);
        out += exponent < 0 ? "e-" : "e+";
        out += std::to_string(std::abs(exponent));
    }
}

void append_string(std::string& out, std::string_view text) {
    out += '"';
    std::size_t clean = 0;
    for (std::size_t i = 0; i < text.size();) {
        auto const byte = static_cast<unsigned char>(text[i]);
        if (is_plain[byte]) {
            ++i;
            continue;
        }
        if (byte >= 0x80) {
            if (auto const length = sequence_length(text, i)) {
                i += length;
                continue;
            }
        }
        out.append(text, clean, i - clean);
        if (byte >= 0x80) {
            out += "\xEF\xBF\xBD";
        } else {
            append_escape(out, text[i]);
        }
        clean = ++i;
    }
    out.append(text, clean, text.size() - clean);
    out += '"';
}

void append_iso_date(std::string& out, double milliseconds) {
    constexpr std::int64_t day_length = 86400000;
    auto const whole = static_cast<std::int64_t>(milliseconds);
    auto const days = whole >= 0 ? whole / day_length : -((-whole + day_length - 1) / day_length);
    auto const rest = static_cast<int>(whole - days * day_length);
    auto const date = civil(days);
    append_year(out, date.year);
    out += '-';
    append_two(out, date.month);
    out += '-';
    append_two(out, date.day);
    out += 'T';
    append_two(out, rest / 3600000);
    out += ':';
    append_two(out, rest / 60000 % 60);
    out += ':';
    append_two(out, rest / 1000 % 60);
    out += '.';
    out += static_cast<char>('0' + rest % 1000 / 100);
    append_two(out, rest % 100);
    out += 'Z';
}

void append_text(std::string& out, Json const& value) {
    switch (value.kind()) {
        case Json::Kind::undefined:
        case Json::Kind::null:
            out += "null";
            return;
        case Json::Kind::boolean:
            out += value.as_boolean() ? "true" : "false";
            return;
        case Json::Kind::number:
            append_number(out, value.as_number());
            return;
        case Json::Kind::string:
            append_string(out, value.as_string());
            return;
        case Json::Kind::date:
            if (!std::isfinite(value.as_date())) {
                out += "null";
                return;
            }
            out += '"';
            append_iso_date(out, value.as_date());
            out += '"';
            return;
        case Json::Kind::array: {
            char separator = '[';
            for (auto const& item : value.as_array()) {
                out += separator;
                append_text(out, item);
                separator = ',';
            }
            out += separator == '[' ? "[]" : "]";
            return;
        }
        case Json::Kind::object: {
            char separator = '{';
            for (auto const& [name, member] : value.as_object()) {
                if (member.is_undefined()) continue;
                out += separator;
                append_string(out, name);
                out += ':';
                append_text(out, member);
                separator = ',';
            }
            out += separator == '{' ? "{}" : "}";
            return;
        }
    }
}

std::string to_text(Json const& value) {
    std::string out;
    append_text(out, value);
    return out;
}

}  // namespace sallyport

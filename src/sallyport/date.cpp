// Dates as JavaScript reads them, in UTC. First the ISO forms of ECMA-262 section 21.4.1.32, then the loose ones that
// V8 also takes: words for months, numbers by their place, a time with colons, AM or PM, a zone.

#include "sallyport/json.hpp"

#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>

namespace sallyport {
namespace {

constexpr double invalid = std::numeric_limits<double>::quiet_NaN();
constexpr double latest = 8.64e15;  // ECMA-262 section 21.4.1.1

std::int64_t days_before(std::int64_t year, int month, int day) {
    year -= month <= 2 ? 1 : 0;
    auto const era = (year >= 0 ? year : year - 399) / 400;
    auto const of_era = year - era * 400;
    auto const of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

struct Fields {
    std::int64_t year = 0;
    int month = 1;
    int day = 1;
    int hour = 0;
    int minute = 0;
    int second = 0;
    double millisecond = 0;
    int offset_minutes = 0;
};

double to_milliseconds(Fields const& f) {
    if (f.month < 1 || f.month > 12 || f.day < 1 || f.day > 31) return invalid;
    if (f.minute > 59 || f.second > 59 || f.hour > 24) return invalid;
    if (f.hour == 24 && (f.minute != 0 || f.second != 0 || f.millisecond != 0)) return invalid;
    auto const days = static_cast<double>(days_before(f.year, f.month, f.day));
    auto const time = ((f.hour * 60.0 + f.minute - f.offset_minutes) * 60 + f.second) * 1000 + f.millisecond;
    auto const all = days * 86400000.0 + time;
    return std::abs(all) <= latest ? all : invalid;
}

class Scanner {
public:
    explicit Scanner(std::string_view text) : rest_{text} {}

    bool at_end() const { return rest_.empty(); }
    char peek() const { return rest_.empty() ? '\0' : rest_.front(); }
    void skip() { rest_.remove_prefix(1); }
    bool take(char c) {
        if (peek() != c || rest_.empty()) return false;
        skip();
        return true;
    }

    /// Exactly `count` digits; nothing (and nothing taken) otherwise.
    std::optional<int> digits(std::size_t count) {
        if (rest_.size() < count) return std::nullopt;
        int value = 0;
        for (auto c : rest_.substr(0, count)) {
            if (c < '0' || c > '9') return std::nullopt;
            value = value * 10 + (c - '0');
        }
        rest_.remove_prefix(count);
        return value;
    }

    /// A run of digits, at most 9 of them counted.
    std::string_view run() {
        std::size_t length = 0;
        while (length < rest_.size() && rest_[length] >= '0' && rest_[length] <= '9') ++length;
        auto const found = rest_.substr(0, length);
        rest_.remove_prefix(length);
        return found;
    }

    std::string_view word() {
        std::size_t length = 0;
        while (length < rest_.size() && ((rest_[length] | 0x20) >= 'a' && (rest_[length] | 0x20) <= 'z')) ++length;
        auto const found = rest_.substr(0, length);
        rest_.remove_prefix(length);
        return found;
    }

private:
    std::string_view rest_;
};

std::optional<int> zone(Scanner& scan) {
    if (scan.take('Z') || scan.take('z')) return 0;
    auto const sign = scan.peek() == '-' ? -1 : 1;
    if (!scan.take('+') && !scan.take('-')) return std::nullopt;
    auto const hours = scan.digits(2);
    scan.take(':');
    auto const minutes = scan.digits(2);
    if (!hours || !minutes || *hours > 23 || *minutes > 59) return std::nullopt;
    return sign * (*hours * 60 + *minutes);
}

bool read_iso_time(Scanner& scan, Fields& f) {
    auto const hour = scan.digits(2);
    if (!hour || !scan.take(':')) return false;
    auto const minute = scan.digits(2);
    if (!minute) return false;
    f.hour = *hour;
    f.minute = *minute;
    if (scan.take(':')) {
        auto const second = scan.digits(2);
        if (!second) return false;
        f.second = *second;
        if (scan.take('.')) {
            auto const fraction = scan.run();
            if (fraction.empty()) return false;
            double unit = 100;
            for (auto c : fraction.substr(0, 3)) {
                f.millisecond += (c - '0') * unit;
                unit /= 10;
            }
        }
    }
    if (scan.at_end()) return true;
    auto const offset = zone(scan);
    f.offset_minutes = offset.value_or(0);
    return offset.has_value();
}

std::optional<double> parse_iso(std::string_view text) {
    Scanner scan{text};
    Fields f;
    if (scan.peek() == '+' || scan.peek() == '-') {
        auto const sign = scan.peek() == '-' ? -1 : 1;
        scan.skip();
        auto const year = scan.digits(6);
        if (!year || (sign < 0 && *year == 0)) return std::nullopt;
        f.year = std::int64_t{sign} * *year;
    } else {
        auto const year = scan.digits(4);
        if (!year) return std::nullopt;
        f.year = *year;
    }
    if (scan.take('-')) {
        auto const month = scan.digits(2);
        if (!month) return std::nullopt;
        f.month = *month;
        if (scan.take('-')) {
            auto const day = scan.digits(2);
            if (!day) return std::nullopt;
            f.day = *day;
        }
    }
    if (scan.take('T') || scan.take('t') || scan.take(' ')) {
        if (!read_iso_time(scan, f)) return std::nullopt;
    }
    if (!scan.at_end()) return std::nullopt;
    return to_milliseconds(f);
}

int month_of(std::string_view word) {
    constexpr std::array<std::string_view, 12> names{"jan", "feb", "mar", "apr", "may", "jun",
                                                     "jul", "aug", "sep", "oct", "nov", "dec"};
    if (word.size() < 3) return 0;
    std::string start;
    for (auto c : word.substr(0, 3)) start += static_cast<char>(c | 0x20);
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (names[i] == start) return static_cast<int>(i) + 1;
    }
    return 0;
}

std::string lower(std::string_view word) {
    std::string out;
    for (auto c : word) out += static_cast<char>(c | 0x20);
    return out;
}

// The loose forms, as far as anyone sends them: "Jun 1, 2015 10:00", "2015/06/01", "1 June 2015 10:00 PM GMT+2".
class LooseDate {
public:
    explicit LooseDate(std::string_view text) : scan_{text} {}

    double read() {
        while (!scan_.at_end()) {
            if (!step()) return invalid;
        }
        return whole();
    }

private:
    bool step() {
        auto const c = scan_.peek();
        if (c >= '0' && c <= '9') return number();
        if ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') return word();
        if ((c == '+' || c == '-') && has_time_) return offset();
        if (c == '(') return comment();
        if (c == ' ' || c == ',' || c == '/' || c == '-' || c == '.' || c == '\t') {
            scan_.skip();
            return true;
        }
        return false;
    }

    bool number() {
        auto const run = scan_.run();
        if (run.size() > 6) return false;
        auto const value = std::stoi(std::string{run});
        if (scan_.peek() == ':' && !has_time_) return time(value);
        if (count_ == 3) return false;
        widths_[count_] = run.size();
        numbers_[count_++] = value;
        return true;
    }

    bool time(int hour) {
        has_time_ = true;
        fields_.hour = hour;
        scan_.skip();
        auto const minute = scan_.run();
        if (minute.empty() || minute.size() > 2) return false;
        fields_.minute = std::stoi(std::string{minute});
        if (!scan_.take(':')) return true;
        auto const second = scan_.run();
        if (second.empty() || second.size() > 2) return false;
        fields_.second = std::stoi(std::string{second});
        if (!scan_.take('.')) return true;
        double unit = 100;
        for (auto c : scan_.run().substr(0, 3)) {
            fields_.millisecond += (c - '0') * unit;
            unit /= 10;
        }
        return true;
    }

    bool word() {
        auto const found = scan_.word();
        auto const name = lower(found);
        if (name == "am" || name == "pm") {
            if (!has_time_ || fields_.hour < 1 || fields_.hour > 12) return false;
            fields_.hour = fields_.hour % 12 + (name == "pm" ? 12 : 0);
            return true;
        }
        if (name == "z" || name == "gmt" || name == "utc" || name == "ut") {
            has_time_ = true;  // A sign may follow.
            return true;
        }
        if (auto const month = month_of(found)) {
            month_ = month;
            return true;
        }
        // Names of days mean nothing; other words are unknown once a number was seen.
        return count_ == 0 && !has_time_;
    }

    bool offset() {
        auto const sign = scan_.peek() == '-' ? -1 : 1;
        scan_.skip();
        auto const run = scan_.run();
        if (run.empty() || run.size() > 4) return false;
        auto value = std::stoi(std::string{run});
        if (scan_.take(':')) {
            auto const minutes = scan_.run();
            value = value * 100 + (minutes.empty() ? 0 : std::stoi(std::string{minutes}));
        } else if (run.size() <= 2) {
            value *= 100;
        }
        fields_.offset_minutes = sign * (value / 100 * 60 + value % 100);
        return true;
    }

    bool comment() {
        while (!scan_.at_end() && !scan_.take(')')) scan_.skip();
        return true;
    }

    static std::int64_t century(int year, std::size_t width) {
        if (width > 2) return year;
        return year < 50 ? 2000 + year : 1900 + year;
    }

    double whole() {
        if (month_ != 0) {
            if (count_ == 0) return invalid;
            auto const year_first = widths_[0] > 2 || numbers_[0] > 31;
            fields_.month = month_;
            if (count_ == 1) {
                fields_.year = year_first ? numbers_[0] : 2001;  // What V8 takes for no year.
                fields_.day = year_first ? 1 : numbers_[0];
            } else {
                fields_.year = year_first ? numbers_[0] : century(numbers_[1], widths_[1]);
                fields_.day = year_first ? numbers_[1] : numbers_[0];
            }
            return to_milliseconds(fields_);
        }
        if (count_ == 0) return invalid;
        if (widths_[0] > 2 || numbers_[0] > 31) {
            fields_.year = numbers_[0];
            fields_.month = count_ > 1 ? numbers_[1] : 1;
            fields_.day = count_ > 2 ? numbers_[2] : 1;
        } else {
            fields_.month = numbers_[0];
            fields_.day = count_ > 1 ? numbers_[1] : 1;
            fields_.year = count_ > 2 ? century(numbers_[2], widths_[2]) : 2001;
        }
        return to_milliseconds(fields_);
    }

    Scanner scan_;
    Fields fields_;
    std::array<int, 3> numbers_{};
    std::array<std::size_t, 3> widths_{};
    std::size_t count_ = 0;
    int month_ = 0;
    bool has_time_ = false;
};

}  // namespace

double parse_date(std::string_view text) {
    auto const first = text.find_first_not_of(" \t\n\r");
    if (first == std::string_view::npos) return invalid;
    text = text.substr(first, text.find_last_not_of(" \t\n\r") - first + 1);
    if (text.size() > 64) return invalid;
    if (auto const iso = parse_iso(text)) return *iso;
    return LooseDate{text}.read();
}

}  // namespace sallyport

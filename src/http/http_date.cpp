#include "http/http_date.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <chrono>

namespace sallyport::http {
namespace {

constexpr std::array<std::string_view, 7> days = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
constexpr std::array<std::string_view, 12> months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

/// The number in text[from, from + length), digits only; -1 if it is none.
int digits_at(std::string_view text, std::size_t from, std::size_t length) {
    auto const part = text.substr(from, length);
    int value = -1;
    auto const [end, error] = std::from_chars(part.data(), part.data() + part.size(), value);
    return error == std::errc{} && end == part.data() + part.size() ? value : -1;
}

}  // namespace

std::string http_date(std::int64_t seconds) {
    using namespace std::chrono;
    sys_seconds const time{std::chrono::seconds{seconds}};
    auto const day = floor<std::chrono::days>(time);
    year_month_day const date{day};
    hh_mm_ss const clock{time - day};
    return fmt::format("{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT", days[weekday{day}.c_encoding()],
                       unsigned{date.day()}, months[unsigned{date.month()} - 1], int{date.year()},
                       clock.hours().count(), clock.minutes().count(), clock.seconds().count());
}

std::optional<std::int64_t> parse_http_date(std::string_view text) {
    using namespace std::chrono;
    if (text.size() != 29) return std::nullopt;
    unsigned month = 1;
    for (auto const name : months) {
        if (text.substr(8, 3) == name) break;
        ++month;
    }
    year_month_day const date{year{digits_at(text, 12, 4)}, std::chrono::month{month},
                              day{static_cast<unsigned>(digits_at(text, 5, 2))}};
    if (!date.ok()) return std::nullopt;
    auto const seconds = sys_seconds{sys_days{date}} + hours{digits_at(text, 17, 2)} + minutes{digits_at(text, 20, 2)} +
                         std::chrono::seconds{digits_at(text, 23, 2)};
    auto const count = seconds.time_since_epoch().count();
    if (http_date(count) != text) return std::nullopt;  // Every other byte, the weekday and the ranges.
    return count;
}

std::string const& DateLine::at(std::int64_t seconds) {
    if (seconds != seconds_) {
        seconds_ = seconds;
        text_ = fmt::format("Date: {}\r\n", http_date(seconds));
    }
    return text_;
}

}  // namespace sallyport::http

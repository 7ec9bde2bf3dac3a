// The patterns are those of libphonenumber-js, written out by tools/phone-numbers when this is built.

#include "auth/number_rules.hpp"

#include <re2/re2.h>

#include <algorithm>

namespace sallyport::auth {
namespace {

struct Mobiles {
    std::string_view country;
    std::string_view calling_code;
    std::string_view pattern;  ///< Of the number within the country.
};

constexpr Mobiles mobiles[] = {
#include "phone_countries.inc"
};

bool is_digit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

struct Numbers::Country {
    std::string calling_code;
    std::unique_ptr<RE2> pattern;
};

Numbers::Numbers(NumberRules rules) : rules_{std::move(rules)} {
    for (auto const& name : rules_.countries) {
        auto const* found = std::ranges::find(mobiles, std::string_view{name}, &Mobiles::country);
        if (found == std::end(mobiles)) continue;
        countries_.push_back({std::string{found->calling_code}, std::make_unique<RE2>(found->pattern, RE2::Quiet)});
    }
}

Numbers::~Numbers() = default;

bool Numbers::serves(std::string_view number) const {
    if (!number.starts_with('+')) return false;
    auto const has_number = [&](auto const& range) { return number.starts_with(range.first); };
    if (std::ranges::any_of(rules_.prefixes, has_number)) return true;
    auto const digits = number.substr(1);
    return std::ranges::any_of(countries_, [&](Country const& country) {
        return digits.starts_with(country.calling_code) &&
               RE2::FullMatch(digits.substr(country.calling_code.size()), *country.pattern);
    });
}

Numbers::Range Numbers::range_of(std::string_view number) const {
    constexpr std::size_t plus_and_six = 7;
    Range range{std::string{number.substr(0, plus_and_six)}};
    std::size_t longest = 0;
    for (auto const& [prefix, per_hour] : rules_.prefixes) {
        if (prefix.size() <= longest || !number.starts_with(prefix)) continue;
        longest = prefix.size();
        range = {prefix, per_hour};
    }
    return range;
}

bool is_country(std::string_view name) {
    return std::ranges::find(mobiles, name, &Mobiles::country) != std::end(mobiles);
}

bool is_range(std::string_view text) {
    return text.size() >= 2 && text.size() <= 15 && text[0] == '+' && text[1] != '0' &&
           std::ranges::all_of(text.substr(1), is_digit);
}

}  // namespace sallyport::auth

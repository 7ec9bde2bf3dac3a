// Which telephone numbers text messages go to: mobiles of the countries an app serves, and so many an hour to each
// range of numbers. Premium and satellite numbers earn whoever owns them money with every message.

#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace sallyport::auth {

/// As an "sms" data source says.
struct NumberRules {
    std::vector<std::string> countries;            ///< ISO 3166-1 alpha-2: "FR". Empty serves nobody.
    std::map<std::string, std::int64_t> prefixes;  ///< Messages an hour to a range of its own: {"+33612", 200}.
    std::int64_t daily_cap = 500;                  ///< Messages in 24 hours, all together.
};

/// Immutable; any thread may use it.
class Numbers {
public:
    static constexpr std::int64_t usual_per_hour = 20;

    /// Countries that do not exist are passed over: is_country() tells.
    explicit Numbers(NumberRules rules);
    ~Numbers();

    /// Whether a number of E.164 is a mobile's in one of the countries, or in a range of its own.
    bool serves(std::string_view number) const;

    /// What a number is counted under: its own range, or its first six digits.
    struct Range {
        std::string prefix;  ///< "+33612"
        std::int64_t per_hour = usual_per_hour;
    };
    Range range_of(std::string_view number) const;

    std::int64_t daily_cap() const { return rules_.daily_cap; }

private:
    struct Country;

    NumberRules rules_;
    std::vector<Country> countries_;
};

/// Whether there are mobiles in a country of that name.
bool is_country(std::string_view name);

/// Whether `text` can be a range: "+" and 1 to 14 digits.
bool is_range(std::string_view text);

}  // namespace sallyport::auth

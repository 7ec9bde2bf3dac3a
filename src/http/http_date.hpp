// Dates as HTTP writes them (RFC 9110 section 5.6.7).

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sallyport::http {

/// "Sun, 06 Nov 1994 08:49:37 GMT" for seconds since the Unix epoch.
std::string http_date(std::int64_t seconds);

/// The seconds an IMF-fixdate names; nothing for any other text, the two obsolete forms included.
std::optional<std::int64_t> parse_http_date(std::string_view text);

/// The Date line, written anew once a second. One per thread.
class DateLine {
public:
    std::string const& at(std::int64_t seconds);

private:
    std::int64_t seconds_ = -1;
    std::string text_;
};

}  // namespace sallyport::http

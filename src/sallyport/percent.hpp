// Percent-encoding (RFC 3986 section 2.1).

#pragma once

#include <string>
#include <string_view>

namespace sallyport {

/// Every byte that is no letter or digit of ASCII and not in `kept` as %XX.
std::string percent_encoded(std::string_view text, std::string_view kept);

}  // namespace sallyport

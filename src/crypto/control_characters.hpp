// Characters that are not seen but change what is: they move a terminal's cursor, or turn the direction of a line.

#pragma once

#include <string>
#include <string_view>

namespace sallyport::crypto {

/// Whether `text` has one: C0, DEL and C1 (ISO 6429), the end of a line or paragraph (U+2028, U+2029), or what
/// controls the direction of writing (UAX #9 section 2). What is no UTF-8 counts as one.
bool has_control_characters(std::string_view text);

/// `text` with those in sight: "\u001b" for each, "\x9b" for a byte that is no UTF-8. Of JSON on one line it makes the
/// same JSON.
std::string show_control_characters(std::string_view text);

}  // namespace sallyport::crypto

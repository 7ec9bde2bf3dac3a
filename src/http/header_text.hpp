// The small grammar that all of HTTP's headers share (RFC 9110 section 5.6).

#pragma once

#include <string>
#include <string_view>

namespace sallyport::http {

/// Equal without regard to the case of ASCII letters.
bool same_name(std::string_view a, std::string_view b);

/// Without spaces and tabs at both ends.
std::string_view trimmed(std::string_view text);

/// `text` with a space in place of each control character (RFC 5234: CTL), so that it is one line.
std::string without_controls(std::string text);

/// Takes the next element of a comma-separated list off the front of `rest`, trimmed.
///
/// A comma inside a quoted string does not end an element.
std::string_view next_element(std::string_view& rest);

/// Whether a comma-separated list names `token`, without regard to case; parameters after ";" are ignored.
bool lists_token(std::string_view list, std::string_view token);

}  // namespace sallyport::http

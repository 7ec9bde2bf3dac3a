// What an email address looks like (RFC 5321 section 4.1.2, RFC 6531 for letters beyond ASCII).

#pragma once

#include <string_view>

namespace sallyport::methods {

/// Whether `text` can be an address: a dot-atom of at most 64 bytes, "@", and a host name or an address in brackets.
///
/// Quoted local parts and comments are refused, as LoopBack does. What passes holds no blank, no control character and
/// nothing else that could end a mail header.
bool is_email_address(std::string_view text);

}  // namespace sallyport::methods

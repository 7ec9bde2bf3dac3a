// QR codes (ISO/IEC 18004), for an authenticator app to read a secret from the screen.

#pragma once

#include <string>
#include <string_view>

namespace sallyport::auth {

/// An SVG image of `text`, black on white whatever the page looks like, with the margin that readers need. It has no
/// script, style or link. Throws std::length_error for more than a QR code holds (2331 bytes).
std::string qr_svg(std::string_view text);

}  // namespace sallyport::auth

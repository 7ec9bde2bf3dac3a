// The answer to requests that others could read on their way.

#pragma once

#include "sallyport/request.hpp"

#include <string>

namespace sallyport::rest {

/// Sends whoever reads a page on to the same path below `base_url`, where that is https (308, RFC 9110 section 15.4.9).
///
/// All else is 403 `HTTPS_REQUIRED`: below `root` a redirect would hide that a password has just been sent for everyone
/// to read, and without https a page that asks for one would be no better. (426 is for an upgrade on the same
/// connection, RFC 9110 section 15.5.22, which HTTPS is not.)
Handler refuse_exposed(std::string root, std::string base_url);

}  // namespace sallyport::rest

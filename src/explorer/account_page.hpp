// The pages of web/ that people reach without a client of the app: where the links in its mails lead.

#pragma once

#include "sallyport/request.hpp"

#include <optional>

namespace sallyport::explorer {

/// Answers GET and HEAD of /reset-password and of what that page loads; nothing for all else. Any thread.
std::optional<Response> account_page(Request const& request);

}  // namespace sallyport::explorer

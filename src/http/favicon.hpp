// The icon that stands in for an app's own.

#pragma once

#include <string_view>

namespace sallyport::http {

/// The bytes of an image/x-icon.
std::string_view favicon();

}  // namespace sallyport::http

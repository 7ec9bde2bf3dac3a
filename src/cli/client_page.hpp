// The login page of examples/two-factor, as it was when this program was built.

#pragma once

#include <span>
#include <string_view>
#include <utility>

namespace sallyport::cli {

/// File names and texts. The body is generated: see CMakeLists.txt beside.
std::span<std::pair<std::string_view, std::string_view> const> client_page();

}  // namespace sallyport::cli

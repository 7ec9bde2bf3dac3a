// The most used passwords: whoever guesses begins with these.

#pragma once

#include <string_view>

namespace sallyport::methods {

/// Whether the whole of it, in small letters, is one of some 18 000; those of fewer than 8 characters are not among
/// them.
bool is_among_most_used(std::string_view password);

}  // namespace sallyport::methods

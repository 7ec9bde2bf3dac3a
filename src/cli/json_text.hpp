// JSON files that people read: written tidily, and changed without disturbing what stands there.

#pragma once

#include "sallyport/json.hpp"

#include <span>
#include <string>
#include <string_view>

namespace sallyport::cli {

/// `value` with two spaces of indentation; what is small and below the first level stays on one line. Ends with a new
/// line.
std::string pretty(Json const& value);

/// `text`, a JSON object, with one more member at its end, indented like the others; all else stays as it is.
///
/// Throws JsonError if `text` is no JSON object.
std::string with_member(std::string_view text, std::string_view name, Json const& value);

/// The same for an object inside it, at the end of the names of `path`; what is missing of them is made.
std::string with_member_at(std::string_view text, std::span<std::string const> path, std::string_view name,
                           Json const& value);

/// `text` with one more element at the end of the array at `path`, which is made if it is missing.
std::string with_element_at(std::string_view text, std::span<std::string const> path, Json const& value);

}  // namespace sallyport::cli

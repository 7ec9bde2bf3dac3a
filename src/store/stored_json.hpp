// JSON that the database holds.

#pragma once

#include "sallyport/json.hpp"

#include <optional>
#include <string_view>

namespace sallyport::store {

/// Reads it; nothing where it is none, written by hand.
std::optional<Json> stored_json(std::string_view text);

}  // namespace sallyport::store

// How JavaScript compares values of any kind, as LoopBack's memory connector does: "10" == 10, [1] == 1, true > 0.

#pragma once

#include "sallyport/json.hpp"

#include <string_view>

namespace sallyport::store {

/// ECMA-262 section 7.2.14 (`==`). Two objects, or arrays, are never equal: none is the very same as the other. But
/// Buffers are, by their bytes.
bool is_loosely_equal(Json const& left, Json const& right);

/// Whether `left sign right` holds, for the signs =, <, <=, > and >=. Nothing is equal to nothing, and in no other
/// order to anything.
bool compares(Json const& left, std::string_view sign, Json const& right);

}  // namespace sallyport::store

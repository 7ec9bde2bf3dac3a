// Patterns of filters as RE2 holds them.

#pragma once

#include <re2/re2.h>

namespace sallyport::query {

/// Bounded in memory, and silent about a pattern that is none.
RE2::Options pattern_options();

}  // namespace sallyport::query

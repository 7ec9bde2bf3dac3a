#include "query/depth.hpp"

#include "sallyport/error.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace sallyport::query {
namespace {

bool is_within(Json const& value, int levels) {
    if (levels < 0) return false;
    if (value.is_array())
        return std::ranges::all_of(value.as_array(), [&](Json const& item) { return is_within(item, levels - 1); });
    if (!value.is_object()) return true;
    return std::ranges::all_of(value.as_object(),
                               [&](JsonObject::Member const& member) { return is_within(member.second, levels - 1); });
}

}  // namespace

void require_depth(Json const& value, int levels, int depth) {
    if (is_within(value, levels - depth)) return;
    throw Error{400, fmt::format("The query object exceeds maximum depth {}", levels), "QUERY_OBJECT_TOO_DEEP"};
}

}  // namespace sallyport::query

#include "store/loose_comparison.hpp"

#include <cmath>
#include <compare>
#include <string>

namespace sallyport::store {
namespace {

bool is_structure(Json const& value) { return value.is_array() || value.is_object(); }

std::partial_ordering order(Json const& left, Json const& right) {
    auto const unordered = std::partial_ordering::unordered;
    if (left.is_nothing() || right.is_nothing())
        return left.is_nothing() && right.is_nothing() ? std::partial_ordering::equivalent : unordered;
    if (is_structure(left)) return is_loosely_equal(left, right) ? std::partial_ordering::equivalent : unordered;
    auto const are_texts = left.is_string() && (right.is_string() || is_structure(right));
    if (are_texts) return left.as_string() <=> to_display(right);
    return to_number(left) <=> to_number(right);
}

}  // namespace

bool is_loosely_equal(Json const& left, Json const& right) {
    if (left.is_nothing() || right.is_nothing()) return left.is_nothing() && right.is_nothing();
    if (is_structure(left) && is_structure(right)) return left["type"] == Json{"Buffer"} && left == right;
    auto const is_text = [](Json const& value) { return value.is_string() || value.is_date() || is_structure(value); };
    if (is_text(left) && is_text(right)) return to_display(left) == to_display(right);
    return to_number(left) == to_number(right);
}

bool compares(Json const& left, std::string_view sign, Json const& right) {
    if (sign == "=") return is_loosely_equal(left, right);
    auto const found = order(left, right);
    if (sign == "<") return std::is_lt(found);
    if (sign == "<=") return std::is_lteq(found);
    return sign == ">" ? std::is_gt(found) : std::is_gteq(found);
}

}  // namespace sallyport::store

#include "store/value_condition.hpp"

#include "query/pattern.hpp"
#include "store/loose_comparison.hpp"
#include "store/stored_json.hpp"

#include <algorithm>

namespace sallyport::store {
namespace {

constexpr std::string_view negation = "not ";

}  // namespace

ValueCondition::ValueCondition(std::string_view test, std::string_view operand)
    : is_negated_{test.starts_with(negation)} {
    if (is_negated_) test.remove_prefix(negation.size());
    test_ = test;
    if (test == "like" || test == "regexp") {
        pattern_.emplace(re2::StringPiece{operand.data(), operand.size()}, query::pattern_options());
    } else {
        operand_ = stored_json(operand).value_or(Json{nullptr});
    }
    if ((test == "in" || test == "between") && !operand_.is_array()) operand_ = Json::array();
    if (test == "between") operand_.as_array().resize(2);
}

bool ValueCondition::passes_some(JsonArray const& values) const {
    if (values.empty()) return is_negated_ && test_ == "=";
    return std::ranges::any_of(values, [this](Json const& value) { return holds(value) != is_negated_; });
}

bool ValueCondition::holds(Json const& value) const {
    if (pattern_) {
        // A regexp of LoopBack throws at what is no text, or skips it; a pattern sees what JavaScript shows.
        auto const is_seen = test_ == "like" ? !value.is_nothing() : value.is_string() && !value.as_string().empty();
        return is_seen && pattern_->ok() && RE2::PartialMatch(to_display(value), *pattern_);
    }
    if (test_ == "between")
        return compares(value, ">=", operand_.as_array()[0]) && compares(value, "<=", operand_.as_array()[1]);
    if (test_ == "in")
        return std::ranges::any_of(operand_.as_array(),
                                   [&](Json const& item) { return is_loosely_equal(value, item); });
    return compares(value, test_, operand_);
}

}  // namespace sallyport::store

#include "store/value_test.hpp"

#include "store/loose_comparison.hpp"

#include <algorithm>

namespace sallyport::store {
namespace {

constexpr std::string_view negation = "not ";

}  // namespace

RE2::Options quiet_pattern() {
    RE2::Options options;
    options.set_log_errors(false);
    options.set_max_mem(1 << 20);
    return options;
}

ValueTest::ValueTest(std::string_view test, std::string_view operand) : is_negated_{test.starts_with(negation)} {
    if (is_negated_) test.remove_prefix(negation.size());
    test_ = test;
    if (test == "like" || test == "regexp") {
        pattern_.emplace(re2::StringPiece{operand.data(), operand.size()}, quiet_pattern());
    } else {
        operand_ = parse_json(operand, {.max_depth = 64, .max_keys = 100000});
    }
}

bool ValueTest::passes_some(JsonArray const& values) const {
    if (values.empty()) return is_negated_ && test_ == "=";
    return std::ranges::any_of(values, [this](Json const& value) { return holds(value) != is_negated_; });
}

bool ValueTest::holds(Json const& value) const {
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

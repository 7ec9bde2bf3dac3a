// What a condition asks of the values inside a JSON document.

#pragma once

#include "sallyport/json.hpp"

#include <re2/re2.h>

#include <optional>
#include <string>
#include <string_view>

namespace sallyport::store {

/// One test with its operand, parsed once and used for each row of a statement. Safe on several threads.
class ValueCondition {
public:
    /// `test` is =, <, <=, >, >=, in or between with an operand in JSON, for in a list and for between a list of two;
    /// or like or regexp with a pattern of RE2. In front of any, "not " turns it around.
    ValueCondition(std::string_view test, std::string_view operand);

    /// Whether one of `values` passes. `not =` passes as well where there is none.
    bool passes_some(JsonArray const& values) const;

private:
    bool holds(Json const& value) const;

    std::string test_;
    bool is_negated_;
    Json operand_;
    std::optional<RE2> pattern_;
};

}  // namespace sallyport::store

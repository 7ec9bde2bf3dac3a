// The `filter` and `where` arguments of a request, read into a Filter.

#pragma once

#include "definition/definition.hpp"
#include "sallyport/filter.hpp"

#include <cstddef>
#include <optional>

namespace sallyport::query {

/// Where a filter may come from decides what it may hold (DESIGN section 5's two columns).
struct FilterRules {
    bool refuse_unknown = true;   ///< Hidden or unknown property or operator: 400; else dropped.
    bool prohibit_hidden = true;  ///< Hidden properties in where are dropped or refused; off only for ourselves.
    bool models_may_open_hidden = false;  ///< A model's prohibitHiddenPropertiesInQuery: false is heeded.
    std::optional<int> max_depth = 12;  ///< Levels of JSON, where the model has no maxDepthOfQuery; none for ourselves.
    int levels_above_where = 0;         ///< That count where it is joined to another condition.
    int max_include_depth = 3;
    std::size_t max_conditions = 1000;  ///< Comparisons in one filter.
    std::size_t max_pattern = 256;      ///< Bytes of a regexp or like pattern.
    std::int64_t max_limit = 1000;      ///< Larger and missing limits become this; 0 means no such limit.
};

/// The same for a condition that will be joined to another, below which LoopBack puts it: {"and": [{...}, where]}.
FilterRules joined(FilterRules rules);

/// Reads a filter for `model`; values are brought into the type of their property.
///
/// Throws Error 400 with LoopBack's messages: "The where clause \"x\" is not an object", ...
Filter read_filter(Json const& filter, definition::Model const& model, definition::Registry const& models,
                   FilterRules const& rules);

/// Reads a where alone.
Where read_where(Json const& where, definition::Model const& model, FilterRules const& rules);

/// How brackets in names are read.
struct BracketRules {
    std::size_t levels = 5;         ///< How deep they may go.
    bool refuses_deeper = false;    ///< Else what comes deeper stays one name.
    std::size_t list_limit = 1000;  ///< From this index on, an index is a name.
};

/// The query parameters of `text` (the part after "?") as express with qs reads them: "a[b][0]=1" becomes nested
/// objects and arrays, values are strings. The first 1000 count. What cannot be decoded stays as it is.
///
/// Throws Error 400 where `refuse_duplicates`, for a name given twice ("a[]" may be), and for one that is too deep.
JsonObject read_query(std::string_view text, bool refuse_duplicates, BracketRules const& rules = {});

}  // namespace sallyport::query

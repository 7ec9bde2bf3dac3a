// The `where` of a request: every condition checked, its value brought into the type it is compared with.

#pragma once

#include "query/parse.hpp"
#include "sallyport/error.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sallyport::query {

/// Where the records of a filter stand: what is protected is hidden below another record.
enum class Nesting : std::uint8_t { top, nested };

/// Reads conditions one after another; all that one instance reads share the limit on their number.
class WhereReader {
public:
    explicit WhereReader(FilterRules const& rules) : rules_{rules}, conditions_left_{rules.max_conditions} {}

    /// Throws Error 400.
    Where read(Json const& where, definition::Model const& model, Nesting nesting = Nesting::top);

private:
    Where read_all(Json const& where, definition::Model const& model);
    Where read_joined(std::string const& word, Json const& clauses, definition::Model const& model);
    Where read_property(std::string const& name, Json const& value, definition::Model const& model);
    Where read_operator(std::string const& name, std::string const& word, Json const& clause,
                        definition::PropertyType const* type);
    void count(std::size_t conditions);

    FilterRules const& rules_;
    std::size_t conditions_left_;
    Nesting nesting_ = Nesting::top;
};

/// How a name in a filter stands to the model.
enum class Standing : std::uint8_t { known, unknown, hidden };

/// A dotted name is hidden if any of its parts is, and known if its first is.
Standing standing_of(std::string_view name, definition::Model const& model, Nesting nesting = Nesting::top);

/// Whether hidden properties of the model may be asked about.
bool may_use_hidden(definition::Model const& model, FilterRules const& rules);

/// Throws Error 400 QUERY_OBJECT_TOO_DEEP for a filter or where that nests deeper than the model or the rules allow.
void require_depth(Json const& query, definition::Model const& model, FilterRules const& rules, int depth = 0);

/// 400: the model has no such property to `purpose` ("filter by"). The same text for hidden ones.
Error unknown_property(std::string_view name, definition::Model const& model, std::string_view purpose);

/// A value as it is compared with a property of `type`, each item of a list by itself. Throws Error 400 for what is no
/// date where one is needed.
Json to_compared(definition::PropertyType const& type, Json value);

/// A list, or an object with the keys "0", "1", ... in place of one, as a query string makes it; nothing for others.
std::optional<JsonArray> to_list(Json const& value);

/// A value as LoopBack words it in what it refuses: null is quoted like a text.
std::string to_quoted(Json const& value);

}  // namespace sallyport::query

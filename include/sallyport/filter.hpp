// Filter: which records, in which order, how much of each. LoopBack's `filter` argument as plain data.
//
// query/parse reads one from a request; query/sql turns one into SQL. Values have already the type of
// their property.

#pragma once

#include "sallyport/json.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace sallyport {

enum class Operator : std::uint8_t {
    eq,
    neq,
    gt,
    gte,
    lt,
    lte,
    between,
    inq,
    nin,
    like,
    nlike,
    ilike,
    nilike,
    regexp,
    near
};

/// near asks for points around {"lat", "lng"}, nearest first, between "min" and "max" away where these are given, in
/// radians of a great circle.
///
/// One comparison, or several joined. An empty `all` holds for every record, an empty `any` for none.
struct Where {
    enum class Kind : std::uint8_t { all, any, comparison };

    Kind kind = Kind::all;
    std::vector<Where> parts;  ///< of all and any

    std::string property;  ///< of a comparison; "a.b" reaches into an object
    Operator op = Operator::eq;
    Json value;           ///< between: two; inq and nin: any number, as an array; near: see below
    std::string options;  ///< like and regexp: "i" ignores case

    bool matches_everything() const { return kind == Kind::all && parts.empty(); }
};

/// `property` equals `value`.
Where equals(std::string property, Json value);

/// `property` compared by any other operator: compare("pages", Operator::gt, 100).
Where compare(std::string property, Operator op, Json value);

/// All of `parts`.
Where all_of(std::vector<Where> parts);

/// At least one of `parts`; nothing where there are none.
Where any_of(std::vector<Where> parts);

struct Order {
    std::string property;
    bool descending = false;
};

/// Which properties to give: those of `only`, or all where it is empty, but for those of `except`.
struct Fields {
    std::vector<std::string> only;
    std::vector<std::string> except;

    bool empty() const { return only.empty() && except.empty(); }
    bool has(std::string_view property) const;
};

struct Filter;

struct Include {
    std::string relation;
    std::vector<Filter> scope;  ///< None or one; of a relation that reaches several models, one for each of `models`.
    std::vector<std::string> models{};
};

struct Filter {
    Where where{};
    std::vector<Order> order{};
    Fields fields{};
    std::vector<Include> include{};
    std::optional<std::int64_t> limit{};  ///< None: all of them, as far as the server allows.
    std::int64_t skip = 0;
};

}  // namespace sallyport

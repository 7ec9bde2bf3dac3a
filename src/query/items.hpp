// Conditions on the elements of a list that stands inside a record.

#pragma once

#include "query/sql.hpp"

namespace sallyport::query {

/// A SELECT of the places (from 0, in order) of those elements of the array `list` that match. They are compared as
/// properties without a column of their own are: one meaning of filters, not two.
Statement select_items(Json const& list, Where const& where, Dialect dialect);

}  // namespace sallyport::query

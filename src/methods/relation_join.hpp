// hasMany and hasOne: the related records hold the key of a record on this side.

#pragma once

#include "methods/relation_road.hpp"

namespace sallyport::methods {

/// Whether the relation leads to access tokens, of which each user model sees its own only.
bool leads_to_tokens(Road const& road);

/// The records on the other side that belong to `record`.
Task<Where> mine(Invocation& call, Road const& road, Json const& record);

/// Makes `data` a record that belongs to `record`.
void own(Road const& road, Json const& record, Json& data);

/// Throws Error 400 where `data` would give a related record another foreign key.
void keep_foreign_key(Road const& road, Json const& record, Json const& data);

}  // namespace sallyport::methods

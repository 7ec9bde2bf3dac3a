// What the relations to embedded records share: ids made here, and one more record checked by its own model's rules.

#pragma once

#include "methods/relation_road.hpp"

namespace sallyport::methods {

/// The related model as items of an embedsMany are compared: they are JSON, and numbers and texts in it are held
/// against an operand as it was sent, as LoopBack has it.
definition::Model as_sent(definition::Model model);

/// Gives the data of a new embedded record an id where it needs one: the next number in `list`, or 24 hex digits as
/// LoopBack's transient connector makes them.
void give_id(Road const& road, JsonArray const& list, Json& data);

/// A new embedded record from `data`, checked, and for a persistent relation kept in its own table too.
Task<Json> new_item(Invocation const& call, Road const& road, Json const& owner, JsonArray const& list, Json data,
                    std::vector<HookContext::Also>& also);

}  // namespace sallyport::methods

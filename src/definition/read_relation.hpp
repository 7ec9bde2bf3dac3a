// One entry of "relations": the words of it. What they leave out is filled in by tie_relations.hpp, once every model is
// known.

#pragma once

#include "definition/definition.hpp"
#include "definition/located_json.hpp"

namespace sallyport::definition {

/// Reads a relation of `model`; names that were left out stay "".
Relation read_relation(LocatedMember const& member, Findings& findings);

/// Judges a filter of "scope" or "scopes".
void check_filter(Located const& filter, std::string_view what, Findings& findings);

}  // namespace sallyport::definition

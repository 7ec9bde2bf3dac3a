// Tying models together by their relations, once all are read.

#pragma once

#include "definition/read_model.hpp"

#include <string>
#include <vector>

namespace sallyport::definition {

/// Fills in what relations leave out, defines foreign keys, and makes missing through models.
///
/// `order` is the order in which models are attached to their data sources: names of through models and the order of
/// foreign keys depend on it, as they do in LoopBack.
void tie_relations(Drafts& drafts, std::vector<std::string> const& order, Findings& findings);

}  // namespace sallyport::definition

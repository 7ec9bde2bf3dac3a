// Tying models together once all are read: relations and the foreign keys they bring, types that are models, mixins.

#pragma once

#include "definition/mixin.hpp"
#include "definition/read_model.hpp"

#include <map>
#include <string>
#include <vector>

namespace sallyport::definition {

using Drafts = std::map<std::string, Draft, std::less<>>;

/// Fills in what relations leave out, defines foreign keys, and makes missing through models.
///
/// `order` is the order in which models are attached to their data sources: names of through models and the order of
/// foreign keys depend on it, as they do in LoopBack.
void tie_relations(Drafts& drafts, std::vector<std::string> const& order, Findings& findings);

/// Checks and applies each model's mixins. Mixins that are JavaScript are not run: a note if `ignore_scripts`.
void apply_mixins(Drafts& drafts, std::vector<MixinDefinition> const& mixins, bool ignore_scripts, Findings& findings);

/// Marks hidden properties, fills in embedded models, and finds models that are named but not there.
void finish(Drafts& drafts, Findings& findings);

}  // namespace sallyport::definition

// Mixins of models: their options judged, then what they add.

#pragma once

#include "definition/mixin.hpp"
#include "definition/read_model.hpp"

#include <vector>

namespace sallyport::definition {

/// Checks and applies each model's mixins. Mixins that are JavaScript are not run: a note if `ignore_scripts`.
void apply_mixins(Drafts& drafts, std::vector<MixinDefinition> const& mixins, bool ignore_scripts, Findings& findings);

}  // namespace sallyport::definition

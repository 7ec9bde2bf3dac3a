// The last look at models: hidden properties, embedded models, and names that lead nowhere.

#pragma once

#include "definition/read_model.hpp"

namespace sallyport::definition {

/// Marks hidden properties, fills in embedded models, and finds models, methods and properties that are named but not
/// there.
void finish_models(Drafts& drafts, Findings& findings);

}  // namespace sallyport::definition

// A mixin, LoopBack's own word: what a name under a model's "mixins" adds to that model.
//
// methods/ makes them as values, app/boot hands them here, so that their options are checked like any other JSON.

#pragma once

#include "definition/definition.hpp"
#include "definition/located_json.hpp"

#include <functional>
#include <string>
#include <vector>

namespace sallyport::definition {

/// One option a mixin takes.
struct MixinOption {
    std::string name;
    TypeName type;
    /// Tells everything that is wrong with a value of that type, each where it stands; null for nothing.
    std::function<void(Located const& value, Model const& model, Findings& findings)> check;
};

struct MixinDefinition {
    std::string name;
    std::vector<MixinOption> options;
    /// Adds methods, rules and settings to the model.
    std::function<void(Model&, Json const& options)> apply;
    /// Tells what is wrong with the options as a whole; `name` is where the mixin is named. Null for nothing.
    std::function<void(Located const& options, Place const& name, Model const& model, Findings& findings)> check;
};

}  // namespace sallyport::definition

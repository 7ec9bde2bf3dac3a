// A mixin, LoopBack's own word: what a name under a model's "mixins" adds to that model.
//
// methods/ makes them as values, app/boot hands them here, so that their options are checked like any other JSON.

#pragma once

#include "definition/definition.hpp"

#include <functional>
#include <string>
#include <vector>

namespace sallyport::definition {

/// One option a mixin takes.
struct MixinOption {
    std::string name;
    TypeName type;
    /// Says what is wrong with a value ("must be 1 to 600"), or nothing.
    std::function<std::string(Json const& value, Model const& model)> complaint;
};

struct MixinDefinition {
    std::string name;
    std::vector<MixinOption> options;
    /// Adds methods, rules and settings to the model.
    std::function<void(Model&, Json const& options)> apply;
    /// Says what is wrong with the options as a whole, or nothing: "needs \"phone\"".
    std::function<std::vector<std::string>(Model const&, Json const& options)> complaints;
};

}  // namespace sallyport::definition

// The models that every app has: Model, PersistedModel, User, AccessToken, Role, RoleMapping, ACL, Email and LoopBack's
// lesser ones, which are known as bases.

#pragma once

#include "definition/located_json.hpp"

#include <vector>

namespace sallyport::definition {

/// Their definitions, each after its base; the first is Model, which has none.
std::vector<Located> built_in_models();

}  // namespace sallyport::definition

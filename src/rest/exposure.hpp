// Which methods of a model have a route, and where.

#pragma once

#include "model/stored_model.hpp"
#include "sallyport/method.hpp"

#include <string>
#include <vector>

namespace sallyport::rest {

/// Whether a method has a route: its own `shared`, unless the model's sharedMethods says otherwise. A name wins over
/// patterns ("*", "prototype.__*"); an alias can switch off, not on.
bool is_exposed(definition::Model const& model, MethodSpec const& method);

/// The routes of a model's method below its model's path: verbs in upper case (DELETE for LoopBack's "del"), instance
/// methods below "/:id"; a method that names none answers any verb at /NAME; in lower case with dashes where the model
/// normalizes its paths.
std::vector<RouteSpec> routes_of(definition::Model const& model, MethodSpec const& method);

}  // namespace sallyport::rest

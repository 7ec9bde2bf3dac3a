// What docs/how-to shows, on the models of examples/extension.

#pragma once

#include "sallyport/app.hpp"

namespace library {

void add_methods(sallyport::App& app);
void add_hooks(sallyport::App& app);
void add_roles_and_routes(sallyport::App& app);

}  // namespace library

// The first administrator: a new app has none, and nobody could make one but an operator.

#pragma once

#include "auth/role.hpp"
#include "definition/load.hpp"
#include "methods/account.hpp"

#include <string>

namespace sallyport::app {

/// A role that the app's rules name, "admin" before others, and that no account has nor code decides; "" where there is
/// none, or the app keeps no roles. Blocks: at start.
std::string unheld_role(definition::Project const& project, methods::AccountParts const& account,
                        auth::RoleResolvers const& decided);

}  // namespace sallyport::app

// `sallyport show-config`: each setting of a project, its value, and where it came from.

#pragma once

#include "cli/verb.hpp"

#include <ostream>

namespace sallyport::cli {

void add_show_config(CLI::App& app, Work& work, std::ostream& out, std::ostream& err);

}  // namespace sallyport::cli

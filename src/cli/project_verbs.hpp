// The verbs that open a project: check, migrate, routes, run. Each returns an exit code.

#pragma once

#include "definition/load.hpp"
#include "sallyport/app.hpp"

#include <cstdint>
#include <filesystem>
#include <iosfwd>

namespace sallyport::cli {

/// The project, for a verb that works with its data. Throws std::runtime_error where it has mistakes.
definition::Project load_sound(std::filesystem::path const& folder);

/// Prints every finding; 1 if there is a mistake among them.
int check(std::filesystem::path const& folder, std::ostream& out);

enum class Migration : std::uint8_t { printed, run };

/// Makes the tables fit the models. Throws std::runtime_error where that cannot be done.
int migrate(std::filesystem::path const& folder, Migration migration, std::ostream& out, std::ostream& err);

/// Prints "GET /api/Notes/:id  Note.findById" for each route.
int list_routes(std::filesystem::path const& folder, std::ostream& out);

/// Serves until told to stop.
int serve(std::filesystem::path const& folder, AppSettings const& settings);

}  // namespace sallyport::cli

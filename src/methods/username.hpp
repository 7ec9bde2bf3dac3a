// Usernames that can be taken for nothing else: operators name accounts by email, id or username, and whoever chooses
// the one must not be mistaken for the owner of another.

#pragma once

#include "definition/definition.hpp"

#include <string>
#include <string_view>

namespace sallyport::methods {

/// Why a text cannot be a new username of a user model, as what follows "`username`"; "" where it can. Those that are
/// stored stay good: only who chooses one is asked.
///
/// Refused are: an "@", as in an email; digits alone, and what reads as an id of the model, or as a UUID or an
/// ObjectID; control characters and those that turn the direction of writing.
std::string problem_with_username(definition::Model const& model, std::string_view username);

/// The same for an id that whoever makes the account chooses, as what follows its name.
std::string problem_with_chosen_id(std::string_view id);

}  // namespace sallyport::methods

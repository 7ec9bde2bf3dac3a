// What may not change in a record behind the back of its factors: the number, and once a factor is confirmed email and
// username.

#pragma once

#include "methods/two_doors.hpp"

#include <memory>

namespace sallyport::methods {

/// Adds the hooks and the check of the number to the model, in either mode.
///
/// From outside the number can be set only when the user is created, and has to be one (422). PATCH, PUT, bulk and
/// relation routes that would change it answer 401 FACTOR_CHANGE_NOT_ALLOWED. The program itself may.
void guard_phone(std::shared_ptr<TwoFactorModel const> const& two);

}  // namespace sallyport::methods

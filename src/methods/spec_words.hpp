// Short ways to say what a method takes and gives back, where a mixin declares many.

#pragma once

#include "sallyport/method.hpp"

#include <string>

namespace sallyport::methods {

ArgumentSpec argument(std::string name, TypeName type, ArgumentSpec::Source source, bool required);

/// A member of the answer.
ReturnSpec returned(std::string name, TypeName type);

/// The answer itself.
ReturnSpec whole_body(std::string name, TypeName type);

}  // namespace sallyport::methods

// Fault: why a request is refused before anyone looked at what it asks.

#pragma once

#include <string_view>

namespace sallyport::http {

struct Fault {
    int status = 0;            ///< 0 for none
    std::string_view message;  ///< For the client; a literal.
};

}  // namespace sallyport::http

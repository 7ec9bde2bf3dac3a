// The header Forwarded (RFC 7239 section 4): for each proxy on the way who asked it, and by which scheme.

#pragma once

#include "sallyport/request.hpp"

#include <string>
#include <vector>

namespace sallyport::http {

struct ForwardedElement {
    std::string node;    ///< "for": an address, perhaps with a port, "unknown" or "_hidden"; "" for none.
    std::string scheme;  ///< "proto"; "" for none.
};

/// All elements in order, of repetitions of the header too.
///
/// A line that breaks the grammar counts as one empty element: what a client left open (a quote) must not swallow, or
/// change, what a proxy appended to the same line.
std::vector<ForwardedElement> forwarded_elements(Headers const& headers);

}  // namespace sallyport::http

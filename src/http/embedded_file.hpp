// Files that were compressed before anyone asks for them: into this program when it was built, or once at its start.

#pragma once

#include "sallyport/request.hpp"

#include <string_view>

namespace sallyport::http {

struct EmbeddedFile {
    std::string_view name;     ///< Its extension says its type.
    std::string_view tag;      ///< A weak entity tag, made of its content.
    std::string_view gzip;     ///< Compressed with gzip,
    std::string_view brotli;   ///< and with brotli (RFC 7932); "" for not.
    std::string_view plain{};  ///< "" where only compressed forms are kept.
};

/// The answer to GET or HEAD of `file`, in the smallest form the client takes. A cache may keep it, and asks each time
/// whether it still holds.
Response reply_with(EmbeddedFile const& file, Request const& request);

}  // namespace sallyport::http

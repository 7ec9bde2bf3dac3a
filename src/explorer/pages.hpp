// The files of web/explorer and what they need of swagger-ui, as they were when this program was built.

#pragma once

#include <span>
#include <string_view>

namespace sallyport::explorer {

struct Page {
    std::string_view name;    ///< Below the explorer's path: "index.html", "swagger-ui-5.35.0/swagger-ui.css"
    std::string_view tag;     ///< A weak entity tag, made of its content.
    std::string_view gzip;    ///< Compressed with gzip,
    std::string_view brotli;  ///< and with brotli (RFC 7932).
};

/// The body is generated: see tools/embed_pages.mjs.
std::span<Page const> pages();

}  // namespace sallyport::explorer

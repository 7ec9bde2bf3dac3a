// The files of web/, and what they need of swagger-ui, as they were when this program was built.
//
// The bodies are generated: see tools/embed_pages.mjs.

#pragma once

#include "http/embedded_file.hpp"

#include <span>

namespace sallyport::explorer {

/// Named as below the explorer's path: "index.html", "swagger-ui-5.35.0/swagger-ui.css"
std::span<http::EmbeddedFile const> explorer_pages();

/// Named as below the root: "reset-password.html", "reset-password/page.css"
std::span<http::EmbeddedFile const> account_pages();

}  // namespace sallyport::explorer

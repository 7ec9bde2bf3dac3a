#include "http/embedded_file.hpp"

#include "http/conditional.hpp"
#include "http/gzip.hpp"
#include "http/static_files.hpp"

#include <string>

namespace sallyport::http {
namespace {

void put_body(Response& response, EmbeddedFile const& file, std::string_view accepted) {
    if (!file.brotli.empty() && accepts_coding(accepted, "br")) {
        response.set_header("Content-Encoding", "br");
        response.body = std::string{file.brotli};
    } else if (accepts_gzip(accepted)) {
        response.set_header("Content-Encoding", "gzip");
        response.body = std::string{file.gzip};
    } else {
        response.body = file.plain.empty() ? gunzip(file.gzip) : std::string{file.plain};
    }
}

}  // namespace

Response reply_with(EmbeddedFile const& file, Request const& request) {
    Response response{200,
                      {{"Content-Type", std::string{content_type_of(file.name)}},
                       {"Cache-Control", "no-cache"},
                       {"ETag", std::string{file.tag}},
                       {"Vary", "Accept-Encoding"},
                       {"X-Content-Type-Options", "nosniff"}},
                      std::string{}};
    // Before the body, which may have to be inflated.
    if (!is_known_to_client(request, response)) put_body(response, file, request.header("Accept-Encoding"));
    return response;
}

}  // namespace sallyport::http

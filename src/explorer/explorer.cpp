#include "explorer/explorer.hpp"

#include "explorer/openapi.hpp"
#include "explorer/operation.hpp"
#include "explorer/pages.hpp"
#include "explorer/swagger.hpp"
#include "http/conditional.hpp"
#include "http/gzip.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace sallyport::explorer {
namespace {

// Only what this server gives: swagger-ui draws with inline pictures ("data:"), and needs nothing else from elsewhere.
constexpr auto page_policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

Response reply(http::EmbeddedFile const& file, Request const& request) {
    auto response = http::reply_with(file, request);
    if (file.name.ends_with(".html")) response.set_header("Content-Security-Policy", page_policy);
    // A name that holds its version never means anything else.
    if (file.name.starts_with("swagger-ui-"))
        response.set_header("Cache-Control", "public, max-age=31536000, immutable");
    return response;
}

Response redirect(std::string const& to) {
    return {301,
            {{"Location", to}, {"Content-Type", "text/html; charset=UTF-8"}},
            fmt::format("<!doctype html>\n<title>Moved</title>\n<p><a href=\"{0}\">{0}</a></p>\n", to)};
}

}  // namespace

Explorer::Explorer(Options options, model::Models const& models) : options_{std::move(options)} {
    auto const listed = operations(models);
    add(options_.resource_path, swagger_document(listed, models.registry(), options_));
    add("openapi.json", openapi_document(listed, models.registry(), options_));
    add("config.json", JsonObject{{"url", fmt::format("{}/{}", options_.mount_path, options_.resource_path)},
                                  {"openapi", options_.mount_path + "/openapi.json"}});
}

void Explorer::add(std::string name, Json const& json) {
    Document document{.name = std::move(name), .text = to_text(json), .gzip = {}, .tag = {}};
    document.gzip = http::gzip(document.text);
    document.tag = http::weak_tag(document.text);
    documents_.push_back(std::move(document));
}

std::optional<Response> Explorer::answer(Request const& request) const {
    if (request.verb != "GET" && request.verb != "HEAD") return std::nullopt;
    auto path = request.path();
    if (!path.starts_with(options_.mount_path)) return std::nullopt;
    path.remove_prefix(options_.mount_path.size());
    if (path.empty()) return redirect(options_.mount_path + "/");
    if (!path.starts_with('/')) return std::nullopt;
    path.remove_prefix(1);
    return file(path.empty() ? "index.html" : path, request);
}

std::optional<Response> Explorer::file(std::string_view name, Request const& request) const {
    auto const document = std::ranges::find(documents_, name, &Document::name);
    if (document != documents_.end())
        return reply({document->name, document->tag, document->gzip, {}, document->text}, request);
    auto const pages = explorer_pages();
    auto const page = std::ranges::find(pages, name, &http::EmbeddedFile::name);
    if (page == pages.end()) return std::nullopt;
    return reply(*page, request);
}

}  // namespace sallyport::explorer

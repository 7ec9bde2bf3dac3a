#include "explorer/explorer.hpp"

#include "explorer/openapi.hpp"
#include "explorer/operation.hpp"
#include "explorer/pages.hpp"
#include "explorer/swagger.hpp"
#include "http/conditional.hpp"
#include "http/gzip.hpp"
#include "http/static_files.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace sallyport::explorer {
namespace {

// Only what this server gives: swagger-ui draws with inline pictures ("data:"), and needs nothing else from elsewhere.
constexpr auto page_policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

// A name that holds its version never means anything else; any other is asked for again, and mostly answered by 304.
std::string_view caching_of(std::string_view name) {
    return name.starts_with("swagger-ui-") ? "public, max-age=31536000, immutable" : "no-cache";
}

/// What may be sent of one file; `plain` is empty where only compressed forms are kept.
struct Forms {
    std::string_view plain;
    std::string_view gzip;
    std::string_view brotli;
};

void put_body(Response& response, Forms const& forms, std::string_view accepted) {
    if (!forms.brotli.empty() && http::accepts_coding(accepted, "br")) {
        response.set_header("Content-Encoding", "br");
        response.body = std::string{forms.brotli};
    } else if (http::accepts_gzip(accepted)) {
        response.set_header("Content-Encoding", "gzip");
        response.body = std::string{forms.gzip};
    } else {
        response.body = forms.plain.empty() ? http::gunzip(forms.gzip) : std::string{forms.plain};
    }
}

Response reply(std::string_view name, std::string_view tag, Forms const& forms, Request const& request) {
    std::string const type{http::content_type_of(name)};
    Response response{200,
                      {{"Content-Type", type},
                       {"Cache-Control", std::string{caching_of(name)}},
                       {"ETag", std::string{tag}},
                       {"Vary", "Accept-Encoding"},
                       {"X-Content-Type-Options", "nosniff"}},
                      std::string{}};
    if (type.starts_with("text/html")) response.set_header("Content-Security-Policy", page_policy);
    // Before the body, which may have to be inflated.
    if (!http::is_known_to_client(request, response)) put_body(response, forms, request.header("Accept-Encoding"));
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
    if (document != documents_.end()) return reply(name, document->tag, {document->text, document->gzip, {}}, request);
    auto const all = pages();
    auto const page = std::ranges::find(all, name, &Page::name);
    if (page == all.end()) return std::nullopt;
    return reply(name, page->tag, {{}, page->gzip, page->brotli}, request);
}

}  // namespace sallyport::explorer

#include "http/middleware.hpp"

#include "http/conditional.hpp"
#include "http/favicon.hpp"
#include "http/gzip.hpp"
#include "http/header_text.hpp"
#include "sallyport/ascii.hpp"

#include <algorithm>
#include <memory>
#include <string_view>
#include <utility>

namespace sallyport::http {
namespace {

constexpr std::size_t least_compressed = 1024;  // bytes

struct Wrapped {
    MiddlewareRules rules;
    Handler next;
};

void vary_by(Response& response, std::string_view name) {
    auto const vary = response.header("Vary");
    if (lists_token(vary, name) || vary == "*") return;
    response.set_header("Vary", vary.empty() ? std::string{name} : std::string{vary} + ", " + std::string{name});
}

void set_if_absent(Response& response, std::string_view name, std::string_view value) {
    if (response.header(name).empty()) response.headers.emplace_back(name, value);
}

// Cross-origin sharing
// --------------------------------------------------------------------------------------------------

void add_origin(Cors const& cors, Request const& request, Response& response) {
    if (cors.allowed == Cors::Origins::all) {
        response.set_header("Access-Control-Allow-Origin", "*");
        return;
    }
    auto const origin = request.header("Origin");
    bool const is_allowed =
        cors.allowed == Cors::Origins::echoed || std::ranges::find(cors.origins, origin) != cors.origins.end();
    if (is_allowed && !origin.empty()) response.set_header("Access-Control-Allow-Origin", std::string{origin});
    vary_by(response, "Origin");
}

void share(Cors const& cors, Request const& request, Response& response) {
    add_origin(cors, request, response);
    if (cors.credentials) response.set_header("Access-Control-Allow-Credentials", "true");
    auto exposed = cors.exposed_headers;
    // Pages elsewhere page by these; the entry may say otherwise.
    if (exposed.empty() && !response.header("X-Total-Count").empty()) exposed = "Content-Range, X-Total-Count";
    if (!exposed.empty()) response.set_header("Access-Control-Expose-Headers", std::move(exposed));
}

Response preflight(Cors const& cors, Request const& request) {
    Response response{204, {}, {}};
    share(cors, request, response);
    response.set_header("Access-Control-Allow-Methods", cors.methods);
    std::string wanted = cors.request_headers;
    if (wanted.empty()) {
        wanted = request.header("Access-Control-Request-Headers");
        vary_by(response, "Access-Control-Request-Headers");
    }
    if (!wanted.empty()) response.set_header("Access-Control-Allow-Headers", std::move(wanted));
    if (cors.max_age_seconds >= 0) {
        response.set_header("Access-Control-Max-Age", std::to_string(cors.max_age_seconds));
    }
    return response;
}

// Every answer
// ----------------------------------------------------------------------------------------------------------

// In whatever case: routes are found so, too.
bool is_below(std::string_view path, std::string_view root) {
    return !root.empty() && same_letters(path.substr(0, root.size()), root) &&
           (path.size() == root.size() || root.ends_with('/') || path[root.size()] == '/');
}

void add_fixed_headers(MiddlewareRules const& rules, Request const& request, Response& response) {
    response.headers.reserve(response.headers.size() + rules.fixed_headers.size() + 8);
    if (response.carries_secret || is_below(request.path(), rules.no_store_below)) {
        set_if_absent(response, "Cache-Control", "no-store");
    }
    for (auto const& [name, value] : rules.fixed_headers) set_if_absent(response, name, value);
    if (request.is_secure) {
        for (auto const& [name, value] : rules.secure_headers) set_if_absent(response, name, value);
    }
    // A 304 has no type to choose a policy by, and its headers would replace those of the page that the client kept.
    if (response.status == 304) return;
    bool const is_page = response.header("Content-Type").starts_with("text/html");
    auto const& policy = is_page ? rules.page_policy : rules.api_policy;
    if (!policy.empty()) set_if_absent(response, "Content-Security-Policy", policy);
}

void tag(Request const& request, Response& response) {
    auto const* text = std::get_if<std::string>(&response.body);
    bool const is_read = request.verb == "GET" || request.verb == "HEAD";
    bool const has_content = response.status / 100 == 2 && response.status != 204;
    if (text == nullptr || !is_read || !has_content || response.carries_secret) return;
    if (response.header("ETag").empty()) response.headers.emplace_back("ETag", weak_tag(*text));
}

/// Tokens are given in answers to POST, so those stay as they are even where nobody said that they carry a secret.
void compress(Request const& request, Response& response) {
    auto* text = std::get_if<std::string>(&response.body);
    if (text == nullptr || text->size() < least_compressed || response.carries_secret || request.verb != "GET") return;
    if (!response.header("Content-Encoding").empty() || lists_token(response.header("Cache-Control"), "no-transform") ||
        !accepts_gzip(request.header("Accept-Encoding"))) {
        return;
    }
    response.body = gzip(*text);
    response.set_header("Content-Encoding", "gzip");
}

/// HEAD is answered as GET would be, length included, and without the body (RFC 9110 section 9.3.2).
void take_body_of_head(Response& response) {
    auto* text = std::get_if<std::string>(&response.body);
    if (text == nullptr || text->empty()) return;
    response.set_header("Content-Length", std::to_string(text->size()));
    text->clear();
}

void finish(MiddlewareRules const& rules, Request const& request, Response& response) {
    add_fixed_headers(rules, request, response);
    if (rules.etag) tag(request, response);
    bool const may_compress = rules.compression && is_compressible(response.header("Content-Type"));
    if (may_compress) vary_by(response, "Accept-Encoding");
    if (is_known_to_client(request, response)) {
        make_not_modified(response);
    } else if (may_compress) {
        compress(request, response);
    }
    if (request.verb == "HEAD") take_body_of_head(response);
}

Response icon() {
    return {
        200, {{"Content-Type", "image/x-icon"}, {"Cache-Control", "public, max-age=86400"}}, std::string{favicon()}};
}

Task<Response> answer(std::shared_ptr<Wrapped const> wrapped, Request const& request) {
    auto const& rules = wrapped->rules;
    Response response;
    if (rules.favicon && request.path() == "/favicon.ico" && (request.verb == "GET" || request.verb == "HEAD")) {
        response = icon();
    } else if (rules.cors && request.verb == "OPTIONS") {
        response = preflight(*rules.cors, request);
    } else {
        response = co_await wrapped->next(request);
        if (rules.cors) share(*rules.cors, request, response);
    }
    finish(rules, request, response);
    co_return response;
}

}  // namespace

void add_headers(MiddlewareRules const& rules, Request const& request, Response& response) {
    if (rules.cors) share(*rules.cors, request, response);
    add_fixed_headers(rules, request, response);
}

Handler with_middleware(MiddlewareRules rules, Handler next) {
    auto wrapped = std::make_shared<Wrapped const>(std::move(rules), std::move(next));
    return [wrapped = std::move(wrapped)](Request const& request) { return answer(wrapped, request); };
}

}  // namespace sallyport::http

#include "explorer/account_page.hpp"

#include "explorer/pages.hpp"

#include <algorithm>
#include <string>

namespace sallyport::explorer {
namespace {

// The page holds a token: nothing of it leaves this origin, and no other page may frame it.
constexpr auto page_policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

}  // namespace

std::optional<Response> account_page(Request const& request) {
    if (request.verb != "GET" && request.verb != "HEAD") return std::nullopt;
    auto path = request.path();
    if (!path.starts_with('/')) return std::nullopt;
    path.remove_prefix(1);
    auto const all = account_pages();
    auto const page = std::ranges::find_if(all, [&](http::EmbeddedFile const& file) {
        return file.name == path || file.name == std::string{path} + ".html";
    });
    if (page == all.end()) return std::nullopt;
    auto response = http::reply_with(*page, request);
    response.set_header("Referrer-Policy", "no-referrer");
    if (page->name.ends_with(".html")) response.set_header("Content-Security-Policy", page_policy);
    return response;
}

}  // namespace sallyport::explorer

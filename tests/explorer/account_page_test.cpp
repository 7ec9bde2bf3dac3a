#include "explorer/account_page.hpp"

#include "explorer/pages.hpp"
#include "http/gzip.hpp"

#include <gtest/gtest.h>

namespace sallyport::explorer {
namespace {

std::optional<Response> ask(std::string target, std::string verb = "GET", Headers headers = {}) {
    Request request;
    request.verb = std::move(verb);
    request.target = std::move(target);
    request.headers = std::move(headers);
    return account_page(request);
}

std::string text_of(Response const& response) { return std::get<std::string>(response.body); }

TEST(AccountPage, IsThePageOfMailedLinksAndNothingElse) {
    struct Row {
        char const* target;
        char const* type;  ///< "": the next in line may answer.
    };
    Row const rows[] = {
        {"/reset-password", "text/html; charset=utf-8"},
        {"/reset-password?x=y", "text/html; charset=utf-8"},
        {"/reset-password/style.css", "text/css; charset=utf-8"},
        {"/reset-password/reset_password.js", "text/javascript; charset=utf-8"},
        {"/reset-password/mark.svg", "image/svg+xml"},
        {"/reset-password/nothing", ""},
        {"/reset-passwords", ""},
        {"/", ""},
        {"", ""},
    };
    for (auto const& row : rows) {
        auto const response = ask(row.target);
        EXPECT_EQ(response ? response->header("Content-Type") : "", row.type) << row.target;
    }
    EXPECT_TRUE(ask("/reset-password", "HEAD"));
    EXPECT_FALSE(ask("/reset-password", "POST"));
}

TEST(AccountPage, LetsNothingOfATokenLeaveThisOrigin) {
    auto const page = ask("/reset-password");
    EXPECT_EQ(page->header("Referrer-Policy"), "no-referrer");
    EXPECT_EQ(page->header("Content-Security-Policy"),
              "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
              "base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
    EXPECT_EQ(ask("/reset-password/reset_password.js")->header("Referrer-Policy"), "no-referrer");
    for (auto const* inlined : {"<style", "style=", "onclick", "://", "<script>"})
        EXPECT_FALSE(text_of(*page).contains(inlined)) << inlined;
}

TEST(AccountPage, LoadsNothingThatIsNotEmbedded) {
    auto const html = text_of(*ask("/reset-password"));
    for (auto const* attribute : {"href=\"reset-password/", "src=\"reset-password/"}) {
        for (auto at = html.find(attribute); at != std::string::npos; at = html.find(attribute, at + 1)) {
            auto const start = html.find('"', at) + 1;
            auto const path = "/" + html.substr(start, html.find('"', start) - start);
            EXPECT_TRUE(ask(path)) << path;
        }
    }
}

TEST(AccountPage, ComesCompressedAndIsNotSentTwice) {
    auto const page = ask("/reset-password");
    auto const gzipped = ask("/reset-password", "GET", {{"Accept-Encoding", "gzip"}});
    EXPECT_EQ(ask("/reset-password", "GET", {{"Accept-Encoding", "br"}})->header("Content-Encoding"), "br");
    EXPECT_EQ(http::gunzip(text_of(*gzipped)), text_of(*page));
    EXPECT_EQ(page->header("Cache-Control"), "no-cache");
    auto const known = ask("/reset-password", "GET", {{"If-None-Match", std::string{page->header("ETag")}}});
    EXPECT_EQ(text_of(*known), "");
}

}  // namespace
}  // namespace sallyport::explorer

#include "explorer/explorer.hpp"

#include "explorer/company.hpp"
#include "explorer/pages.hpp"
#include "http/gzip.hpp"

namespace sallyport::explorer {
namespace {

struct ExplorerPages : testing::Test {
    Company company;
    Explorer explorer{company.options, *company.models};

    std::optional<Response> ask(std::string target, Headers headers = {}, std::string verb = "GET") const {
        Request request;
        request.verb = std::move(verb);
        request.target = std::move(target);
        request.headers = std::move(headers);
        return explorer.answer(request);
    }
    static std::string body_of(Response const& response) { return std::get<std::string>(response.body); }
};

TEST_F(ExplorerPages, AreTheseAndNoOthers) {
    struct Row {
        char const* target;
        int status;  ///< 0: the next in line may answer.
        char const* type;
    };
    Row const rows[] = {
        {"/explorer", 301, "text/html; charset=UTF-8"},
        {"/explorer/", 200, "text/html; charset=utf-8"},
        {"/explorer/?x=y", 200, "text/html; charset=utf-8"},
        {"/explorer/swagger.json", 200, "application/json; charset=utf-8"},
        {"/explorer/openapi.json", 200, "application/json; charset=utf-8"},
        {"/explorer/config.json", 200, "application/json; charset=utf-8"},
        {"/explorer/explorer.css", 200, "text/css; charset=utf-8"},
        {"/explorer/explorer.js", 200, "text/javascript; charset=utf-8"},
        {"/explorer/nothing", 0, ""},
        {"/explorers", 0, ""},
        {"/", 0, ""},
    };
    for (auto const& row : rows) {
        auto const response = ask(row.target);
        ASSERT_EQ(response ? response->status : 0, row.status) << row.target;
        if (response) EXPECT_EQ(response->header("Content-Type"), row.type) << row.target;
    }
    EXPECT_EQ(ask("/explorer")->header("Location"), "/explorer/");
    EXPECT_FALSE(ask("/explorer/", {}, "POST"));
    EXPECT_EQ(ask("/explorer/", {}, "HEAD")->status, 200);
}

TEST_F(ExplorerPages, ComeAsTheClientTakesThem) {
    for (auto const& page : explorer_pages()) {
        auto const target = "/explorer/" + std::string{page.name};
        auto const plain = ask(target);
        auto const gzipped = ask(target, {{"Accept-Encoding", "gzip"}});
        auto const brotli = ask(target, {{"Accept-Encoding", "gzip, br"}});

        EXPECT_EQ(plain->header("Content-Encoding"), "") << target;
        EXPECT_EQ(gzipped->header("Content-Encoding"), "gzip") << target;
        EXPECT_EQ(http::gunzip(body_of(*gzipped)), body_of(*plain)) << target;
        EXPECT_EQ(brotli->header("Content-Encoding"), "br") << target;
        EXPECT_LT(body_of(*brotli).size(), body_of(*gzipped).size() + 1) << target;
        for (auto const* response : {&*plain, &*gzipped, &*brotli}) {
            EXPECT_EQ(response->header("ETag"), page.tag);
            EXPECT_EQ(response->header("Vary"), "Accept-Encoding");
        }
    }
    auto const document = ask("/explorer/swagger.json", {{"Accept-Encoding", "br, gzip"}});
    EXPECT_EQ(document->header("Content-Encoding"), "gzip");
    EXPECT_EQ(http::gunzip(body_of(*document)), body_of(*ask("/explorer/swagger.json")));
}

TEST_F(ExplorerPages, AreKeptForeverOnlyWhereTheNameHoldsAVersion) {
    EXPECT_EQ(ask("/explorer/")->header("Cache-Control"), "no-cache");
    EXPECT_EQ(ask("/explorer/swagger.json")->header("Cache-Control"), "no-cache");
    bool is_one_kept = false;
    for (auto const& page : explorer_pages()) {
        if (!page.name.ends_with("swagger-ui-bundle.js")) continue;
        auto const target = "/explorer/" + std::string{page.name};
        EXPECT_EQ(ask(target)->header("Cache-Control"), "public, max-age=31536000, immutable");
        is_one_kept = body_of(*ask("/explorer/")).contains(page.name);  // The page asks for this very version.
    }
    EXPECT_TRUE(is_one_kept);
}

TEST_F(ExplorerPages, ThePageLetsInNothingFromElsewhere) {
    auto const page = ask("/explorer/");
    auto const policy = std::string{page->header("Content-Security-Policy")};
    for (auto const* rule : {"default-src 'none'", "script-src 'self';", "style-src 'self';", "img-src 'self' data:;",
                             "connect-src 'self';", "frame-ancestors 'none'"}) {
        EXPECT_TRUE(policy.contains(rule)) << rule;
    }
    auto const html = body_of(*page);
    for (auto const* inlined : {"<style", "style=", "onclick", "://", "<script>"})
        EXPECT_FALSE(html.contains(inlined)) << inlined;
}

}  // namespace
}  // namespace sallyport::explorer

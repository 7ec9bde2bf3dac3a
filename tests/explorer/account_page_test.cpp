#include "explorer/account_page.hpp"

#include "explorer/pages.hpp"
#include "http/gzip.hpp"
#include "methods/administration.hpp"
#include "methods/login_with_code.hpp"
#include "small_app.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace sallyport::explorer {
namespace {

// What an app answers, given its accounts: the text of each model by its file.
struct App : SmallApp {
    explicit App(std::map<std::string, std::string> const& accounts)
        : SmallApp{with_config(accounts), {methods::two_factor_mixin(), methods::administration_mixin()}},
          pages{*models, "/api"} {}

    static std::map<std::string, std::string> with_config(std::map<std::string, std::string> const& files) {
        std::string config;
        for (auto const& [name, text] : files) config += "\"" + name + R"(": {"dataSource": "db"}, )";
        std::map<std::string, std::string> all;
        for (auto const& [name, text] : files) all["common/models/" + name + ".json"] = text;
        all["server/datasources.json"] = R"({"db": {"connector": "memory"}})";
        all["server/model-config.json"] = "{" + config + R"("AccessToken": {"dataSource": "db", "public": false}})";
        return all;
    }

    std::optional<Response> ask(std::string target, std::string verb = "GET", Headers headers = {}) const {
        Request request;
        request.verb = std::move(verb);
        request.target = std::move(target);
        request.headers = std::move(headers);
        return pages.answer(request);
    }

    AccountPages pages;
};

std::map<std::string, std::string> const two_kinds{
    {"Guest", R"({"name": "Guest", "base": "User"})"},
    {"Person", R"({"name": "Person", "base": "User", "http": {"path": "people"}, "properties": {"mobile": "string"},
                   "mixins": {"TwoFactor": {"channels": ["console", "totp", "sms"], "phone": "mobile",
                                              "trustDays": 7}}})"}};

std::map<std::string, std::string> const with_administrators{{"Boss", R"({"name": "Boss", "base": "User",
                 "mixins": {"TwoFactor": true, "Administration": {"models": ["Boss", "Person"]}}})"},
                                                             *two_kinds.find("Person")};

std::optional<Response> ask(std::string target, std::string verb = "GET", Headers headers = {}) {
    static App const app{two_kinds};
    return app.ask(std::move(target), std::move(verb), std::move(headers));
}

std::string text_of(Response const& response) { return std::get<std::string>(response.body); }

TEST(AccountPage, IsThePagesOfAccountsAndNothingElse) {
    struct Row {
        char const* target;
        char const* type;  ///< "": the next in line may answer.
    };
    Row const rows[] = {
        {"/reset-password", "text/html; charset=utf-8"},
        {"/reset-password?x=y", "text/html; charset=utf-8"},
        {"/reset-password/page.css", "text/css; charset=utf-8"},
        {"/reset-password/reset_password.js", "text/javascript; charset=utf-8"},
        {"/reset-password/mark.svg", "image/svg+xml"},
        {"/reset-password/nothing", ""},
        {"/change-email", "text/html; charset=utf-8"},
        {"/change-email/change_email.js", "text/javascript; charset=utf-8"},
        {"/change-email/link.js", "text/javascript; charset=utf-8"},
        {"/account", "text/html; charset=utf-8"},
        {"/account/account.js", "text/javascript; charset=utf-8"},
        {"/account/page.css", "text/css; charset=utf-8"},
        {"/account/accounts.json", "application/json; charset=utf-8"},
        {"/account/", ""},
        {"/accounts.json", ""},
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

TEST(AccountPage, TellsOfEachModelWithTheMixinWherePeopleSignInAndWhatTheyCanAddAndTrust) {
    EXPECT_EQ(text_of(*ask("/account/accounts.json")),
              R"([{"name":"Person","at":"/api/people","adds":["totp","sms"],"trusts":7}])");
}

TEST(AccountPage, IsNotThereWhereNoModelHasTheMixin) {
    App const app{{{"Guest", R"({"name": "Guest", "base": "User"})"}}};
    for (auto const* target : {"/account", "/account/account.js", "/account/accounts.json", "/change-email"})
        EXPECT_FALSE(app.ask(target)) << target;
    EXPECT_TRUE(app.ask("/reset-password"));
}

TEST(AccountPage, AdministratorsHaveAPageWhereAModelHasSome) {
    App const app{with_administrators};
    EXPECT_EQ(text_of(*app.ask("/account/accounts.json")),
              R"([{"name":"Boss","at":"/api/Bosses","adds":[],"administers":["Boss","Person"]},)"
              R"({"name":"Person","at":"/api/people","adds":["totp","sms"],"trusts":7}])");
    EXPECT_EQ(app.ask("/admin")->header("Content-Type"), "text/html; charset=utf-8");
    EXPECT_TRUE(app.ask("/admin/admin.js"));
    EXPECT_FALSE(ask("/admin"));
    EXPECT_FALSE(ask("/admin/admin.js"));
}

TEST(AccountPage, LetsNothingOfATokenLeaveThisOrigin) {
    for (std::string const name : {"/reset-password", "/account", "/change-email"}) {
        auto const page = ask(name);
        EXPECT_EQ(page->header("Referrer-Policy"), "no-referrer");
        EXPECT_EQ(page->header("Content-Security-Policy"),
                  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
                  "base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
        for (auto const* inlined : {"<style", "style=", "onclick", "://", "<script>"})
            EXPECT_FALSE(text_of(*page).contains(inlined)) << name << ": " << inlined;
    }
    EXPECT_EQ(ask("/reset-password/reset_password.js")->header("Referrer-Policy"), "no-referrer");
}

// Each address that stands in `text` behind `before`, up to the next `quote`.
std::vector<std::string> named_in(std::string const& text, std::string const& before, char quote) {
    std::vector<std::string> names;
    for (auto at = text.find(before); at != std::string::npos; at = text.find(before, at + 1)) {
        auto const start = at + before.size();
        names.push_back(text.substr(start, text.find(quote, start) - start));
    }
    return names;
}

TEST(AccountPage, LoadsNothingThatIsNotEmbedded) {
    App const app{with_administrators};
    for (std::string const name : {"/reset-password", "/account", "/change-email", "/admin"}) {
        auto const html = text_of(*app.ask(name));
        for (auto const* attribute : {"href", "src"}) {
            for (auto const& folder : {name.substr(1), std::string{"account"}}) {
                for (auto const& file : named_in(html, fmt::format("{}=\"{}/", attribute, folder), '"'))
                    EXPECT_TRUE(app.ask("/" + folder + "/" + file)) << file;
            }
        }
    }
    for (auto const& page : account_pages()) {
        if (!page.name.ends_with(".js")) continue;
        auto const path = "/" + std::string{page.name};
        auto const text = text_of(*app.ask(path));
        for (auto const& file : named_in(text, "from './", '\''))
            EXPECT_TRUE(app.ask(path.substr(0, path.rfind('/') + 1) + file)) << path << " loads " << file;
        for (auto const& file : named_in(text, "from '../", '\''))
            EXPECT_TRUE(app.ask("/" + file)) << path << " loads " << file;
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

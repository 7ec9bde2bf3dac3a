#include "explorer/account_page.hpp"

#include "auth/two_factor_options.hpp"
#include "explorer/pages.hpp"
#include "http/conditional.hpp"
#include "http/gzip.hpp"
#include "methods/administration.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

namespace sallyport::explorer {
namespace {

// The pages hold tokens and secrets: nothing of them leaves this origin, and no other page may frame them.
constexpr auto page_policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

constexpr std::string_view accounts_name = "account/accounts.json";

JsonArray added_by_owners(auth::TwoFactorOptions const& options) {
    JsonArray types;
    for (auto const& channel : options.channels)
        if (channel == "totp" || channel == "sms") types.emplace_back(channel);
    return types;
}

JsonArray accounts_of(model::Models const& models, std::string const& api_root) {
    JsonArray accounts;
    for (auto const* model : models.registry().user_models()) {
        auto const options = auth::two_factor_options(*model);
        if (!options || !model->is_public) continue;
        JsonObject account{
            {"name", model->name}, {"at", api_root + model->http_path}, {"adds", added_by_owners(*options)}};
        if (options->trust_days > 0) account.set("trusts", options->trust_days);
        if (auto const office = methods::administration_of(*model))
            account.set("administers", JsonArray(office->models.begin(), office->models.end()));
        accounts.emplace_back(std::move(account));
    }
    return accounts;
}

// Of no use where no model has the mixin.
bool is_of_account(std::string_view path) { return path.starts_with("account") || path.starts_with("change-email"); }

bool is_of_administration(std::string_view path) { return path.starts_with("admin/") || path.starts_with("admin."); }

std::optional<Response> reply(http::EmbeddedFile const& file, Request const& request) {
    auto response = http::reply_with(file, request);
    response.set_header("Referrer-Policy", "no-referrer");
    if (file.name.ends_with(".html")) response.set_header("Content-Security-Policy", page_policy);
    return response;
}

}  // namespace

AccountPages::AccountPages(model::Models const& models, std::string const& api_root) {
    auto accounts = accounts_of(models, api_root);
    if (accounts.empty()) return;
    has_administrators_ =
        std::ranges::any_of(accounts, [](Json const& account) { return account["administers"].is_array(); });
    accounts_ = to_text(std::move(accounts));
    gzip_ = http::gzip(accounts_);
    tag_ = http::weak_tag(accounts_);
}

bool AccountPages::serves(std::string_view name) const {
    if (is_of_administration(name)) return has_administrators_;
    return !accounts_.empty() || !is_of_account(name);
}

std::optional<Response> AccountPages::answer(Request const& request) const {
    if (request.verb != "GET" && request.verb != "HEAD") return std::nullopt;
    auto path = request.path();
    if (!path.starts_with('/')) return std::nullopt;
    path.remove_prefix(1);
    auto const all = account_pages();
    auto const page = std::ranges::find_if(all, [&](http::EmbeddedFile const& file) {
        return file.name == path || file.name == std::string{path} + ".html";
    });
    if (page != all.end() && serves(page->name)) return reply(*page, request);
    if (path != accounts_name || accounts_.empty()) return std::nullopt;
    return reply({accounts_name, tag_, gzip_, {}, accounts_}, request);
}

}  // namespace sallyport::explorer

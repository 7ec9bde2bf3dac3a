#include "methods/account_export.hpp"

#include "auth/app_code.hpp"
#include "auth/audit.hpp"
#include "auth/two_factor_options.hpp"
#include "crypto/password.hpp"
#include "methods/beside_accounts.hpp"
#include "methods/given_roles.hpp"
#include "methods/imported_account.hpp"
#include "methods/operator_accounts.hpp"
#include "methods/two_doors.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace sallyport::methods {
namespace {

constexpr std::int64_t usual_page = 500;
constexpr std::int64_t longest_page = 1000;

/// What a page is made with.
struct Export {
    model::StoredModel& model;
    crypto::Keys const& keys;
    bool with_hashes = false;
    bool with_apps = false;
    bool with_hidden = false;
    std::string phone;  ///< The property that holds the number; "" for none.

    std::string const& id_name() const { return model.definition().id()->name; }
};

Export begin(AccountParts const& parts, crypto::Keys const& keys, Json const& wanted) {
    Export made{.model = user_model(parts, text_of(wanted["model"])),
                .keys = keys,
                .with_hashes = wanted["hashes"] == Json{true},
                .with_apps = wanted["totp"] == Json{true},
                .with_hidden = wanted["hidden"] == Json{true},
                .phone = {}};
    if (auto const options = auth::two_factor_options(made.model.definition())) made.phone = options->phone;
    return made;
}

JsonObject other_properties(Export const& made, Json const& record) {
    auto const shown = made.with_hidden ? record : made.model.visible(record);
    JsonObject others;
    for (auto const& [name, value] : shown.as_object()) {
        bool const is_told = has_own_member(made.model.definition(), made.phone, name);
        if (!is_told && !value.is_nothing()) others.append(name, value);
    }
    return others;
}

// The number that codes go to; else the one that the record has had from its beginning.
void add_phone(JsonObject& line, Export const& made, Json const& record, std::vector<auth::Factor> const& factors) {
    auto const number = made.phone.empty() ? std::string{} : text_of(record[made.phone]);
    auto const is = [&](auth::Factor::State state) {
        return std::ranges::any_of(factors, [&](auth::Factor const& factor) {
            return factor.type == "sms" && factor.state == state && factor.target == number;
        });
    };
    if (number.empty() || is(auth::Factor::State::dropped)) return;
    line.append("phone", number);
    if (is(auth::Factor::State::confirmed)) line.append("phoneConfirmed", true);
}

void add_apps(JsonObject& line, Export const& made, auth::Account const& account,
              std::vector<auth::Factor> const& factors) {
    JsonArray apps;
    for (auto const& factor : factors) {
        if (factor.type != "totp" || factor.state != auth::Factor::State::confirmed) continue;
        auto const secret = auth::unseal_app_secret(made.keys, account, factor);
        if (!secret) continue;
        apps.emplace_back(otpauth_uri(secret->secret, {.issuer = "", .account = account.model + " " + account.id},
                                      secret->shape, secret->steps));
    }
    if (!apps.empty()) line.append("totp", std::move(apps));
}

Json line_of(Export const& made, Json const& record, BesideAccounts const& beside, std::vector<std::string> roles) {
    auto const& id = record[made.id_name()];
    auto const account = auth::Account::of(made.model.name(), id);
    auto const found = beside.factors.find(account.id);
    auto const factors = found == beside.factors.end() ? std::vector<auth::Factor>{} : found->second;
    JsonObject line{{"id", id}, {"email", record["email"]}};
    if (record["username"].is_string()) line.append("username", record["username"]);
    if (record["emailVerified"] == Json{true}) line.append("emailVerified", true);
    auto const hash = text_of(record["password"]);
    if (made.with_hashes && crypto::problem_with_hash(made.keys, hash).empty()) line.append("passwordHash", hash);
    add_phone(line, made, record, factors);
    if (made.with_apps) add_apps(line, made, account, factors);
    if (!roles.empty()) line.append("roles", JsonArray(roles.begin(), roles.end()));
    if (beside.disabled.contains(account.id)) line.append("disabled", true);
    if (auto others = other_properties(made, record); !others.empty()) line.append("properties", std::move(others));
    return Json{std::move(line)};
}

Task<> note(store::Transaction& transaction, Export const& made, std::string actor, std::int64_t now) {
    auto const about = fmt::format("with {}", made.with_hashes && made.with_apps ? "hashes and secrets of apps"
                                              : made.with_hashes                 ? "hashes"
                                                                                 : "secrets of apps");
    co_await auth::record(transaction,
                          {.name = "accounts.exported",
                           .account = {.model = made.model.name(), .id = ""},
                           .about = about,
                           .actor = std::move(actor)},
                          now);
}

Task<std::vector<Json>> page_of(Export const& made, Json after, std::int64_t size) {
    Filter filter;
    if (!after.is_nothing()) filter.where = compare(made.id_name(), Operator::gt, std::move(after));
    filter.order = {{.property = made.id_name()}};
    filter.limit = size;
    co_return co_await made.model.find(std::move(filter));
}

}  // namespace

Task<Json> export_accounts(AccountParts& parts, crypto::Keys const& keys, Json wanted, std::string actor) {
    auto const made = begin(parts, keys, wanted);
    auto const now = parts.clock.now();
    bool const is_first = wanted["after"].is_nothing();
    if (is_first && (made.with_hashes || made.with_apps)) {
        co_await made.model.store()->write(
            [&](store::Transaction& transaction) { return note(transaction, made, actor, now); });
    }
    auto const size = whole_number(wanted["limit"], usual_page, 1, longest_page);
    auto const records = co_await page_of(made, wanted["after"], size);
    std::vector<Json> ids;
    std::vector<std::string> keys_of_ids;
    for (auto const& record : records) {
        ids.push_back(record[made.id_name()]);
        keys_of_ids.push_back(to_text(ids.back()));
    }
    auto const beside = co_await beside_accounts(made.model, std::move(keys_of_ids), now);
    auto const roles = co_await roles_of(parts, made.model, ids);
    JsonArray lines;
    for (std::size_t i = 0; i < records.size(); ++i) lines.push_back(line_of(made, records[i], beside, roles[i]));
    JsonObject answer{{"model", made.model.name()}, {"accounts", std::move(lines)}};
    if (std::cmp_equal(records.size(), size)) answer.set("next", ids.back());
    co_return Json{std::move(answer)};
}

}  // namespace sallyport::methods

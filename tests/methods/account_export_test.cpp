#include "methods/account_export.hpp"

#include "methods/account_app.hpp"
#include "methods/account_import.hpp"
#include "methods/two_factor_app.hpp"

#include <gtest/gtest.h>

namespace sallyport::methods {
namespace {

auto constexpr hash = "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW";
auto constexpr key_of_app = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

std::string line_of_ann() {
    return std::string{R"({"email": "ann@x.test", "id": 3, "username": "ann", "emailVerified": true, "phone": )"} +
           R"("+33612345678", "phoneConfirmed": true, "disabled": true, "properties": {"city": "Bern"}, "totp": [")" +
           key_of_app + R"("], "passwordHash": ")" + hash + "\"}";
}

void bring_in(TwoFactorApp& app, std::string lines) {
    JsonObject const wanted{{"lines", std::move(lines)}};
    auto const answer = wait_for(import_accounts({app.parts, app.keys, {}}, Json{wanted}, "tester"));
    EXPECT_TRUE(answer["problems"].as_array().empty()) << to_text(answer);
}

Json page(TwoFactorApp& app, JsonObject wanted = {}) {
    return wait_for(export_accounts(app.parts, app.keys, Json{std::move(wanted)}, "tester"));
}

TEST(AccountExport, HoldsNothingThatOpensAnAccountUnlessAskedFor) {
    TwoFactorApp app{sms_and_totp};
    bring_in(app, line_of_ann());
    auto const usual = page(app);
    EXPECT_EQ(to_text(usual["accounts"]),
              R"([{"id":3,"email":"ann@x.test","username":"ann","emailVerified":true,"phone":"+33612345678",)"
              R"("phoneConfirmed":true,"disabled":true,"properties":{"city":"Bern"}}])");
    EXPECT_TRUE(to_text(page(app, {{"hidden", true}})).find(hash) == std::string::npos);
    EXPECT_EQ(app.number("SELECT count(*) FROM sallyport_audit WHERE event = 'accounts.exported'"), 0);

    auto const whole = page(app, {{"hashes", true}, {"totp", true}})["accounts"].as_array().at(0);
    EXPECT_EQ(whole["passwordHash"], Json{hash});
    EXPECT_TRUE(to_text(whole["totp"]).contains(std::string{"secret="} + key_of_app)) << to_text(whole["totp"]);
    EXPECT_EQ(app.number("SELECT count(*) FROM sallyport_audit WHERE event = 'accounts.exported' AND actor = 'tester'"
                         " AND about = 'with hashes and secrets of apps'"),
              1);
}

TEST(AccountExport, WhatItGivesAnImportTakes) {
    TwoFactorApp from{sms_and_totp};
    bring_in(from, line_of_ann());
    from.sign_up({{"email", "bob@x.test"}, {"mobile", "+33612345679"}});
    std::string lines;
    auto const given = page(from, {{"hashes", true}, {"totp", true}});
    for (auto const& account : given["accounts"].as_array()) lines += to_text(account) + "\n";

    TwoFactorApp to{sms_and_totp};
    to.keys = from.keys;
    bring_in(to, lines);
    EXPECT_EQ(to_text(page(to, {{"hashes", true}, {"totp", true}})), to_text(given));
    to.log_in("bob@x.test");  // With the password, and the number that was pending.
}

TEST(AccountExport, OurOwnHashesAreRefusedWhereTheirKeyIsNot) {
    TwoFactorApp from;
    from.sign_up({{"email", "bob@x.test"}});
    auto const line = to_text(page(from, {{"hashes", true}})["accounts"].as_array().at(0));
    TwoFactorApp to;
    JsonObject const wanted{{"lines", line}};
    auto const answer = wait_for(import_accounts({to.parts, to.keys, {}}, Json{wanted}, "tester"));
    EXPECT_TRUE(to_text(answer["problems"]).contains("which keys.json does not have")) << to_text(answer);
}

TEST(AccountExport, PagesFollowEachOtherById) {
    TwoFactorApp app;
    for (auto const* email : {"a@x.test", "b@x.test", "c@x.test"}) app.sign_up({{"email", email}});
    auto const first = page(app, {{"limit", 2}});
    EXPECT_EQ(first["accounts"].as_array().size(), 2U);
    EXPECT_EQ(first["next"], Json{2});
    auto const last = page(app, {{"limit", 2}, {"after", first["next"]}});
    EXPECT_EQ(last["accounts"].as_array().at(0)["email"], Json{"c@x.test"});
    EXPECT_TRUE(last["next"].is_undefined());
}

TEST(AccountExport, RolesAndHiddenPropertiesAreAmongIt) {
    AccountApp app{AccountApp::Mode::strict, {{"hidden", JsonArray{Json{"realm"}}}}};
    auto& parts = app.parts();
    JsonObject const wanted{
        {"model", "Person"},
        {"lines", R"({"email": "a@x.test", "roles": ["admin"], "properties": {"realm": "unseen", "city": "Bern"}})"}};
    wait_for(import_accounts({*parts.account, parts.keys, {}}, Json{wanted}, "tester"));
    JsonObject asked{{"model", "Person"}};
    auto const usual = wait_for(export_accounts(*parts.account, parts.keys, Json{asked}, "tester"));
    EXPECT_EQ(to_text(usual["accounts"]),
              R"([{"id":1,"email":"a@x.test","roles":["admin"],"properties":{"city":"Bern"}}])");
    asked.set("hidden", true);
    EXPECT_TRUE(to_text(wait_for(export_accounts(*parts.account, parts.keys, Json{asked}, "tester")))
                    .contains(R"("realm":"unseen")"));
}

}  // namespace
}  // namespace sallyport::methods

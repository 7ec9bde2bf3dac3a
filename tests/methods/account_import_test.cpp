#include "methods/account_import.hpp"

#include "methods/account_app.hpp"
#include "methods/two_factor_app.hpp"
#include "sallyport/one_time_code.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

namespace sallyport::methods {
namespace {

// "a long enough password", made by passlib 1.7.4: scrypt.using(rounds=4).hash(...), pbkdf2_sha256.using(rounds=1000).
auto constexpr scrypt_hash = "$scrypt$ln=4,r=8,p=1$MDEyMzQ1Njc4OWFiY2RlZg$3x6cecqp7DIwtnNpyPuRTVedlaOrgOqD/h6Rq4nsCiQ";
auto constexpr pbkdf2_hash = "$pbkdf2-sha256$1000$MDEyMzQ1Njc4OWFiY2RlZg$vxjAJ6cELBQNLWZ1l1O19lkPmy/iFVYCAoTFMzaWepo";
auto constexpr secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

Json bring(TwoFactorApp& app, std::string lines, bool is_dry = false) {
    JsonObject const wanted{{"lines", std::move(lines)}, {"dryRun", is_dry}};
    return wait_for(import_accounts({app.parts, app.keys, {}}, Json{wanted}, "tester"));
}

std::string problem(Json const& answer, std::size_t i = 0) {
    auto const& problems = answer["problems"].as_array();
    if (i >= problems.size()) return "none";
    return to_display(problems[i]["line"]) + ": " + to_display(problems[i]["problem"]);
}

std::string line_of(std::string const& email, std::string const& more = "") {
    return R"({"email": ")" + email + "\"" + more + "}\n";
}

std::string with_hash(std::string const& hash) { return R"(, "passwordHash": ")" + hash + "\""; }

TEST(AccountImport, AForeignHashOpensTheFirstDoorAndIsReplacedByOurs) {
    TwoFactorApp app;
    auto const answer =
        bring(app, line_of("ann@x.test", with_hash(scrypt_hash)) + line_of("bob@x.test", with_hash(pbkdf2_hash)));
    EXPECT_EQ(problem(answer), "none");
    EXPECT_EQ(answer["imported"], Json{2});
    EXPECT_EQ(answer["withoutPassword"], Json{0});
    for (auto const* email : {"ann@x.test", "bob@x.test"}) {
        EXPECT_EQ(app.request_code({{"email", email}, {"password", "another password"}}).status, 401);
        EXPECT_NE(app.log_in(email), "");
    }
    EXPECT_EQ(app.number("SELECT count(*) FROM employee WHERE password LIKE '$argon2id$%$pepper=%'"), 2);
}

TEST(AccountImport, ALoginByThePasswordAloneReplacesItToo) {
    AccountApp app{AccountApp::Mode::strict};
    JsonObject const wanted{{"model", "Person"}, {"lines", line_of("ann@x.test", with_hash(scrypt_hash))}};
    wait_for(import_accounts({*app.parts().account, app.parts().keys, {}}, Json{wanted}, "tester"));
    EXPECT_EQ(app.log_in("Person", "ann@x.test", "another password"), "");
    EXPECT_NE(app.log_in("Person", "ann@x.test", "a long enough password"), "");
    EXPECT_TRUE(app.stored("SELECT password FROM person").starts_with("$argon2id$"));
    EXPECT_NE(app.log_in("Person", "ann@x.test", "a long enough password"), "");
}

TEST(AccountImport, WithoutAHashNoPasswordIsRightUntilItsOwnerResetsIt) {
    AccountApp app{AccountApp::Mode::strict};
    JsonObject const wanted{{"model", "Guarded"}, {"lines", line_of("ann@x.test")}};
    auto const answer = wait_for(import_accounts({*app.parts().account, app.parts().keys, {}}, Json{wanted}, "tester"));
    EXPECT_EQ(answer["withoutPassword"], Json{1});
    for (auto const* tried : {"!", "", "null", "undefined"}) {
        EXPECT_EQ(app.post("/Guarded/requestCode", JsonObject{{"email", "ann@x.test"}, {"password", tried}}).status,
                  401);
    }
    EXPECT_EQ(app.post("/Guarded/reset", JsonObject{{"email", "ann@x.test"}}).status, 204);
    auto const token = app.mail->sent().at(0).secret;
    EXPECT_EQ(app.post("/Guarded/reset-password", JsonObject{{"newPassword", "a long enough password"}}, token).status,
              204);
    EXPECT_EQ(
        app.post("/Guarded/requestCode", JsonObject{{"email", "ann@x.test"}, {"password", "a long enough password"}})
            .status,
        200);
}

TEST(AccountImport, AnAppOpensTheSecondDoorAndItsSecretIsSealed) {
    TwoFactorApp app{sms_and_totp};
    bring(app, line_of("ann@x.test", with_hash(scrypt_hash) + R"(, "totp": ")" + secret + "\""));
    EXPECT_EQ(app.request_code("ann@x.test").body["channel"], Json{"totp"});
    auto const code = totp(OneTimeSecret::from_base32(secret), app.clock().now() / 1000);
    EXPECT_EQ(app.login_with_code({{"email", "ann@x.test"}, {"twofactor", code}}).status, 200);
    EXPECT_EQ(app.number("SELECT count(*) FROM sallyport_factors WHERE secret LIKE '%" + std::string{secret} + "%'"),
              0);
    EXPECT_EQ(app.number("SELECT count(*) FROM sallyport_factors WHERE state = 'confirmed'"), 1);
}

TEST(AccountImport, ANumberIsPendingUnlessItWasConfirmed) {
    TwoFactorApp app{sms_and_totp};
    auto const hash = with_hash(scrypt_hash);
    bring(app, line_of("ann@x.test", hash + R"(, "phone": "+33612345678")") +
                   line_of("bob@x.test", hash + R"(, "phone": "+33612345679", "phoneConfirmed": true)"));
    EXPECT_EQ(app.number("SELECT count(*) FROM sallyport_factors WHERE state = 'pending' AND target = '+33612345678'"),
              1);
    EXPECT_EQ(
        app.number("SELECT count(*) FROM sallyport_factors WHERE state = 'confirmed' AND target = '+33612345679'"), 1);
    EXPECT_EQ(app.request_code("ann@x.test").body["enrol"], Json{}) << "a pending number counts";
    EXPECT_NE(app.log_in("bob@x.test"), "");
}

TEST(AccountImport, RolesPropertiesIdsAndStatesComeAlong) {
    AccountApp app{AccountApp::Mode::strict};
    auto const more = R"(, "id": 41, "username": "ann", "emailVerified": true, "disabled": true,)"
                      R"( "roles": ["admin", "auditor"], "properties": {"city": "Bern"})";
    JsonObject const wanted{{"model", "Person"},
                            {"lines", line_of("ann@x.test", more) + line_of("bob@x.test", R"(, "roles": "admin")")}};
    auto const answer = wait_for(import_accounts({*app.parts().account, app.parts().keys, {}}, Json{wanted}, "tester"));
    EXPECT_EQ(problem(answer), "none");
    EXPECT_EQ(app.stored("SELECT username || emailverified || json_extract(_more, '$.city') FROM person WHERE id = 41"),
              "ann1Bern");
    EXPECT_EQ(app.stored("SELECT user_id FROM sallyport_disabled"), "41");
    EXPECT_EQ(app.stored("SELECT count(*) FROM role"), "2");
    EXPECT_EQ(app.stored("SELECT count(*) FROM rolemapping"), "3");
    EXPECT_EQ(app.stored("SELECT count(*) FROM sallyport_audit WHERE event = 'account.created' AND actor = 'tester'"
                         " AND about = 'imported'"),
              "2");
}

TEST(AccountImport, AUsernameThatNobodyCouldChooseNowIsKeptAndCounted) {
    TwoFactorApp app;
    auto const answer =
        bring(app, line_of("ann@x.test", R"(, "username": "4711")") + line_of("bob@x.test", R"(, "username": "bob")") +
                       line_of("eve@x.test", R"(, "username": "boss@x.test")"));
    EXPECT_EQ(problem(answer), "none");
    EXPECT_EQ(answer["oddUsernames"], Json{2});
    EXPECT_EQ(app.number("SELECT count(*) FROM employee WHERE username IN ('4711', 'bob', 'boss@x.test')"), 3);
}

TEST(AccountImport, ARoleThatIsDecidedAnewEachTimeIsGivenToNobody) {
    AccountApp app{AccountApp::Mode::strict};
    JsonObject const wanted{{"model", "Person"},
                            {"lines", line_of("ann@x.test", R"(, "roles": ["admin", "$everyone"])")}};
    auto const answer = wait_for(import_accounts({*app.parts().account, app.parts().keys, {}}, Json{wanted}, "tester"));
    EXPECT_EQ(problem(answer), "1: \"$everyone\" is no role that an account is given");
    EXPECT_EQ(app.stored("SELECT count(*) FROM person"), "0");
}

TEST(AccountImport, EveryMistakeIsToldWithItsLineAndNothingIsImported) {
    TwoFactorApp app{sms_and_totp};
    std::string const lines[] = {
        "{\n",
        "[]\n",
        line_of("ann"),
        line_of("b@x.test", R"(, "password": "a long enough password")"),
        line_of("c@x.test", R"(, "emialVerified": true)"),
        line_of("d@x.test", R"(, "emailVerified": "yes")"),
        line_of("e@x.test", with_hash("$md5$x")),
        line_of("f@x.test", with_hash("$scrypt$ln=25,r=8,p=1$MDEyMzQ1Njc4OWFiY2RlZg$MDEyMzQ1Njc4OWFiY2RlZg")),
        line_of("g@x.test", R"(, "phone": "0612345678")"),
        line_of("h@x.test", R"(, "phoneConfirmed": true)"),
        line_of("i@x.test", R"(, "totp": "GEZDG")"),
        line_of("j@x.test", R"(, "totp": [1])"),
        line_of("k@x.test", R"(, "roles": ["admin"])"),
        line_of("l@x.test", R"(, "properties": {"password": "x"})"),
        line_of("m@x.test", R"(, "id": {})"),
        "\n" + line_of("n@x.test"),
    };
    char const* const expected[] = {"1: it is no JSON",
                                    "2: it is no object",
                                    "3: \"email\" is no address",
                                    "4: passwords in clear",
                                    "5: \"emialVerified\" is no member",
                                    "6: \"emailVerified\" is neither",
                                    "7: \"passwordHash\" cannot",
                                    "8: \"passwordHash\" cannot",
                                    "9: \"phone\" is no number",
                                    "10: \"phoneConfirmed\" stands",
                                    "11: \"totp\" is no secret",
                                    "12: \"totp\" is no list",
                                    "13: this app keeps no roles",
                                    "14: \"password\" does not belong",
                                    "15: \"id\" cannot be"};
    std::string text;
    for (auto const& line : lines) text += line;
    auto const answer = bring(app, text);
    for (std::size_t i = 0; i < std::size(expected); ++i) {
        EXPECT_TRUE(problem(answer, i).starts_with(expected[i])) << problem(answer, i);
        EXPECT_NE(to_display(answer["problems"].as_array().at(i)["hint"]), "");
    }
    EXPECT_EQ(answer["problems"].as_array().size(), std::size(expected));
    EXPECT_FALSE(to_text(answer).contains("GEZDG"));
    EXPECT_FALSE(to_text(answer).contains("a long enough password"));
    EXPECT_EQ(answer["imported"], Json{0});
    EXPECT_EQ(app.number("SELECT count(*) FROM employee"), 0);
}

TEST(AccountImport, WhatIsThereTwiceIsToldWithBothLinesOrAsThereAlready) {
    TwoFactorApp app;
    app.sign_up({{"email", "old@x.test"}, {"username", "old"}});
    auto const id = R"(, "id": 7)";
    auto const answer = bring(app, line_of("ann@x.test", id) + "\n" + line_of("ann@x.test") + line_of("old@x.test") +
                                       line_of("b@x.test", R"(, "username": "old")") + line_of("c@x.test", id) +
                                       line_of("d@x.test", R"(, "id": 1)"));
    std::vector<std::string> told;
    for (std::size_t i = 0; problem(answer, i) != "none"; ++i) told.push_back(problem(answer, i));
    EXPECT_EQ(told, (std::vector<std::string>{
                        "3: \"email\" is that of line 1", "4: an account with this \"email\" is there already",
                        "5: an account with this \"username\" is there already", "6: \"id\" is that of line 1",
                        "7: an account with this \"id\" is there already"}));
    EXPECT_EQ(app.number("SELECT count(*) FROM employee"), 1);
}

TEST(AccountImport, OfTwoAddressesThatTheModelTakesForOneOneIsTooMany) {
    TwoFactorApp app{R"({"channels": ["console"]})", R"(, "caseSensitiveEmail": false)"};
    EXPECT_EQ(problem(bring(app, line_of("ann@x.test") + line_of("Ann@X.test"))), "2: \"email\" is that of line 1");
}

TEST(AccountImport, ADryRunSaysWhatWouldBeAndDoesNothing) {
    TwoFactorApp app;
    auto const answer = bring(app, line_of("ann@x.test", with_hash(scrypt_hash)), true);
    EXPECT_EQ(answer["accounts"], Json{1});
    EXPECT_EQ(answer["imported"], Json{0});
    EXPECT_EQ(problem(answer), "none");
    EXPECT_EQ(app.number("SELECT (SELECT count(*) FROM employee) + (SELECT count(*) FROM sallyport_audit)"), 0);
}

TEST(AccountImport, WhatTheDatabaseRefusesInTheMiddleUndoesAllOfIt) {
    TwoFactorApp app{R"({"channels": ["console"]})"};
    app.app.store->prepare(
        {{"CREATE TRIGGER t BEFORE INSERT ON employee WHEN NEW.email = 'b@x.test'"
          " BEGIN INSERT INTO employee (email, password) VALUES ('c@x.test', '!'); END",
          {}}});
    auto const answer = bring(app, line_of("a@x.test") + line_of("b@x.test") + line_of("c@x.test"));
    EXPECT_TRUE(problem(answer).starts_with("3: ")) << problem(answer);
    EXPECT_EQ(answer["imported"], Json{0});
    EXPECT_EQ(app.number("SELECT (SELECT count(*) FROM employee) + (SELECT count(*) FROM sallyport_audit)"), 0);
}

TEST(AccountImport, OfTwoImportsOfOneFileAtOnceOneImportsIt) {
    TwoFactorApp app;
    std::string lines;
    for (int i = 0; i < 20; ++i) lines += line_of("p" + std::to_string(i) + "@x.test");
    JsonObject const wanted{{"lines", lines}};
    std::atomic<int> imported = 0;
    {
        std::vector<std::jthread> operators;
        for (int i = 0; i < 8; ++i) {
            operators.emplace_back([&] {
                auto const answer = wait_for(import_accounts({app.parts, app.keys, {}}, Json{wanted}, "tester"));
                imported += static_cast<int>(answer["imported"].as_number());
            });
        }
    }
    EXPECT_EQ(imported, 20);
    EXPECT_EQ(app.number("SELECT count(*) FROM employee"), 20);
}

}  // namespace
}  // namespace sallyport::methods

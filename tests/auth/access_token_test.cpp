#include "auth/access_token.hpp"

#include "auth/auth_store.hpp"
#include "crypto/digest.hpp"
#include "sallyport/error.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace sallyport::auth {
namespace {

class AccessTokenTest : public testing::Test {
protected:
    AccessTokens tokens(AccessTokens::Rules rules = {}) {
        return {db.store(), db.clock, std::move(rules), {"Customer", "Employee"}};
    }
    Token mint(Proof const& proof, TokenRules const& rules = {}) {
        db.clock.advance(1);
        auto service = tokens();
        auto const request = request_from("198.41.0.4", {{"User-Agent", agent}});
        return db.write(
            [&](store::Transaction& transaction) { return service.mint(transaction, proof, rules, request); });
    }
    Token log_in(Json user = 1, TokenRules const& rules = {}) {
        return mint(ProofOf::password_and_code("Employee", std::move(user), "sms"), rules);
    }
    Caller identify(Headers headers, AccessTokens::Rules rules = {}, std::string target = "/api/Notes") {
        auto service = tokens(std::move(rules));
        auto request = request_from("198.41.0.4", std::move(headers));
        request.target = std::move(target);
        return wait_for(service.identify(request));
    }
    Caller with(std::string const& token, AccessTokens::Rules rules = {}) {
        return identify({{"Authorization", token}}, std::move(rules));
    }
    std::string error_of(std::string const& token, AccessTokens::Rules rules = {}) {
        try {
            with(token, std::move(rules));
        } catch (Error const& error) {
            return std::to_string(error.status) + " " + error.code + " " + error.message;
        }
        return "none";
    }
    void end_all(std::string const& keep) {
        auto service = tokens();
        db.write(
            [&](store::Transaction& transaction) { return service.end_all(transaction, "Employee", Json{1}, keep); });
    }

    AuthStore db;
    std::string agent = "test";
};

TEST_F(AccessTokenTest, ATokenIs64LettersAndDigitsAndTellsWhoPresentsIt) {
    auto const token = log_in(7);
    EXPECT_EQ(token.id.size(), 64U);
    EXPECT_TRUE(std::ranges::all_of(token.id, [](unsigned char c) { return std::isalnum(c) != 0; }));
    auto const caller = with(token.id);
    EXPECT_EQ(caller.user_id, Json{7});
    EXPECT_EQ(caller.user_model, "Employee");
    EXPECT_EQ(caller.token_id, stored_id(token.id));
    EXPECT_EQ(caller.scopes, std::vector<std::string>{"DEFAULT"});
    EXPECT_EQ(caller.factors, (std::vector<std::string>{"password", "sms"}));
    EXPECT_EQ(caller.authenticated_at, db.clock.now());
    EXPECT_EQ(caller.token_row(), token.to_json());
}

TEST_F(AccessTokenTest, IdsOfTextAndNumberAreTwoUsers) {
    EXPECT_EQ(with(log_in("1").id).user_id, Json{"1"});
    EXPECT_EQ(with(log_in(1).id).user_id, Json{1});
}

TEST_F(AccessTokenTest, NoUsableTokenStandsInTheDatabase) {
    auto const token = log_in();
    EXPECT_EQ(db.number("SELECT count(*) FROM accesstoken WHERE id = ?1", {stored_id(token.id)}), 1);
    EXPECT_EQ(db.number("SELECT count(*) FROM accesstoken WHERE id LIKE ?1", {"%" + token.id + "%"}), 0);
    EXPECT_FALSE(with(stored_id(token.id)).is_known());
}

TEST_F(AccessTokenTest, StoredIdIsTheSha256OfTheToken) {
    // FIPS 180-4's example value for "abc".
    EXPECT_EQ(stored_id("abc"), "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST_F(AccessTokenTest, ItMayBeSentInEveryWayLoopBackKnows) {
    auto const token = log_in().id;
    auto const encoded = crypto::to_base64(token);
    Headers const good[] = {
        {{"Authorization", token}},
        {{"authorization", token}},
        {{"X-Access-Token", token}},
        {{"Authorization", "Bearer " + encoded}},
        {{"Authorization", "Bearer " + token}},
        {{"Authorization", "Basic " + encoded}},
        {{"Authorization", "basic " + encoded}},
        {{"Authorization", "Basic " + crypto::to_base64(token + ":")}},
        {{"Authorization", "Basic " + crypto::to_base64("token:" + token)}},
        {{"Authorization", "other"}, {"X-Access-Token", token}},
    };
    for (auto const& headers : good) EXPECT_TRUE(identify(headers).is_known()) << headers[0].second;
    Headers const bad[] = {
        {},
        {{"Authorization", ""}},
        {{"Authorization", "Token " + token}},
        {{"Authorization", "bearer " + token}},
        {{"Authorization", "Bearer " + token + "x"}},
        {{"access_token", token}},
        {{"access-token", token}},
        {{"x-access_token", token}},
        {{"Cookie", "access_token=" + token}},
        {{"Authorization", token}, {"X-Access-Token", "other"}},
        {{"Authorization", std::string(5000, 'a')}},
    };
    for (auto const& headers : bad) EXPECT_FALSE(identify(headers).is_known());
}

TEST_F(AccessTokenTest, TheQueryCountsOnlyWhereItMayAndThenItWins) {
    auto const token = log_in().id;
    AccessTokens::Rules const with_query{.idle_seconds = 0, .places = {.query = true}, .user_literal = {}};
    auto const target = "/api/Notes?x=1&access_token=" + token;
    EXPECT_FALSE(identify({}, {}, target).is_known());
    EXPECT_TRUE(identify({}, with_query, target).is_known());
    EXPECT_TRUE(identify({}, with_query, "/api/Notes?access%5ftoken=" + token).is_known());
    EXPECT_FALSE(identify({{"Authorization", token}}, with_query, "/api/Notes?access_token=wrong").is_known());
    EXPECT_FALSE(identify({{"Authorization", token}}, with_query, "/api/Notes?access_token=").is_known());
    EXPECT_FALSE(identify({}, with_query, target + "&access_token=" + token).is_known());
    EXPECT_TRUE(identify({{"Authorization", token}}, {}, "/api/Notes?access_token=wrong").is_known());
}

TEST_F(AccessTokenTest, TheAppMayNameMorePlacesAndCloseTheUsualOnes) {
    auto const token = log_in().id;
    AccessTokens::Rules rules;
    rules.places = {.query = true, .params = {"key", "access_token"}, .headers = {"X-Api-Key", "Authorization"}};
    EXPECT_TRUE(identify({{"x-api-key", token}}, rules).is_known());
    EXPECT_TRUE(identify({}, rules, "/api/Notes?key=" + token).is_known());
    EXPECT_TRUE(identify({{"Authorization", token}}, rules).is_known());
    EXPECT_FALSE(identify({{"Authorization", token}, {"X-Api-Key", "other"}}, rules).is_known());
    rules.places = {.query = true, .params = {"key"}, .headers = {"X-Api-Key"}};
    EXPECT_TRUE(identify({{"X-Api-Key", token}}, rules).is_known());
    EXPECT_FALSE(identify({{"Authorization", token}}, rules).is_known());
    EXPECT_FALSE(identify({}, rules, "/api/Notes?access_token=" + token).is_known());
    rules.places.query = false;
    EXPECT_FALSE(identify({}, rules, "/api/Notes?key=" + token).is_known());
}

TEST_F(AccessTokenTest, AnExpiredTokenSaysSoOnceAndIsUnknownFromThenOn) {
    auto const token = log_in(1, {.ttl_seconds = 60}).id;
    db.clock.advance(59'999);
    EXPECT_TRUE(with(token).is_known());
    db.clock.advance(1);
    EXPECT_EQ(error_of(token), "401 INVALID_TOKEN Invalid Access Token");
    EXPECT_FALSE(with(token).is_known());
    EXPECT_EQ(db.number("SELECT count(*) FROM accesstoken"), 0);
    EXPECT_EQ(db.number("SELECT count(*) FROM sallyport_sessions"), 0);
}

TEST_F(AccessTokenTest, AnIdleTokenExpiresUnlessItIsUsed) {
    auto const used = log_in().id;
    auto const idle = log_in().id;
    for (int i = 0; i < 3; ++i) {
        db.clock.advance(1'800'000);
        EXPECT_TRUE(with(used).is_known());
    }
    EXPECT_EQ(error_of(idle), "401 INVALID_TOKEN Invalid Access Token");
    EXPECT_TRUE(with(used).is_known());
}

TEST_F(AccessTokenTest, WithoutAnIdleLimitNothingIdles) {
    auto const token = log_in().id;
    db.clock.advance(80'000'000);
    EXPECT_TRUE(with(token, {.idle_seconds = 0, .user_literal = {}}).is_known());
}

TEST_F(AccessTokenTest, LastUseIsWrittenAtMostOnceAMinute) {
    auto const token = log_in().id;
    auto const minted = db.clock.now();
    auto const last_used = [&] { return db.number("SELECT last_used FROM sallyport_sessions"); };
    db.clock.advance(59'999);
    with(token);
    EXPECT_EQ(last_used(), minted);
    db.clock.advance(1);
    with(token);
    EXPECT_EQ(last_used(), minted + 60'000);
}

TEST_F(AccessTokenTest, ATokenWithoutASessionIsNobodys) {
    // Such a row can only come from outside: through the AccessToken model, or a table of LoopBack's.
    db.store().prepare(
        {{"INSERT INTO accesstoken (id, ttl, created, userid) VALUES (?1, 1000000, ?2, 1), (?3, 1000000, ?2, 1)",
          {stored_id("planted"), db.clock.now(), std::string{"raw"}}}});
    EXPECT_FALSE(with("planted").is_known());
    EXPECT_FALSE(with("raw").is_known());
}

TEST_F(AccessTokenTest, ATokenOfAModelThatIsNoUserModelAnyMoreIsNobodys) {
    EXPECT_FALSE(with(mint(ProofOf::password("Former", 1)).id).is_known());
}

TEST_F(AccessTokenTest, TheOldestSessionsGiveWay) {
    std::vector<std::string> ids;
    for (int i = 0; i < 5; ++i) ids.push_back(log_in(1, {.max_sessions = 3}).id);
    auto const others = log_in(2, {.max_sessions = 3}).id;
    EXPECT_FALSE(with(ids[0]).is_known());
    EXPECT_FALSE(with(ids[1]).is_known());
    for (std::size_t i = 2; i < 5; ++i) EXPECT_TRUE(with(ids[i]).is_known()) << i;
    EXPECT_TRUE(with(others).is_known());
    EXPECT_EQ(db.number("SELECT count(*) FROM accesstoken"), 4);
}

TEST_F(AccessTokenTest, ResetLinksAreThreeAndPushNoSessionOut) {
    auto const session = log_in(1, {.max_sessions = 1}).id;
    for (int i = 0; i < 5; ++i) mint(ProofOf::mailed_link("Employee", 1), {.scopes = {"reset-password"}});
    EXPECT_TRUE(with(session).is_known());
    EXPECT_EQ(db.number("SELECT count(*) FROM sallyport_sessions WHERE purpose = 'reset'"), 3);
}

TEST_F(AccessTokenTest, AnEnrolmentHasItsScopeWhateverIsAskedFor) {
    auto const token = mint(ProofOf::enrolment("Employee", 1), {.ttl_seconds = 600, .scopes = {"DEFAULT"}});
    EXPECT_EQ(with(token.id).scopes, std::vector<std::string>{"enrol"});
}

TEST_F(AccessTokenTest, EndingOneEndsOne) {
    auto const a = log_in().id;
    auto const b = log_in().id;
    auto service = tokens();
    auto const end = [&](std::string id) {
        return db.write([&](store::Transaction& transaction) { return service.end(transaction, id); });
    };
    EXPECT_TRUE(end(stored_id(a)));
    EXPECT_FALSE(end(stored_id(a)));
    EXPECT_FALSE(with(a).is_known());
    EXPECT_TRUE(with(b).is_known());
}

TEST_F(AccessTokenTest, EndingAllEndsResetsAndEnrolmentsTooAndKeepsTheOneNamed) {
    auto const a = log_in().id;
    auto const b = log_in().id;
    auto const reset = mint(ProofOf::mailed_link("Employee", 1)).id;
    auto const customer = mint(ProofOf::password("Customer", 1)).id;
    end_all(stored_id(a));
    EXPECT_TRUE(with(a).is_known());
    EXPECT_FALSE(with(b).is_known());
    EXPECT_FALSE(with(reset).is_known());
    EXPECT_TRUE(with(customer).is_known());
    end_all("");
    EXPECT_FALSE(with(a).is_known());
}

TEST_F(AccessTokenTest, TheUserAgentIsCutWithoutBreakingACharacter) {
    agent = std::string(199, 'a') + "é" + std::string(100, 'b');
    log_in();
    EXPECT_EQ(db.number("SELECT length(CAST(agent AS BLOB)) FROM sallyport_sessions"), 199);
}

TEST_F(AccessTokenTest, TokensOverForADayAreSwept) {
    log_in(1, {.ttl_seconds = 60});
    db.clock.advance(87'000'000);
    log_in(2);
    EXPECT_EQ(db.number("SELECT count(*) FROM sallyport_sessions"), 1);
    EXPECT_EQ(db.number("SELECT count(*) FROM accesstoken"), 1);
}

}  // namespace
}  // namespace sallyport::auth

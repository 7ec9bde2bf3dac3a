// Whoever asks about an account that is not there costs what one costs who asks about one that is: the same hashes, and
// the same statements in the same transactions. Equal work takes equal time; that no answer differs is shown elsewhere.

#include "auth/disabled_account.hpp"
#include "methods/two_factor_app.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <functional>

namespace {

std::atomic<int> hashes = 0;

}  // namespace

// What the linker puts in place of libsodium's function in this program (--wrap), and what it calls that one.
// NOLINTBEGIN(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp)
extern "C" int __real_crypto_pwhash_argon2id(unsigned char* out, unsigned long long out_size, char const* password,
                                             unsigned long long password_size, unsigned char const* salt,
                                             unsigned long long passes, std::size_t memory, int algorithm);
extern "C" int __wrap_crypto_pwhash_argon2id(unsigned char* out, unsigned long long out_size, char const* password,
                                             unsigned long long password_size, unsigned char const* salt,
                                             unsigned long long passes, std::size_t memory, int algorithm);
int __wrap_crypto_pwhash_argon2id(unsigned char* out, unsigned long long out_size, char const* password,
                                  unsigned long long password_size, unsigned char const* salt,
                                  unsigned long long passes, std::size_t memory, int algorithm) {
    ++hashes;
    return __real_crypto_pwhash_argon2id(out, out_size, password, password_size, salt, passes, memory, algorithm);
}
// NOLINTEND(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp)

namespace sallyport::methods {
namespace {

auto constexpr nobody = "nobody@x.test";
auto constexpr code = "123456";

struct Cost {
    int status = 0;
    int hashes = 0;
    std::vector<CountingStore::Step> steps;

    bool operator==(Cost const&) const = default;
    friend std::ostream& operator<<(std::ostream& out, Cost const& cost) {
        out << cost.status << ", " << cost.hashes << " hashes";
        for (auto const& step : cost.steps) {
            out << (step.is_transaction ? "\n transaction" : "\n read");
            for (auto const& text : step.statements) out << "\n  " << text.substr(0, 90);
        }
        return out;
    }
};

// What is sent goes out after the answer.
bool is_delivery(CountingStore::Step const& step) {
    auto const& text = step.statements.front();
    return text.contains("sallyport_outbox") && !text.starts_with("INSERT");
}

Cost cost_of(TwoFactorApp& app, std::string const& method, JsonObject arguments) {
    app.app.counted->take_steps();
    auto const before = hashes.load();
    Cost cost;
    cost.status = app.call(method, std::move(arguments)).status;
    cost.hashes = hashes - before;
    cost.steps = app.app.counted->take_steps();
    std::erase_if(cost.steps, is_delivery);
    EXPECT_FALSE(cost.steps.empty());
    return cost;
}

using Preparation = std::function<void(TwoFactorApp&)>;

// An app of its own for each, so that none is charged for another.
Cost cost_in_new_app(Preparation const& prepare, std::string const& method, JsonObject arguments) {
    TwoFactorApp app{R"({"channels": ["console"], "required": false})"};
    app.sign_up({{"email", ann}});
    prepare(app);
    return cost_of(app, method, std::move(arguments));
}

void disable(TwoFactorApp& app) {
    app.app.store->prepare(
        {{"INSERT INTO sallyport_disabled (user_model, user_id, since)"
          " SELECT 'Employee', CAST(id AS TEXT), 1 FROM employee",
          {}}});
    ASSERT_EQ(app.number("SELECT count(*) FROM sallyport_disabled"), 1);
}

// Strangers from elsewhere used up what the name has.
Preparation throttle(std::string const& email) {
    return [email](TwoFactorApp& app) {
        for (int i = 0; i < 6; ++i) {
            app.call("requestCode", {{"credentials", JsonObject{{"email", email}, {"password", "wrong"}}}},
                     TwoFactorApp::from("203.0.113." + std::to_string(i)));
        }
    };
}

void nothing(TwoFactorApp& /*app*/) {}

JsonObject credentials_of(std::string const& email, std::string const& password) {
    return {{"credentials", JsonObject{{"email", email}, {"password", password}}}};
}

class PasswordMethods : public testing::TestWithParam<char const*> {};

TEST_P(PasswordMethods, TakeTheSameWorkWhetherTheAccountIsThereOrNot) {
    auto const unknown = cost_in_new_app(nothing, GetParam(), credentials_of(nobody, "wrong"));
    EXPECT_EQ(unknown.status, 401);
    EXPECT_EQ(unknown.hashes, 1);
    EXPECT_EQ(cost_in_new_app(nothing, GetParam(), credentials_of(ann, "wrong")), unknown);
    EXPECT_EQ(cost_in_new_app(nothing, GetParam(), credentials_of(ann, "")), unknown);
    EXPECT_EQ(cost_in_new_app(nothing, GetParam(), credentials_of(ann, std::string(1025, 'x'))), unknown);
    EXPECT_EQ(cost_in_new_app(disable, GetParam(), credentials_of(ann, "wrong")), unknown);
    EXPECT_EQ(cost_in_new_app(disable, GetParam(), credentials_of(ann, "a long enough password")), unknown);
}

TEST_P(PasswordMethods, RefuseAThrottledNameWithTheSameWorkWhetherItIsAnAccountOrNot) {
    auto const unknown = cost_in_new_app(throttle(nobody), GetParam(), credentials_of(nobody, "wrong"));
    EXPECT_EQ(unknown.status, 429);
    EXPECT_EQ(unknown.hashes, 0);
    EXPECT_EQ(cost_in_new_app(throttle(ann), GetParam(), credentials_of(ann, "wrong")), unknown);
    EXPECT_EQ(cost_in_new_app(throttle(ann), GetParam(), credentials_of(ann, "a long enough password")), unknown);
}

INSTANTIATE_TEST_SUITE_P(SameWork, PasswordMethods, testing::Values("requestCode", "login"));

JsonObject with_code(std::string const& email, std::string const& twofactor) {
    return {{"credentials", JsonObject{{"email", email}, {"twofactor", twofactor}}}};
}

TEST(SameWork, OfACodeThatNobodyAskedFor) {
    for (auto const* tried : {code, "0-abcde-fghjk", "no code"}) {
        auto const unknown = cost_in_new_app(nothing, "loginWithCode", with_code(nobody, tried));
        EXPECT_EQ(unknown.status, 401);
        EXPECT_EQ(cost_in_new_app(nothing, "loginWithCode", with_code(ann, tried)), unknown) << tried;
        EXPECT_EQ(cost_in_new_app(disable, "loginWithCode", with_code(ann, tried)), unknown) << tried;
    }
}

JsonObject for_reset(std::string const& email) { return {{"options", JsonObject{{"email", email}}}}; }

TEST(SameWork, OfAResetWhetherTheAccountIsThereOrNot) {
    auto const unknown = cost_in_new_app(nothing, "resetPassword", for_reset(nobody));
    EXPECT_EQ(unknown.status, 200);
    EXPECT_EQ(cost_in_new_app(nothing, "resetPassword", for_reset(ann)), unknown);
    EXPECT_EQ(cost_in_new_app(disable, "resetPassword", for_reset(ann)), unknown);
}

TEST(SameWork, OfAResetBeyondTheThreeThatAreMailed) {
    auto const three = [](std::string const& email) {
        return [email](TwoFactorApp& app) {
            for (int i = 0; i < 3; ++i) app.call("resetPassword", for_reset(email));
        };
    };
    auto const unknown = cost_in_new_app(three(nobody), "resetPassword", for_reset(nobody));
    EXPECT_EQ(cost_in_new_app(three(ann), "resetPassword", for_reset(ann)), unknown);
}

TEST(SameWork, OfALinkThatIsWrong) {
    auto const link = [](Json uid) { return JsonObject{{"uid", std::move(uid)}, {"token", std::string(64, 'x')}}; };
    auto const unknown = cost_in_new_app(nothing, "confirm", link("999"));
    EXPECT_EQ(unknown.status, 400);
    EXPECT_EQ(cost_in_new_app(nothing, "confirm", link("1")), unknown);
}

TEST(SameWork, OfAWrongPasswordThatASessionShows) {
    auto const cost = [](Preparation const& prepare, std::string const& method, JsonObject arguments) {
        TwoFactorApp app{R"({"channels": ["console"], "required": false})"};
        app.sign_up({{"email", ann}});
        auto const caller = app.caller(app.log_in(ann));
        prepare(app);
        app.app.counted->take_steps();
        auto const before = hashes.load();
        Cost found;
        found.status = app.call(method, std::move(arguments), TwoFactorApp::from("203.0.113.9"), caller).status;
        found.hashes = hashes - before;
        found.steps = app.app.counted->take_steps();
        return found;
    };
    auto const wrong = cost(nothing, "reauthenticate", {{"password", "wrong"}});
    EXPECT_EQ(wrong.status, 401);
    EXPECT_EQ(wrong.hashes, 1);
    EXPECT_EQ(cost(disable, "reauthenticate", {{"password", "a long enough password"}}), wrong);
}

}  // namespace
}  // namespace sallyport::methods

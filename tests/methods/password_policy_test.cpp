#include "methods/password_policy.hpp"

#include "sallyport/error.hpp"

#include <gtest/gtest.h>

namespace sallyport::methods {
namespace {

std::string refusal(PasswordPolicy const& policy, std::string_view password) {
    try {
        policy.require(password);
        return {};
    } catch (Error const& error) {
        EXPECT_EQ(error.status, 422);
        if (!password.empty()) EXPECT_EQ(error.message.find(password), std::string::npos);
        return error.code;
    }
}

definition::Model with_mixin(Json options) {
    definition::Model model;
    model.mixins.push_back({"TwoFactor", std::move(options)});
    return model;
}

std::string emojis(int count) {
    std::string text;
    for (int i = 0; i < count; ++i) text += "\U0001F511";
    return text;
}

TEST(PasswordPolicy, CompatibleTakesWhatLoopBackTakes) {
    auto const policy = password_policy({}, true);
    EXPECT_EQ(refusal(policy, ""), "INVALID_PASSWORD");
    EXPECT_EQ(refusal(policy, "x"), "");
    EXPECT_EQ(refusal(policy, std::string(72, 'x')), "");
    EXPECT_EQ(refusal(policy, std::string(73, 'x')), "PASSWORD_TOO_LONG");
    EXPECT_EQ(refusal(policy, emojis(19)), "PASSWORD_TOO_LONG");  // 76 bytes
}

TEST(PasswordPolicy, StrictAsksForFifteenCharactersWhereThePasswordStandsAlone) {
    auto const policy = password_policy({}, false);
    EXPECT_EQ(refusal(policy, ""), "INVALID_PASSWORD");
    EXPECT_EQ(refusal(policy, std::string(14, 'x')), "PASSWORD_TOO_SHORT");
    EXPECT_EQ(refusal(policy, std::string(15, 'x')), "");
    EXPECT_EQ(refusal(policy, std::string(1024, 'x')), "");
    EXPECT_EQ(refusal(policy, std::string(1025, 'x')), "PASSWORD_TOO_LONG");
}

TEST(PasswordPolicy, StrictAsksForEightCharactersWhereACodeFollows) {
    auto const policy = password_policy(with_mixin(JsonObject{}), false);
    EXPECT_EQ(refusal(policy, emojis(7)), "PASSWORD_TOO_SHORT");
    EXPECT_EQ(refusal(policy, emojis(8)), "");
    auto const optional = password_policy(with_mixin(JsonObject{{"required", false}}), false);
    EXPECT_EQ(refusal(optional, emojis(8)), "PASSWORD_TOO_SHORT");
}

TEST(PasswordPolicy, StrictRefusesWhatIsGuessedFirst) {
    auto const policy = password_policy(with_mixin(JsonObject{}), false);
    for (auto const* common : {"password1234", "PASSWORD1234", "qwertyuiop", "iloveyou1", "!qaz2wsx", "zzzzzzz1"})
        EXPECT_EQ(refusal(policy, common), "PASSWORD_BLOCKED") << common;
    for (auto const* other : {"xpassword1234qz", "aaaaaaaaaaaaaaaz", "two doors in line", "qwertyuiop and more"})
        EXPECT_EQ(refusal(policy, other), "") << other;
    EXPECT_EQ(refusal(password_policy({}, true), "password1234"), "") << "LoopBack takes it";
}

TEST(PasswordPolicy, StrictRefusesTheWordsOfTheAccount) {
    auto const policy = password_policy(with_mixin(JsonObject{}), false);
    definition::Model employee;
    employee.name = "Employee";
    auto const words = words_of(employee, JsonObject{{"email", "ann.miller@company.test"}, {"mobile", "+33612345678"}});
    auto const blocked = [&](std::string_view password) {
        try {
            policy.require(password, words);
            return false;
        } catch (Error const& error) {
            EXPECT_EQ(error.code, "PASSWORD_BLOCKED");
            return true;
        }
    };
    for (auto const* own :
         {"ann.miller@company.test", "ANN.MILLER", "ann.miller1987!", "employee", "Employee2026", "+33612345678"})
        EXPECT_TRUE(blocked(own)) << own;
    for (auto const* other : {"ann.miller likes tea", "employee of the month", "33 612345678 x"})
        EXPECT_FALSE(blocked(other)) << other;
}

}  // namespace
}  // namespace sallyport::methods

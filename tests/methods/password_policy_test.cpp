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

}  // namespace
}  // namespace sallyport::methods

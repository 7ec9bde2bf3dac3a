#include "auth/two_factor_options.hpp"
#include "methods/login_with_code.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace sallyport::methods {
namespace {

definition::Model employee() {
    definition::Model model;
    model.name = "Employee";
    model.bases = {"User", "PersistedModel", "Model"};
    definition::Property mobile;
    mobile.name = "mobile";
    mobile.type.kind = definition::PropertyType::Kind::string;
    definition::Property size;
    size.name = "size";
    size.type.kind = definition::PropertyType::Kind::number;
    model.properties = {mobile, size};
    model.settings = Json::object();
    return model;
}

// Everything the mixin has to say about options of the right types, by place.
std::vector<definition::Finding> findings(std::string_view options, definition::Model const& model = employee()) {
    auto const mixin = two_factor_mixin();
    auto const given = definition::parse_located(options, "employee.json");
    definition::Findings found;
    mixin.check(given, given.place, model, found);
    for (auto const& member : given.members) {
        auto const option = std::ranges::find(mixin.options, member.name, &definition::MixinOption::name);
        if (option != mixin.options.end() && option->check) option->check(member.value, model, found);
    }
    return found.take();
}

std::vector<std::string> complaints(std::string_view options, definition::Model const& model = employee()) {
    std::vector<std::string> texts;
    for (auto const& finding : findings(options, model)) texts.push_back(to_text(finding));
    return texts;
}

TEST(TwoFactorMixin, TakesWhatTheDesignNames) {
    for (auto const* options : {
             "{}",
             R"({"channels": ["console"]})",
             R"({"channels": ["sms", "console"], "phone": "mobile"})",
             R"({"code": {"digits": 6, "ttl": 300, "attempts": 5}, "tokenTtl": 86400, "binding": "strict"})",
             R"({"code": {"digits": 10, "ttl": 600}, "required": false, "binding": "account"})",
             R"({"binding": "cookie-or-network", "tokenTtl": 1})",
             R"({"trustDays": 0})",
             R"({"trustDays": 30})",
         }) {
        EXPECT_EQ(complaints(options), std::vector<std::string>{}) << options;
    }
}

TEST(TwoFactorMixin, RefusesWhatIsUnsafeOrNotBuilt) {
    for (auto const* options : {
             R"({"channels": []})",
             R"({"channels": ["email"]})",
             R"({"channels": ["pigeon"]})",
             R"({"channels": ["console", "console"]})",
             R"({"channels": ["sms"]})",
             R"({"phone": "telephone"})",
             R"({"phone": "size"})",
             R"({"code": {"digits": 5}})",
             R"({"code": {"digits": 11}})",
             R"({"code": {"digits": 6.5}})",
             R"({"code": {"digits": "6"}})",
             R"({"code": {"ttl": 601}})",
             R"({"code": {"ttl": 0}})",
             R"({"code": {"attempts": 0}})",
             R"({"code": {"attempts": 11}})",
             R"({"code": {"maxAttempts": 5}})",
             R"({"tokenTtl": 0})",
             R"({"tokenTtl": -1})",
             R"({"binding": "none"})",
             R"({"trustDays": 31})",
             R"({"trustDays": -1})",
             R"({"trustDays": 1.5})",
         }) {
        EXPECT_EQ(complaints(options).size(), 1U) << options;
    }
}

TEST(TwoFactorMixin, TellsAllMistakesAtOnceEachWhereItStandsAndWithAHint) {
    struct Row {
        char const* options;
        std::vector<std::pair<int, char const*>> expected;  ///< Column and text, in the order of columns.
    };
    Row const rows[] = {
        {R"({"code": {"digts": 6, "digits": 3, "ttl": 6000, "attempts": 0}})",
         {{11, "unknown key \"digts\" in \"code\""},
          {33, "\"digits\" must be a whole number from 6 to 10"},
          {43, "\"ttl\" must be a whole number from 1 to 600"},
          {61, "\"attempts\" must be a whole number from 1 to 10"}}},
        {R"({"channels": ["totp", "email", "consol"]})",
         {{23, "a code by mail is weaker than any second factor: no rule takes it for one"},
          {32, "the channel \"consol\" is not built"}}},
        {R"({"channels": ["email"]})",
         {{15, "\"email\" cannot be the only channel: whoever reads the mail can reset the password"}}},
        {R"({"channels": ["console", "sms", "console"], "binding": "none"})",
         {{26, "the channel \"sms\" needs \"phone\", the property that holds the number"},
          {33, "\"console\" stands twice in \"channels\""},
          {56, "\"none\" is no binding"}}},
        {R"({"phone": "mobil", "tokenTtl": 0.5})",
         {{11, "\"Employee\" has no property \"mobil\" for the phone"},
          {32, "\"tokenTtl\" must be a whole number from 1 to 31556926"}}},
    };

    for (auto const& row : rows) {
        SCOPED_TRACE(row.options);
        auto const found = findings(row.options);
        ASSERT_EQ(found.size(), row.expected.size());
        for (std::size_t i = 0; i < found.size(); ++i) {
            EXPECT_EQ(found[i].column, row.expected[i].first);
            EXPECT_EQ(found[i].text, row.expected[i].second);
            EXPECT_NE(found[i].hint, "");
        }
    }
}

TEST(TwoFactorMixin, NeedsAUserModel) {
    auto model = employee();
    model.bases = {"PersistedModel", "Model"};
    EXPECT_EQ(complaints("{}", model).size(), 1U);
}

TEST(TwoFactorMixin, OptionsNotGivenAreTheSafeOnes) {
    auto model = employee();
    EXPECT_FALSE(auth::two_factor_options(model).has_value());
    model.mixins = {{"TwoFactor", Json::object()}};
    auto const options = auth::two_factor_options(model);
    ASSERT_TRUE(options);
    EXPECT_EQ(options->channels, std::vector<std::string>{"console"});
    EXPECT_EQ(options->phone, "");
    EXPECT_TRUE(options->required);
    EXPECT_EQ(options->code.digits, 6);
    EXPECT_EQ(options->code.ttl_seconds, 300);
    EXPECT_EQ(options->code.attempts, 5);
    EXPECT_EQ(options->code.binding, auth::Binding::cookie_or_network);
    EXPECT_EQ(options->token_ttl, 86400);
}

TEST(TwoFactorMixin, OptionsGivenAreKept) {
    auto model = employee();
    model.mixins = {{"TwoFactor", parse_json(R"({"channels": ["sms", "console"], "phone": "mobile", "required": false,
        "code": {"digits": 8, "ttl": 60, "attempts": 3}, "tokenTtl": 3600, "binding": "strict"})")}};
    auto const options = auth::two_factor_options(model);
    ASSERT_TRUE(options);
    EXPECT_EQ(options->channels, (std::vector<std::string>{"sms", "console"}));
    EXPECT_EQ(options->phone, "mobile");
    EXPECT_FALSE(options->required);
    EXPECT_EQ(options->code.digits, 8);
    EXPECT_EQ(options->code.ttl_seconds, 60);
    EXPECT_EQ(options->code.attempts, 3);
    EXPECT_EQ(options->code.binding, auth::Binding::strict);
    EXPECT_EQ(options->token_ttl, 3600);
}

TEST(TwoFactorMixin, AddsItsMethodsAndOpensTheTwoStepsToEverybody) {
    auto model = employee();
    two_factor_mixin().apply(model, Json::object());
    std::vector<std::pair<std::string, std::string>> rules;
    for (auto const& rule : model.rules) {
        EXPECT_EQ(rule.permission, "ALLOW");
        EXPECT_EQ(rule.access_type, "EXECUTE");
        rules.emplace_back(rule.properties.at(0), rule.principal_id);
    }
    std::vector<std::pair<std::string, std::string>> const expected{
        {"requestCode", "$everyone"},       {"loginWithCode", "$everyone"},  {"agreeToEmailChange", "$everyone"},
        {"refuseEmailChange", "$everyone"}, {"listFactors", "$owner"},       {"addFactor", "$owner"},
        {"confirmFactor", "$owner"},        {"updateFactor", "$owner"},      {"removeFactor", "$owner"},
        {"countRecoveryCodes", "$owner"},   {"makeRecoveryCodes", "$owner"}, {"listSessions", "$owner"},
        {"endSessions", "$owner"},          {"endSession", "$owner"},        {"listDevices", "$owner"},
        {"distrustDevices", "$owner"},      {"distrustDevice", "$owner"},    {"showEmail", "$owner"},
        {"changeEmail", "$owner"},          {"cancelEmailChange", "$owner"}, {"changeUsername", "$owner"},
        {"listEvents", "$owner"},           {"exportAccount", "$owner"},     {"reauthenticate", "$authenticated"}};
    EXPECT_EQ(rules, expected);
    EXPECT_EQ(model.methods.size(), expected.size());
    for (auto const& method : model.methods) {
        bool const enrols = method.name == "prototype.addFactor" || method.name == "prototype.confirmFactor";
        EXPECT_EQ(method.access_scopes.size(), enrols ? 2U : 0U) << method.name;
    }
}

TEST(TwoFactorMixin, NeverLetsFiltersUseHiddenProperties) {
    auto model = employee();
    model.settings["prohibitHiddenPropertiesInQuery"] = false;

    two_factor_mixin().apply(model, Json::object());

    EXPECT_TRUE(model.flag("prohibitHiddenPropertiesInQuery", false));
}

TEST(TwoFactorMixin, AMethodTheJsonDescribesStaysAsDescribed) {
    auto model = employee();
    MethodSpec told;
    told.name = "requestCode";
    told.description = "Login step one";
    ReturnSpec timestamp;
    timestamp.name = "timestamp";
    timestamp.type = {"string"};
    told.returns = {timestamp};
    model.methods = {told};
    two_factor_mixin().apply(model, Json::object());
    EXPECT_EQ(model.methods[0].description, "Login step one");
    EXPECT_EQ(model.methods[0].returns[0].type.name, "string");
    EXPECT_EQ(std::ranges::count(model.methods[0].returns, true, &ReturnSpec::documented), 1);
    EXPECT_GT(model.methods[0].returns.size(), 5U);
}

}  // namespace
}  // namespace sallyport::methods

#include "auth/access.hpp"

#include "acl_cases.hpp"
#include "sallyport/error.hpp"
#include "support.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace sallyport::auth {
namespace {

using definition::Rule;

std::vector<std::string> split(std::string_view text, std::string_view separator) {
    std::vector<std::string> parts;
    for (;;) {
        auto const at = text.find(separator);
        parts.emplace_back(text.substr(0, at));
        if (at == std::string_view::npos) return parts;
        text.remove_prefix(at + separator.size());
    }
}

// "property,property accessType permission principalType principalId"
Rule rule_of(std::string_view text, std::string model = "Thing") {
    auto const words = split(text, " ");
    Rule rule;
    rule.model = std::move(model);
    rule.properties = split(words[0], ",");
    rule.access_type = words[1];
    rule.permission = words[2];
    rule.principal_type = words[3];
    rule.principal_id = words[4];
    return rule;
}

std::vector<std::string> aliases_of(std::string_view method) {
    return method == "patchOrCreate" ? std::vector<std::string>{"upsert", "updateOrCreate"}
                                     : std::vector<std::string>{};
}

definition::Model thing() {
    definition::Model model;
    model.name = "Thing";
    model.settings = Json::object();
    return model;
}

Caller customer(int id) {
    Caller caller;
    caller.user_id = id;
    caller.user_model = "Customer";
    caller.scopes = {"DEFAULT"};
    caller.factors = {"password"};
    return caller;
}

// Two customers, each the owner of the record with their id; the second is admin.
Task<bool> has_role(std::string const& role, Caller const& caller, RoleQuestion const& about) {
    if (role == "$owner") co_return caller.is_known() && id_text(about.id) == id_text(caller.user_id);
    co_return role == "admin" && caller.is_known() && caller.user_id == Json{2};
}

definition::Registry customers() {
    definition::Registry models;
    definition::Model customer;
    customer.name = "Customer";
    customer.bases = {"User", "PersistedModel", "Model"};
    customer.data_source = "db";
    customer.mixins = {{"TwoFactor", JsonObject{{"channels", JsonArray{"sms", "totp"}}}}};
    models.add(std::move(customer));
    return models;
}

// One answer: "" for allowed, else the error's code.
struct Question {
    definition::Model model = thing();
    Access::Rules rules{};
    Caller caller{};
    std::string method = "find";
    std::string access_type = "READ";
    Json id{};
    MethodSpec spec{};
    Access::RoleCheck roles = &has_role;
    Access::StoredRules stored{};
};

Error answer(Question const& question) {
    auto const aliases = aliases_of(question.method);
    Access const access{question.rules, question.roles, question.stored};
    AccessRequest const request{question.model, question.method, aliases, question.access_type};
    RoleQuestion const about{question.model, question.id, nullptr};
    try {
        wait_for(access.require(question.caller, request, question.spec, about));
        return {200, ""};
    } catch (Error const& error) {
        return error;
    }
}

TEST(Access, ScoresEveryRuleAsLoopBackDoes) {
    for (auto const& [rule_text, request_text, expected] : score_cases) {
        auto const space = rule_text.find(' ');
        auto const rule = rule_of(rule_text.substr(space + 1), std::string{rule_text.substr(0, space)});
        auto const words = split(request_text, " ");
        auto const model = thing();
        auto const aliases = aliases_of(words[0]);

        EXPECT_EQ(score(rule, {model, words[0], aliases, words[1]}), expected) << rule_text << " | " << request_text;
    }
}

TEST(Access, DecidesAsLoopBackDoes) {
    auto const models = customers();
    for (auto const& c : decision_cases) {
        Question question;
        for (auto const& text : split(c.rules, "; ")) question.model.rules.push_back(rule_of(text));
        if (!c.default_permission.empty()) question.model.settings["defaultPermission"] = Json{c.default_permission};
        auto const words = split(c.request, " ");
        question.method = words[0];
        question.access_type = words[1];
        question.rules = {.without_rule = Access::Default::allow, .models = &models};
        if (c.caller != "nobody") question.caller = customer(c.caller == "1" ? 1 : 2);
        if (!c.id.empty()) question.id = Json{c.id};

        EXPECT_EQ(answer(question).status == 200, c.is_allowed)
            << c.rules << " | " << c.request << " by " << c.caller << " on " << c.id;
    }
}

TEST(Access, WithoutARuleTheModeDecidesUnlessTheModelDoes) {
    Question question;
    EXPECT_EQ(answer(question).status, 401);
    question.rules.without_rule = Access::Default::allow;
    EXPECT_EQ(answer(question).status, 200);
    question.model.settings["defaultPermission"] = "DENY";
    EXPECT_EQ(answer(question).status, 401);
}

TEST(Access, ADenialSaysWhatTheModelWantsItToSay) {
    Question question{.caller = customer(1), .id = Json{"9"}};
    auto error = answer(question);
    EXPECT_EQ(error.status, 403);
    EXPECT_EQ(error.code, "ACCESS_DENIED");

    question.model.settings["aclErrorStatus"] = 404;
    error = answer(question);
    EXPECT_EQ(error.status, 404);
    EXPECT_EQ(error.message, "could not find Thing with id 9");
    question.id = {};
    EXPECT_EQ(answer(question).message, "could not find Thing with id undefined");

    question.model.settings["aclErrorStatus"] = 401;
    EXPECT_EQ(answer(question).code, "AUTHORIZATION_REQUIRED");

    question.model.settings["aclErrorStatus"] = 403;
    question.caller = {};
    error = answer(question);
    EXPECT_EQ(error.status, 401);
    EXPECT_EQ(error.message, "Authorization Required");
}

TEST(Access, ATokenWorksOnlyWhereItsScopesReach) {
    Question question{.caller = customer(1)};
    question.rules.without_rule = Access::Default::allow;
    question.caller.scopes = {"reset-password"};
    EXPECT_EQ(answer(question).status, 403);
    question.spec.access_scopes = {"reset-password"};
    EXPECT_EQ(answer(question).status, 200);
    question.caller.scopes = {"DEFAULT"};
    EXPECT_EQ(answer(question).status, 403);
    question.caller = {};
    EXPECT_EQ(answer(question).status, 401);
}

TEST(Access, ARuleMayAskForASecondFactor) {
    auto const models = customers();
    Question question{.caller = customer(1)};
    question.rules = {.without_rule = Access::Default::allow, .models = &models};
    auto rule = rule_of("find * ALLOW ROLE $everyone");
    rule.second_factor = true;
    question.model.rules = {rule, rule_of("* * ALLOW ROLE $everyone")};

    auto const error = answer(question);
    EXPECT_EQ(error.status, 401);
    EXPECT_EQ(error.code, "STEP_UP_REQUIRED");
    EXPECT_EQ(to_text(error.details), R"({"channels":["sms","totp"]})");

    question.caller.factors = {"password", "sms"};
    EXPECT_EQ(answer(question).status, 200);

    question.caller = {};
    EXPECT_EQ(answer(question).code, "AUTHORIZATION_REQUIRED");
}

TEST(Access, ARuleMayAskForARecentLogin) {
    StillClock clock;
    Question question{.caller = customer(1)};
    question.rules = {.without_rule = Access::Default::allow, .clock = &clock};
    auto rule = rule_of("* * ALLOW ROLE $authenticated");
    rule.fresh_within_seconds = 300;
    question.model.rules = {rule};
    question.caller.authenticated_at = clock.now();

    clock.advance(300'000);
    EXPECT_EQ(answer(question).status, 200);
    clock.advance(1);
    EXPECT_EQ(answer(question).code, "STEP_UP_REQUIRED");
}

TEST(Access, RolesThatCannotDecideAreNotAsked) {
    std::vector<std::string> asked;
    Question question{.caller = customer(1)};
    question.roles = [&asked](std::string const& role, Caller const& caller, RoleQuestion const& about) {
        asked.push_back(role);
        return has_role(role, caller, about);
    };
    question.id = Json{"1"};
    question.model.rules = {rule_of("* * DENY ROLE $everyone"), rule_of("find READ ALLOW ROLE $owner"),
                            rule_of("find READ ALLOW ROLE admin"), rule_of("find READ DENY ROLE admin"),
                            rule_of("find * ALLOW ROLE staff")};

    EXPECT_EQ(answer(question).status, 200);
    EXPECT_EQ(asked, (std::vector<std::string>{"admin", "$owner"}));
}

TEST(Access, WhomAnAlarmOrAuditLetsInIsTold) {
    std::vector<std::string> told;
    Access const access{
        {.watched =
             [&told](Caller const& caller, AccessRequest const& request, Rule const& rule) {
                 told.push_back(rule.permission + " " + std::string{request.property} + " " + id_text(caller.user_id));
             }},
        has_role,
        {}};
    std::vector<std::string> const none;
    Json const id;
    for (auto const* permission : {"ALLOW", "ALARM", "AUDIT"}) {
        definition::Model model = thing();
        model.rules.push_back(rule_of(std::string{"* * "} + permission + " ROLE $everyone"));
        wait_for(access.require(customer(1), {model, "find", none, "READ"}, {.name = "find"}, {model, id, nullptr}));
    }
    EXPECT_EQ(told, (std::vector<std::string>{"ALARM find 1", "AUDIT find 1"}));
}

TEST(Access, TheRolesThatAllowARequestAreListedOnce) {
    definition::Model model = thing();
    for (auto const* text :
         {"* * DENY ROLE $everyone", "* READ ALLOW ROLE admin", "find READ ALLOW ROLE admin",
          "find * AUDIT ROLE $authenticated", "* * ALLOW ROLE singer", "count READ ALLOW ROLE $owner"})
        model.rules.push_back(rule_of(text));
    Access const access{{}, has_role, {}};
    std::vector<std::string> const none;
    AccessRequest const request{model, "find", none, "READ"};
    Json const id;

    auto const roles_of = [&](Caller const& caller) {
        return wait_for(access.authorized_roles(caller, request, applicable_rules(request), {model, id, nullptr}));
    };
    EXPECT_EQ(roles_of(customer(2)), (std::vector<std::string>{"admin", "$authenticated"}));
    EXPECT_EQ(roles_of(customer(1)), (std::vector<std::string>{"$authenticated"}));
    EXPECT_TRUE(roles_of({}).empty());
}

TEST(Access, RulesOfTheTableCountUnderAnyNameOfTheMethod) {
    Question question{.method = "patchOrCreate", .access_type = "WRITE"};
    question.rules.without_rule = Access::Default::allow;
    question.stored = [](definition::Model const& model) -> Task<std::vector<Rule>> {
        std::vector<Rule> rules{rule_of("upsert * DENY ROLE $everyone", model.name)};
        co_return rules;
    };
    EXPECT_EQ(answer(question).status, 401);
    question.method = "find";
    EXPECT_EQ(answer(question).status, 200);
}

TEST(Access, UsersOfAnotherModelAreNotMeantByUser) {
    auto const models = customers();
    Question question{.caller = customer(1)};
    question.rules = {.without_rule = Access::Default::deny, .models = &models};
    question.model.rules = {rule_of("* * ALLOW USER 1")};
    EXPECT_EQ(answer(question).status, 200);
    question.caller.user_model = "Employee";
    EXPECT_EQ(answer(question).status, 403);
}

TEST(Access, OnlyUsersThatUserDoesNotMeanHaveTheNameOfTheirModel) {
    auto const models = customers();
    Question question{.caller = customer(1)};
    question.rules = {.without_rule = Access::Default::deny, .models = &models};
    question.model.rules = {rule_of("* * ALLOW Customer 1"), rule_of("* * ALLOW Employee 1")};
    EXPECT_EQ(answer(question).status, 403);
    question.caller.user_model = "Employee";
    EXPECT_EQ(answer(question).status, 200);
}

TEST(AccessType, ComesFromTheMethodItsVerbOrItsName) {
    struct {
        std::string name;
        std::vector<RouteSpec> http;
        std::string own;
        std::string expected;
    } const cases[] = {
        {"anything", {{"GET", "/x"}}, "", "READ"},
        {"anything", {{"HEAD", "/x"}}, "", "READ"},
        {"anything", {{"POST", "/x"}}, "", "EXECUTE"},
        {"anything", {}, "", "EXECUTE"},
        {"anything", {{"GET", "/x"}, {"GET", "/y"}}, "", "EXECUTE"},
        {"anything", {{"GET", "/x"}}, "WRITE", "WRITE"},
        {"create", {{"POST", "/"}}, "", "WRITE"},
        {"upsertWithWhere", {{"POST", "/x"}}, "", "WRITE"},
        {"deleteById", {{"DELETE", "/:id"}}, "", "WRITE"},
        {"exists", {{"GET", "/:id/exists"}, {"HEAD", "/:id"}}, "", "READ"},
        {"prototype.close", {{"POST", "/:id/close"}}, "", "EXECUTE"},
    };
    for (auto const& c : cases) {
        MethodSpec method;
        method.name = c.name;
        method.http = c.http;
        method.access_type = c.own;
        EXPECT_EQ(access_type_of(method), c.expected) << c.name;
    }
}

}  // namespace
}  // namespace sallyport::auth

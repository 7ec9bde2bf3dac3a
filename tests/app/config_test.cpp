#include "app/config.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>

namespace sallyport::app {
namespace {

using Variables = std::map<std::string, std::string>;

struct Outcome {
    Config config;
    std::vector<std::string> mistakes;
    std::vector<std::string> notes;
};

definition::Model employee(Json options) {
    definition::Model model;
    model.name = "Employee";
    model.data_source = "db";
    model.mixins.push_back({.name = "TwoFactor", .options = std::move(options)});
    return model;
}

Outcome read(std::string_view json, Variables const& variables = {}, AppSettings const& settings = {},
             std::optional<definition::Model> model = std::nullopt) {
    definition::Project project;
    project.config = parse_json(json).as_object();
    if (model) project.models.add(std::move(*model));
    Outcome outcome;
    outcome.config = read_config(project, settings, [&](std::string const& name) {
        auto const found = variables.find(name);
        return found == variables.end() ? std::nullopt : std::optional{found->second};
    });
    for (auto const& finding : project.findings) {
        auto& texts = finding.kind == definition::Finding::Kind::mistake ? outcome.mistakes : outcome.notes;
        texts.push_back(finding.text);
    }
    return outcome;
}

TEST(Config, IsStrictOnLoopbackUnlessToldOtherwise) {
    auto const [config, mistakes, notes] = read("{}");

    EXPECT_TRUE(mistakes.empty());
    EXPECT_EQ(config.environment, "development");
    EXPECT_FALSE(config.is_compatible);
    EXPECT_EQ(config.host, "127.0.0.1");
    EXPECT_EQ(config.port, 3000);
    EXPECT_EQ(config.api_root, "/api");
    EXPECT_EQ(config.denied_status, 403);
    EXPECT_EQ(config.base_url, "http://127.0.0.1:3000");
}

TEST(Config, ReadsLoopBacksSettings) {
    auto const [config, mistakes, notes] = read(R"({
        "compatibility": "loopback3", "restApiRoot": "/v1/", "port": "8080", "url": "https://x.test/",
        "remoting": {"context": false, "cors": false, "rest": {"handleUnknownPaths": false, "arrayItemDelimiters": ","},
                     "json": {"strict": false, "limit": "100kb"}, "urlencoded": {"extended": true, "limit": 2048}}})");

    EXPECT_TRUE(mistakes.empty());
    EXPECT_TRUE(config.is_compatible);
    EXPECT_EQ(config.host, "0.0.0.0");
    EXPECT_EQ(config.port, 8080);
    EXPECT_EQ(config.api_root, "/v1");
    EXPECT_EQ(config.denied_status, 401);
    EXPECT_EQ(config.base_url, "https://x.test");
    EXPECT_EQ(config.json_limit, 102400U);
    EXPECT_EQ(config.form_limit, 2048U);
    EXPECT_FALSE(config.handle_unknown_paths);
    EXPECT_EQ(config.item_delimiters, std::vector<std::string>{","});
}

TEST(Config, RefusesADelimiterThatPartsNothing) {
    for (auto const* mark : {"\"\"", "1", "[\",\", \"\"]"}) {
        auto const text = std::string{R"({"remoting": {"rest": {"arrayItemDelimiters": )"} + mark + "}}}";
        EXPECT_EQ(read(text).mistakes.size(), 1U) << mark;
    }
}

TEST(Config, SaysWhereAModelsWishToOpenHiddenPropertiesIsNotHeeded) {
    definition::Model model;
    model.name = "Note";
    model.settings = JsonObject{{"prohibitHiddenPropertiesInQuery", false}};

    EXPECT_EQ(read("{}", {}, {}, model).notes.size(), 1U);
    EXPECT_TRUE(read(R"({"compatibility": "loopback3"})", {}, {}, model).notes.empty());
}

TEST(Config, SettingsWinOverTheEnvironmentAndThatOverTheFile) {
    Variables const variables{{"PORT", "4000"}, {"HOST", "127.0.0.2"}, {"NODE_ENV", "staging"}};
    EXPECT_EQ(read(R"({"port": 5000})", variables).config.port, 4000);
    EXPECT_EQ(read(R"({"host": "127.0.0.1"})", variables).config.host, "127.0.0.2");
    EXPECT_EQ(read("{}", variables).config.environment, "staging");
    AppSettings settings;
    settings.port = 0;
    settings.host = "::1";
    settings.environment = "production";
    auto const config = read(R"({"port": 5000})", variables, settings).config;
    EXPECT_EQ(config.port, 0);
    EXPECT_EQ(config.host, "::1");
    EXPECT_TRUE(config.is_production);
}

TEST(Config, WrongAndUnsafeSettingsAreMistakes) {
    struct Row {
        char const* json;
        char const* mistake;
    };
    Row const rows[] = {
        {R"({"port": "http"})", "\"http\" is no port"},
        {R"({"port": 65536})", "65536 is no port"},
        {R"({"restApiRoot": "api"})", "\"restApiRoot\" must begin with \"/\""},
        {R"({"compatibility": "loopback4"})", "\"loopback4\" is no compatibility"},
        {R"({"allowPlainHttp": "yes"})", "\"allowPlainHttp\" must be true or false"},
        {R"({"allowPlainHtp": true})", "unknown setting \"allowPlainHtp\""},
        {R"({"remoting": {"rest": {"bogus": 1}}})", "unknown setting \"bogus\""},
        {R"({"remoting": {"errorHandler": {"debgu": true}}})", "unknown setting \"debgu\""},
        {R"({"remoting": {"types": {"warn": true}}})", "unknown setting \"warn\""},
        {R"({"remoting": {"jsn": {}}})", "unknown setting \"jsn\""},
        {R"({"remoting": {"json": {"limit": "lots"}}})", "\"lots\" is no size"},
        {R"({"remoting": {"context": true}})", "\"remoting.context\" cannot be true"},
        {R"({"remoting": {"context": {"enableHttpContext": true}}})", "\"remoting.context\" cannot be true"},
        {R"({"remoting": {"cors": true}})", "\"remoting.cors\" cannot be true"},
        {R"({"aclErrorStatus": 500})", "\"aclErrorStatus\" must be 401, 403 or 404"},
        {R"({"trustedProxies": ["proxy"]})", "\"proxy\" is no address and no network"},
        {R"({"trustedProxies": ["0.0.0.0/0"]})", "\"0.0.0.0/0\" would make strangers proxies"},
        {R"({"trustedProxies": ["8.0.0.0/7"]})", "\"8.0.0.0/7\" would make strangers proxies"},
        {R"({"trustedProxies": ["::/0"]})", "\"::/0\" would make strangers proxies"},
        {R"({"remoting": {"json": {"limit": "257mb"}}})", "\"257mb\" is more than a body may have"},
        {R"({"remoting": {"urlencoded": {"limit": "1gb"}}})", "\"1gb\" is more than a body may have"},
        {R"({"hstsSeconds": 315360001})", "315360001 is no time that browsers could remember"},
        {R"({"refusedPasswordMs": 2001})", "2001 is no time to answer a wrong password in"},
        {R"({"refusedPasswordMs": 0.5})", "0.5 is no time to answer a wrong password in"},
        {R"({"hstsSeconds": -1})", "-1 is no time that browsers could remember"},
        {R"({"url": "x.test"})", "\"url\" must begin with \"https://\" or \"http://\""},
        {R"({"host": "0.0.0.0"})", "plain HTTP on 0.0.0.0 lets others read passwords and tokens"},
    };

    for (auto const& row : rows) {
        SCOPED_TRACE(row.json);
        auto const mistakes = read(row.json).mistakes;
        ASSERT_EQ(mistakes.size(), 1U);
        EXPECT_EQ(mistakes.front(), row.mistake);
    }
}

TEST(Config, TheContextOfLoopBack2MayBeSwitchedOff) {
    EXPECT_TRUE(read(R"({"remoting": {"context": {"enableHttpContext": false}}})").mistakes.empty());
}

TEST(Config, AnExplorerBelowTheApiIsAMistakeWhereItsPathStands) {
    definition::Project project;
    project.components.set("loopback-component-explorer", JsonObject{{"mountPath", "/api/docs"}});
    project.component_places = {
        {"loopback-component-explorer.mountPath", {.file = "component-config.json", .line = 3}}};
    read_config(project, {}, [](std::string const&) { return std::nullopt; });
    ASSERT_TRUE(project.has_mistakes());
    EXPECT_EQ(
        to_text(project.findings.front()),
        "component-config.json:3:0: \"/api/docs\" lies below \"/api\", where only models are, and the explorer is "
        "never reached\n  hint: use \"/explorer\"");
}

TEST(Config, ProxiesMayHaveAllOfAPrivateNetwork) {
    EXPECT_TRUE(read(R"({"trustedProxies": ["10.0.0.0/8", "fc00::/7", "203.0.113.9"]})").mistakes.empty());
    EXPECT_TRUE(read(R"({"remoting": {"json": {"limit": "256mb"}}})").mistakes.empty());
}

TEST(Config, PlainHttpIsServedBeyondLoopbackOnlyWhenSomeoneSaidSo) {
    EXPECT_TRUE(read(R"({"host": "0.0.0.0", "allowPlainHttp": true})").mistakes.empty());
    EXPECT_TRUE(read(R"({"host": "0.0.0.0", "trustedProxies": ["10.0.0.0/8"]})").mistakes.empty());
    EXPECT_TRUE(read(R"({"host": "0.0.0.0", "compatibility": "loopback3"})").mistakes.empty());
    EXPECT_EQ(read("{}", {{"HOST", "10.0.0.1"}}).mistakes.size(), 1U);
}

TEST(Config, CodesGoToTheConsoleOnlyInDevelopmentAndOnLoopback) {
    auto const console = employee(Json::object());
    auto const sms = employee(parse_json(R"({"channels": ["sms"]})"));
    EXPECT_TRUE(read("{}", {}, {}, console).mistakes.empty());
    EXPECT_EQ(read("{}", {{"NODE_ENV", "production"}}, {}, console).mistakes.size(), 1U);
    EXPECT_TRUE(read("{}", {{"NODE_ENV", "production"}}, {}, sms).mistakes.empty());
    EXPECT_TRUE(read(R"({"allowConsole": true})", {{"NODE_ENV", "production"}}, {}, console).mistakes.empty());
    EXPECT_EQ(read(R"({"host": "0.0.0.0", "allowPlainHttp": true})", {}, {}, console).mistakes.size(), 1U);
}

TEST(Config, EveryMistakeHasAHint) {
    definition::Project project;
    project.config = parse_json(R"({"port": "http", "restApiRoot": "api", "compatibility": "x", "allowConsole": "yes",
        "trustedProxies": ["proxy"], "url": "x.test", "aclErrorStatus": 500, "hots": "x",
        "remoting": {"cors": true, "context": true, "json": {"limit": "lots"}, "rest": {"bogus": 1}}})")
                         .as_object();

    read_config(project, {}, [](std::string const&) { return std::nullopt; });

    EXPECT_EQ(std::ranges::count(project.findings, definition::Finding::Kind::mistake, &definition::Finding::kind), 12);
    for (auto const& finding : project.findings) EXPECT_NE(finding.hint, "") << finding.text;
}

TEST(Config, WhatLoopBackKnowsAndHasNoEffectIsNoted) {
    struct Row {
        char const* json;
        char const* note;
    };
    Row const rows[] = {
        {R"({"companyName": "Acme"})", "nothing here reads the setting \"companyName\""},
        {R"({"legacyExplorer": false})", "\"legacyExplorer\" is known to LoopBack, but has no effect here"},
        {R"({"legacyExplorer": true})", "the routes /models and /routes are not served"},
        {R"({"logoutSessionsOnSensitiveChanges": true})",
         "\"logoutSessionsOnSensitiveChanges\" is known to LoopBack, but has no effect here"},
        {R"({"logoutSessionsOnSensitiveChanges": false})",
         "a changed password or email always ends the user's other sessions"},
        {R"({"_verifyAuthModelRelations": false})",
         "\"_verifyAuthModelRelations\" is known to LoopBack, but has no effect here"},
        {R"({"remoting": {"types": {"warnOnUnknownType": false}}})",
         "\"remoting.types\" is known to LoopBack, but has no effect here"},
        {R"({"remoting": {"errorHandler": {"debug": true}}})",
         "\"remoting.errorHandler\" is known to LoopBack, but has no effect here"},
        {R"({"remoting": {"rest": {"handleErrors": false}}})",
         "\"remoting.rest.handleErrors\" is known to LoopBack, but has no effect here"},
    };

    for (auto const& row : rows) {
        SCOPED_TRACE(row.json);
        auto const outcome = read(row.json);
        EXPECT_TRUE(outcome.mistakes.empty());
        EXPECT_EQ(outcome.notes, std::vector<std::string>{row.note});
    }
}

}  // namespace
}  // namespace sallyport::app

#include "app/settings_in_use.hpp"

#include "app/config_keys.hpp"
#include "app/project_folder.hpp"
#include "folder.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>

namespace sallyport::app {
namespace {

class SettingsInUseOf {
public:
    explicit SettingsInUseOf(std::map<std::string, std::string> files, AppSettings settings = {},
                             std::map<std::string, std::string> const& variables = {}) {
        files.try_emplace("server/config.json", "{}");
        files.try_emplace("server/datasources.json", R"({"db": {"connector": "memory"}})");
        files.try_emplace("server/model-config.json", "{}");
        Folder const folder{files};
        settings.environment = "test";
        auto project = load_project(folder.path(), settings);
        auto const config = read_config(project, settings, [&](std::string const& name) {
            auto const found = variables.find(name);
            return found == variables.end() ? std::nullopt : std::optional{found->second};
        });
        EXPECT_FALSE(project.has_mistakes()) << (project.findings.empty() ? "" : to_text(project.findings.front()));
        all_ = settings_in_use(project, config);
    }

    /// "8080 from server/config.json:1"
    std::string operator()(std::string const& of, std::string const& name) const {
        for (auto const& group : all_) {
            for (auto const& setting : group.settings) {
                if (group.of.contains(of) && setting.name == name)
                    return to_text(setting.value) + " from " + setting.from;
            }
        }
        return "not told";
    }

    std::string text() const {
        std::string text;
        for (auto const& group : all_) {
            for (auto const& [name, value, from] : group.settings) text += name + to_text(value) + from;
        }
        return text;
    }

private:
    std::vector<SettingsInUse> all_;
};

TEST(SettingsInUse, EverySettingThatIsActedOnIsToldOrWasNotGiven) {
    SettingsInUseOf const told{{{"server/config.json", "{}"}}};
    // Refused if true, or a list with nothing in it: told only where they are written.
    std::vector<std::string> const quiet{"remoting.context", "remoting.cors", "remoting.rest.xml"};
    for (auto const& name : settings_acted_on()) {
        if (std::ranges::find(quiet, name) != quiet.end()) continue;
        EXPECT_NE(told("config.json", name), "not told") << name;
    }
}

TEST(SettingsInUse, AnArgumentWinsOverAVariableAndThatOverTheFileOfTheEnvironment) {
    std::map<std::string, std::string> const files{{"server/config.json", "{\"port\": 1,\n\"host\": \"localhost\"}"},
                                                   {"server/config.test.json", R"({"port": 2})"}};
    EXPECT_EQ(SettingsInUseOf{files}("config.json", "port"), "2 from server/config.test.json:1");
    EXPECT_EQ(SettingsInUseOf{files}("config.json", "host"), "\"localhost\" from server/config.json:2");
    std::map<std::string, std::string> const variables{{"PORT", "3"}, {"HOST", "127.0.0.3"}};
    EXPECT_EQ((SettingsInUseOf{files, {}, variables}("config.json", "port")), "3 from the variable PORT");
    EXPECT_EQ((SettingsInUseOf{files, {}, variables}("config.json", "host")), "\"127.0.0.3\" from the variable HOST");
    AppSettings const arguments{.host = "127.0.0.4", .port = 4};
    EXPECT_EQ((SettingsInUseOf{files, arguments, variables}("config.json", "port")), "4 from --port");
    EXPECT_EQ((SettingsInUseOf{files, arguments, variables}("config.json", "host")), "\"127.0.0.4\" from --host");
}

TEST(SettingsInUse, DefaultsAreThoseOfTheMode) {
    SettingsInUseOf const strict{{{"server/config.json", "{}"}}};
    SettingsInUseOf const compatible{{{"server/config.json", R"({"compatibility": "loopback3"})"}}};
    EXPECT_EQ(strict("config.json", "host"), "\"127.0.0.1\" from default");
    EXPECT_EQ(compatible("config.json", "host"), "\"0.0.0.0\" from default");
    EXPECT_EQ(strict("config.json", "aclErrorStatus"), "403 from default");
    EXPECT_EQ(compatible("config.json", "aclErrorStatus"), "401 from default");
    EXPECT_EQ(strict("config.json", "refusedPasswordMs"), "300 from default");
    EXPECT_EQ(strict("config.json", "hstsSeconds"), "31536000 from default");
    EXPECT_EQ(compatible("config.json", "hstsSeconds"), "null from default");
    SettingsInUseOf const helmet{{{"server/middleware.json", R"({"initial": {"helmet": {}}})"}}};
    EXPECT_EQ(helmet("config.json", "hstsSeconds"), "15552000 from helmet in server/middleware.json");
}

TEST(SettingsInUse, ADataSourceIsToldAsItIsOpened) {
    setenv("SALLYPORT_TEST_FILE", "x.db", 1);  // NOLINT(concurrency-mt-unsafe): before there is another thread.
    SettingsInUseOf const told{{{"server/datasources.json", R"({
        "db": {"connector": "sqlite", "file": "${SALLYPORT_TEST_FILE}", "maxDepthOfQuery": 3},
        "other": {"connector": "sqlite3"}})"}}};
    EXPECT_EQ(told("\"db\"", "connector"), "\"sqlite3\" from server/datasources.json:2");
    EXPECT_EQ(told("\"db\"", "file"), "\"x.db\" from ${SALLYPORT_TEST_FILE} in server/datasources.json:2");
    EXPECT_EQ(told("\"db\"", "synchronous"), "\"FULL\" from default");
    EXPECT_EQ(told("\"db\"", "maxDepthOfQuery"), "3 from server/datasources.json:2");
    EXPECT_EQ(told("\"other\"", "file"), "\"other.db\" from default");
}

TEST(SettingsInUse, TheOptionsOfTwoFactorAreToldWithTheirDefaults) {
    SettingsInUseOf const told{{
        {"server/model-config.json", R"({"User": {"dataSource": "db", "public": false},
            "AccessToken": {"dataSource": "db", "public": false}, "Employee": {"dataSource": "db"}})"},
        {"common/models/employee.json", R"({"name": "Employee", "base": "User",
            "mixins": {"TwoFactor": {"code": {"digits": 8}}}})"},
    }};
    EXPECT_EQ(told("TwoFactor of Employee", "code.digits"), "8 from common/models/employee.json:2");
    EXPECT_EQ(told("TwoFactor of Employee", "code.ttl"), "300 from default");
    EXPECT_EQ(told("TwoFactor of Employee", "channels"), "[\"console\"] from default");
    EXPECT_EQ(told("TwoFactor of Employee", "binding"), "\"cookie-or-network\" from default");
}

TEST(SettingsInUse, SecretsAreHidden) {
    setenv("SALLYPORT_TEST_PASSWORD", "S3CRET-1", 1);  // NOLINT(concurrency-mt-unsafe): as above.
    SettingsInUseOf const told{
        {{"server/config.json", R"({"cookieSecret": "S3CRET-0"})"}, {"server/datasources.json", R"({
        "db": {"connector": "memory"},
        "mail": {"connector": "mail", "defaultFrom": "a@b.test", "transports": [{"type": "smtp", "host": "mail.test",
          "auth": {"user": "S3CRET-2", "pass": "${SALLYPORT_TEST_PASSWORD}"}}, {"type": "STUB", "name": "S3CRET-3"}]},
        "first": {"connector": "sms", "gateway": "vonage", "apiKey": "S3CRET-4", "apiSecret": "S3CRET-5", "from": "Acme",
          "countries": ["FR"], "fallback": "second", "values": {"from": "S3CRET-6"}},
        "second": {"connector": "sms", "gateway": "http", "url": "https://gateway.test/S3CRET-7?key=S3CRET-8",
          "headers": {"from": "S3CRET-9"}, "auth": {"user": "x", "password": "S3CRET-10"},
          "json": {"text": "{text}", "port": "S3CRET-11"}}})"}}};
    EXPECT_EQ(told.text().find("S3CRET"), std::string::npos) << told.text();
    EXPECT_EQ(told("\"mail\"", "transports.0.auth.pass"),
              "\"(hidden)\" from ${SALLYPORT_TEST_PASSWORD} in server/datasources.json:4");
    EXPECT_EQ(told("\"mail\"", "transports.0.host"), "\"mail.test\" from server/datasources.json:3");
    EXPECT_EQ(told("\"second\"", "url"), "\"https://gateway.test/(hidden)\" from server/datasources.json:7");
    EXPECT_EQ(told("\"first\"", "fallback"), "\"second\" from server/datasources.json:6");
    EXPECT_EQ(told("\"first\"", "dailyCap"), "500 from default");
    EXPECT_EQ(told("\"second\"", "dailyCap"), "not told");
}

TEST(SettingsInUse, AnAddressThatHoldsItsLoginIsHiddenWhole) {
    for (std::string const url : {"https://user:S3CRET@gateway.test/sms", "https://{key}.gateway.test"}) {
        SettingsInUseOf const told{{{"server/datasources.json", R"({"db": {"connector": "memory"},
            "sms": {"connector": "sms", "gateway": "http", "countries": ["FR"], "values": {"key": "S3CRET"},
            "json": ["{text}"], "url": ")" + url + "\"}}"}}};
        EXPECT_EQ(told("\"sms\"", "url"), "\"(hidden)\" from server/datasources.json:3");
    }
}

}  // namespace
}  // namespace sallyport::app

#include "cli/show_config.hpp"

#include "cli/commands.hpp"
#include "folder.hpp"
#include "sallyport/json.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

namespace sallyport::cli {
namespace {

struct Outcome {
    int code;
    std::string out;
    std::string err;
};

Outcome show(Folder const& folder, std::vector<std::string> arguments = {}) {
    std::ostringstream out;
    std::ostringstream err;
    arguments.insert(arguments.begin(), {"show-config", folder.path().string()});
    auto const code = cli::run(std::move(arguments), out, err);
    return {code, out.str(), err.str()};
}

Folder project(std::string const& config) {
    return Folder{{{"server/config.json", config},
                   {"server/datasources.json", R"({"db": {"connector": "memory"}})"},
                   {"server/model-config.json", "{}"}}};
}

TEST(ShowConfig, PrintsAlignedLinesBelowWhatTheyAreOf) {
    auto const folder = project(R"({"restApiRoot": "/v1"})");
    auto const [code, out, err] = show(folder, {"--port", "8080"});
    EXPECT_EQ(code, 0) << err;
    EXPECT_TRUE(out.starts_with("server/config.json\n  environment ")) << out;
    EXPECT_NE(out.find("\n\nthe data source \"db\"\n  connector "), std::string::npos) << out;
    std::istringstream lines{out};
    for (std::string line; std::getline(lines, line);) {
        auto const is_root = line.find("\"/v1\"  ") != std::string::npos;
        auto const is_port = line.starts_with("  port ");
        if (is_root) EXPECT_EQ(line.find("\"/v1\""), out.find("\"development\"") - out.find("  environment"));
        if (is_root) EXPECT_TRUE(line.ends_with(" server/config.json:1")) << line;
        if (is_port) EXPECT_TRUE(line.ends_with("  --port")) << line;
    }
}

TEST(ShowConfig, PrintsJsonForPrograms) {
    auto const folder = project(R"({"port": 1})");
    auto const json = parse_json(show(folder, {"--json"}).out, {.max_keys = 10000});
    auto const found =
        std::ranges::find_if(json.as_array(), [](Json const& one) { return one["name"] == Json{"port"}; });
    ASSERT_NE(found, json.as_array().end());
    EXPECT_EQ(to_text(*found), R"({"of":"server/config.json","name":"port","value":1,"from":"server/config.json:1"})");
}

TEST(ShowConfig, OfAProjectWithMistakesWhatDoesNotRestOnThemIsShownAndEachIsTold) {
    struct Row {
        char const* config;
        char const* sources;
        char const* mistake;  ///< As `check` tells it.
        bool shows_sources;
    };
    Row const rows[] = {
        {R"({"prot": 1, "restApiRoot": "/v1"})", R"({"db": {"connector": "memory"}})",
         "\nserver/config.json:1:10: unknown setting \"prot\"\n  hint: did you mean \"port\"?\n", true},
        {R"({"restApiRoot": "/v1"})", R"({"db": {"connector": "memory"}, "sms": {"connector": "sms", "gateway": "x"}})",
         "\nserver/datasources.json:1:", false},
        {R"({"restApiRoot": "/v1"})", "{}", "\nserver/datasources.json: no data source keeps records\n", false},
    };
    for (auto const& row : rows) {
        Folder const folder{{{"server/config.json", row.config},
                             {"server/datasources.json", row.sources},
                             {"server/model-config.json", "{}"}}};
        auto const [code, out, err] = show(folder);
        EXPECT_EQ(code, 1);
        EXPECT_NE(out.find("\"/v1\""), std::string::npos) << out;
        EXPECT_EQ(out.find("the data source \"db\"") != std::string::npos, row.shows_sources) << out;
        EXPECT_TRUE(err.starts_with("what rests on these mistakes is not shown:\n")) << err;
        EXPECT_NE(err.find(row.mistake), std::string::npos) << err;
    }
}

}  // namespace
}  // namespace sallyport::cli

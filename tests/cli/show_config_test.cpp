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

TEST(ShowConfig, AProjectWithMistakesIsToldToBeChecked) {
    auto const [code, out, err] = show(project(R"({"prot": 1})"));
    EXPECT_EQ(code, 1);
    EXPECT_EQ(out, "");
    EXPECT_TRUE(err.starts_with("sallyport: server/config.json:1: unknown setting \"prot\"\n  hint: sallyport check"))
        << err;
}

}  // namespace
}  // namespace sallyport::cli

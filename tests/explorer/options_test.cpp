#include "explorer/options.hpp"

#include "folder.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

namespace sallyport::explorer {
namespace {

std::optional<Options> options_of(std::string const& components, std::string const& package = "") {
    std::map<std::string, std::string> files{{"server/component-config.json", components},
                                             {"server/model-config.json", "{}"}};
    if (!package.empty()) files["package.json"] = package;
    Folder const folder{files};
    auto const project = definition::load(folder.path(), {});
    return read_options(project, "/api");
}

TEST(ExplorerOptions, WithoutTheComponentThereIsNoExplorer) {
    for (auto const* components :
         {"{}", R"({"loopback-component-explorer": null})", R"({"loopback-component-explorer": false})"}) {
        EXPECT_FALSE(options_of(components)) << components;
    }
    EXPECT_EQ(options_of(R"({"loopback-component-explorer": {}})").value().mount_path, "/explorer");
}

TEST(ExplorerOptions, APathIsTakenWithAndWithoutItsSlashes) {
    struct Row {
        char const* written;
        char const* expected;
    };
    for (auto const& row : {Row{"/docs", "/docs"}, Row{"docs/", "/docs"}, Row{"/a/b//", "/a/b"}, Row{"/", ""}}) {
        auto const options =
            options_of(std::string{R"({"loopback-component-explorer": {"mountPath": ")"} + row.written + "\"}}");
        EXPECT_EQ(options.value().mount_path, row.expected) << row.written;
    }
}

TEST(ExplorerOptions, BelowTheApiItCouldNotBeReached) {
    for (auto const* path : {"/api", "/api/explorer", "/API/explorer"}) {
        Options const options{.mount_path = path};
        EXPECT_TRUE(is_below_api(options, "/api")) << path;
        EXPECT_FALSE(is_below_api(options, "/")) << path;
    }
    EXPECT_FALSE(is_below_api({.mount_path = "/apis"}, "/api"));
}

TEST(ExplorerOptions, TheApiIsNamedByPackageJsonUnlessApiInfoSaysOtherwise) {
    auto const* component = R"({"loopback-component-explorer": {"mountPath": "/explorer"}})";
    struct Row {
        std::string components;
        char const* package;
        char const* expected;
    };
    Row const rows[] = {
        {component, R"({"name": "company", "version": "2.1.0", "description": "Its API"})",
         R"({"version":"2.1.0","title":"company","description":"Its API"})"},
        {R"({"loopback-component-explorer": {"version": "3.0.0", "apiInfo": {"title": "Us"}}})",
         R"({"name": "company"})", R"({"version":"3.0.0","title":"Us"})"},
    };
    for (auto const& row : rows) EXPECT_EQ(to_text(options_of(row.components, row.package).value().info), row.expected);
    EXPECT_TRUE(options_of(component, "not JSON").value().info.contains("title"));
}

}  // namespace
}  // namespace sallyport::explorer

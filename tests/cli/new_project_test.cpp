#include "cli/new_project.hpp"

#include "app/project_folder.hpp"
#include "cli/client_page.hpp"
#include "crypto/keys.hpp"
#include "folder.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace sallyport::cli {
namespace {

TEST(NewProject, EveryTemplateHasNoMistakes) {
    for (auto const& name : template_names()) {
        SCOPED_TRACE(name);
        Folder const folder;
        auto const target = folder.path() / "company";

        write_project(target, name);

        auto project = app::load_project(target, {});
        app::read_config(project, {}, [](std::string const&) { return std::nullopt; });
        EXPECT_FALSE(project.has_mistakes());
        for (auto const& finding : project.findings) {
            EXPECT_EQ(finding.text, "mail: mail reaches nobody: a STUB keeps it in memory");
        }
    }
}

TEST(NewProject, TheKeysAreForTheOwnerAlone) {
    Folder const folder;
    write_project(folder.path() / "company", "api-server");

    using enum std::filesystem::perms;
    auto const mode = std::filesystem::status(folder.path() / "company/keys.json").permissions();
    EXPECT_EQ(mode, owner_read | owner_write);
    EXPECT_NO_THROW(crypto::Keys::read(folder.path() / "company/keys.json"));
    EXPECT_NE(folder.read("company/.gitignore").find("keys.json"), std::string::npos);
}

TEST(NewProject, TheTwoFactorTemplateHasTheLoginPage) {
    Folder const folder;
    write_project(folder.path() / "company", "two-factor");

    EXPECT_GE(client_page().size(), 5U);
    for (auto const& [name, text] : client_page()) EXPECT_EQ(folder.read("company/client/" + std::string{name}), text);
    EXPECT_NE(folder.read("company/client/index.html").find("<html"), std::string::npos);
}

TEST(NewProject, AFolderWithSomethingInItIsLeftAlone) {
    Folder const folder{{{"mine.txt", "x"}}};

    EXPECT_THROW(write_project(folder.path(), "api-server"), std::runtime_error);
    EXPECT_FALSE(folder.has("server"));
}

TEST(NewProject, BadNamesAreRefused) {
    Folder const folder;
    for (auto const* name : {".hidden", "a b", "a@b", "50%", "node_modules", "favicon.ico"}) {
        EXPECT_THROW(write_project(folder.path() / name, "api-server"), std::runtime_error) << name;
    }
}

}  // namespace
}  // namespace sallyport::cli

#include "cli/new_project.hpp"

#include "cli/client_page.hpp"
#include "crypto/keys.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <span>
#include <stdexcept>
#include <string_view>
#include <utility>

namespace sallyport::cli {
namespace {

namespace fs = std::filesystem;

struct File {
    std::string_view name;
    std::string_view text;
};

constexpr File for_all[] = {
    {"server/config.json", R"({
  "restApiRoot": "/api",
  "host": "localhost",
  "port": 3000
}
)"},
    {"server/middleware.json", R"({
  "files": {
    "loopback#static": {
      "params": "$!../client"
    }
  }
}
)"},
    {"server/component-config.json", R"({
  "loopback-component-explorer": {
    "mountPath": "/explorer"
  }
}
)"},
    {".gitignore", R"(# Secrets, data, and settings of one machine.
keys.json
*.db
*.db-*
*.db.*
sallyport.sock
server/*.local.json
)"},
};

constexpr File for_empty[] = {
    {"server/datasources.json", R"({
  "db": {
    "name": "db",
    "connector": "sqlite3",
    "file": "data.db"
  }
}
)"},
    {"server/model-config.json", R"({
  "_meta": {
    "sources": ["loopback/common/models", "../common/models"],
    "mixins": ["loopback/common/mixins", "../common/mixins"]
  }
}
)"},
};

constexpr File for_users[] = {
    {"server/datasources.json", R"({
  "db": {
    "name": "db",
    "connector": "sqlite3",
    "file": "data.db"
  },
  "mail": {
    "name": "mail",
    "connector": "mail",
    "transports": [{"type": "STUB"}]
  }
}
)"},
    {"server/model-config.json", R"({
  "_meta": {
    "sources": ["loopback/common/models", "../common/models"],
    "mixins": ["loopback/common/mixins", "../common/mixins"]
  },
  "User": {"dataSource": "db", "public": false},
  "AccessToken": {"dataSource": "db", "public": false},
  "ACL": {"dataSource": "db", "public": false},
  "RoleMapping": {"dataSource": "db", "public": false},
  "Role": {"dataSource": "db", "public": false},
  "Email": {"dataSource": "mail", "public": false}
}
)"},
};

constexpr std::string_view plain_page = R"(<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>An API</title>
<h1>It runs</h1>
<p>The API is at <code>/api</code>; the <a href="/explorer">explorer</a> shows what it can do. Files beside this one, in <code>client</code>, are served as they are.</p>
</html>
)";

void write_file(fs::path const& file, std::string_view text) {
    fs::create_directories(file.parent_path());
    std::ofstream out{file, std::ios::binary};
    out << text;
    out.close();
    if (!out) throw std::runtime_error{fmt::format("{} cannot be written", file.string())};
}

void require_good_name(fs::path const& folder) {
    auto const name = folder.filename().string();
    auto const is_good = !name.empty() && !name.starts_with('.') && name.find_first_of("@+%: ") == std::string::npos &&
                         name != "node_modules" && name != "favicon.ico";
    if (!is_good)
        throw std::runtime_error{
            fmt::format("\"{}\" is no good name for a project\n  hint: letters, digits, \"-\" and \"_\"", name)};
}

void require_empty(fs::path const& folder) {
    if (fs::exists(folder) && !(fs::is_directory(folder) && fs::is_empty(folder))) {
        throw std::runtime_error{
            fmt::format("{} is there already, and not empty\n  hint: choose another name", folder.string())};
    }
}

}  // namespace

std::vector<std::string> const& template_names() {
    static std::vector<std::string> const names{"api-server", "two-factor", "empty"};
    return names;
}

void write_project(fs::path const& folder, std::string const& template_name) {
    auto const target = folder.has_filename() ? folder : folder.parent_path();
    require_good_name(target);
    require_empty(target);
    for (auto const& file : for_all) write_file(target / file.name, file.text);
    for (auto const& file :
         template_name == "empty" ? std::span<File const>{for_empty} : std::span<File const>{for_users}) {
        write_file(target / file.name, file.text);
    }
    fs::create_directories(target / "common/models");
    if (template_name == "two-factor") {
        for (auto const& [name, text] : client_page()) write_file(target / "client" / name, text);
    } else {
        write_file(target / "client/index.html", plain_page);
    }
    crypto::Keys::make().save(target / "keys.json");
}

}  // namespace sallyport::cli

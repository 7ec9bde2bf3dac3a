#include "cli/project_verbs.hpp"

#include "app/kept_files.hpp"
#include "app/parts.hpp"
#include "app/project_folder.hpp"
#include "app/stores.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <ostream>
#include <stdexcept>

namespace sallyport::cli {
namespace {

namespace fs = std::filesystem;
using definition::Finding;

bool is_mistake(Finding const& finding) { return finding.kind == Finding::Kind::mistake; }

definition::Project load_judged(fs::path const& folder) {
    AppSettings const settings;
    auto project = app::load_project(folder, settings);
    app::read_config(project, settings);
    return project;
}

// A statement that runs for one row after another is printed once.
void print(std::vector<store::Statement> const& statements, std::ostream& out) {
    for (std::size_t at = 0; at < statements.size();) {
        auto const& sql = statements[at].sql;
        std::size_t times = 1;
        while (at + times < statements.size() && statements[at + times].sql == sql) ++times;
        out << sql << (times == 1 ? std::string{";\n"} : fmt::format(";  -- {} times\n", times));
        at += times;
    }
}

}  // namespace

definition::Project load_sound(fs::path const& folder) {
    auto project = load_judged(folder);
    if (project.has_mistakes())
        throw std::runtime_error{"the project has mistakes\n  hint: sallyport check lists them"};
    return project;
}

int check(fs::path const& folder, std::ostream& out) {
    auto project = load_judged(folder);
    app::check_databases(project);
    app::check_keys(project);
    for (auto const& finding : project.findings) out << to_text(finding) << '\n';
    auto const mistakes = std::ranges::count_if(project.findings, is_mistake);
    if (mistakes == 0) {
        out << "no mistakes\n";
        return 0;
    }
    out << fmt::format("{} mistake{}\n", mistakes, mistakes == 1 ? "" : "s");
    return 1;
}

int migrate(fs::path const& folder, Migration migration, std::ostream& out, std::ostream& err) {
    auto const project = load_sound(folder);
    auto const stores = app::open_stores(project, folder);
    auto const own = app::own_data_source(project);
    std::size_t count = 0;
    for (auto const& [source, store] : stores) {
        auto const statements = app::plan(project, source, *store, source == own, SystemClock{}.now());
        count += statements.size();
        if (migration == Migration::run) store->prepare(statements);
        if (migration == Migration::printed) print(statements, out);
    }
    if (count == 0) err << "every table fits\n";
    if (count > 0 && migration == Migration::run)
        err << fmt::format("ran {} statement{}\n", count, count == 1 ? "" : "s");
    return 0;
}

int list_routes(fs::path const& folder, std::ostream& out) {
    App app{folder};
    rest::Api const api{*app.parts().api_parts};
    for (auto const& line : api.list()) out << line << '\n';
    return 0;
}

int serve(fs::path const& folder, AppSettings const& settings) {
    App app{folder, settings};
    return app.run();
}

}  // namespace sallyport::cli

#include "app/kept_files.hpp"

#include "app/keys_file.hpp"
#include "app/stores.hpp"
#include "crypto/keys.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace sallyport::app {
namespace {

namespace fs = std::filesystem;
using definition::Finding;
using definition::Project;

struct WrongFile {
    std::string text;
    std::string hint;
};

// One that cannot be read, or is empty, is for SQLite to judge.
bool is_no_database(fs::path const& file) {
    static constexpr std::string_view magic{"SQLite format 3\0", 16};  // https://sqlite.org/fileformat2.html, 1.3
    std::ifstream in{file, std::ios::binary};
    std::string start(magic.size(), '\0');
    in.read(start.data(), static_cast<std::streamsize>(start.size()));
    return in.gcount() > 0 && start != magic;
}

std::optional<WrongFile> fault_of(fs::path const& file) {
    std::error_code ignored;
    if (fs::is_directory(file, ignored))
        return WrongFile{fmt::format("{} is a folder, and a database is a file", file.string()), "name another file"};
    auto const folder = file.has_parent_path() ? file.parent_path() : fs::path{"."};
    if (!fs::is_directory(folder, ignored))
        return WrongFile{fmt::format("there is no folder {} to keep the database in", folder.string()),
                         "make it first, or name another"};
    if (is_no_database(file))
        return WrongFile{fmt::format("{} is no SQLite database", file.string()), "name another file, or move it away"};
    return std::nullopt;
}

// "server/datasources.json:3:13", where the file is named.
definition::Place place_of(Project const& project, std::string const& name) {
    auto const source = std::ranges::find(project.data_sources, name, &definition::DataSource::name);
    for (auto const* key : {"file", "database"}) {
        if (auto const* const found = definition::find_place(source->places, key)) return *found;
    }
    return source->place;
}

}  // namespace

void check_databases(Project& project) {
    if (project.has_mistakes()) return;
    for (auto const& [name, file] : database_files(project, project.folder)) {
        auto fault = fault_of(file);
        if (!fault) continue;
        auto const place = place_of(project, name);
        project.findings.push_back({.file = place.file,
                                    .line = place.line,
                                    .column = place.column,
                                    .text = std::move(fault->text),
                                    .hint = std::move(fault->hint)});
    }
}

void check_keys(Project& project) {
    Finding finding{.file = "keys.json", .text = {}, .hint = {}};
    if (are_keys_missing(project.folder)) {
        finding.kind = Finding::Kind::note;
        finding.text = "there are no keys yet";
        finding.hint = "`sallyport keys new` makes some, and so does `sallyport run --make-keys`";
        project.findings.push_back(std::move(finding));
        return;
    }
    try {
        read_keys(project.folder, false);
    } catch (crypto::KeysError const& error) {
        if (error.where() != project.folder / "keys.json") finding.file = error.where();
        finding.text = error.fault();
        finding.hint = error.hint();
        project.findings.push_back(std::move(finding));
    }
}

}  // namespace sallyport::app

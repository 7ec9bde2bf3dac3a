// The files are written first and judged by the same reader that `check` uses, so that the two never disagree.

#include "cli/project_edit.hpp"

#include "app/project_folder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace sallyport::cli {
namespace {

namespace fs = std::filesystem;
using definition::Finding;
using definition::Project;

void write_text(fs::path const& file, std::string_view text) {
    fs::create_directories(file.parent_path());
    std::ofstream out{file, std::ios::binary | std::ios::trunc};
    out << text;
    out.close();
    if (!out) throw std::runtime_error{fmt::format("{} cannot be written", file.string())};
}

/// The first mistake that `after` has and `before` has not; lines may have moved.
Finding const* new_mistake(Project const& before, Project const& after) {
    for (auto const& finding : after.findings) {
        auto const is_old = std::ranges::any_of(
            before.findings, [&](Finding const& old) { return old.file == finding.file && old.text == finding.text; });
        if (finding.kind == Finding::Kind::mistake && !is_old) return &finding;
    }
    return nullptr;
}

}  // namespace

ProjectEdit::ProjectEdit(fs::path folder) : folder_{std::move(folder)}, before_{app::load_project(folder_, {})} {}

std::string ProjectEdit::read(fs::path const& file) const {
    std::ifstream in{folder_ / file, std::ios::binary};
    if (!in) {
        throw std::runtime_error{
            fmt::format("{} cannot be read\n  hint: run this in a project folder, or name it with "
                        "--dir",
                        (folder_ / file).string())};
    }
    return {std::istreambuf_iterator<char>{in}, {}};
}

void ProjectEdit::write(fs::path file, std::string text) {
    auto old = fs::exists(folder_ / file) ? std::optional{read(file)} : std::nullopt;
    changes_.push_back({std::move(file), std::move(text), std::move(old)});
}

Project ProjectEdit::apply() {
    for (auto const& change : changes_) write_text(folder_ / change.file, change.text);
    auto after = app::load_project(folder_, {});
    if (auto const* mistake = new_mistake(before_, after)) {
        take_back();
        throw std::runtime_error{mistake->text + (mistake->hint.empty() ? "" : "\n  hint: " + mistake->hint)};
    }
    return after;
}

void ProjectEdit::take_back() const {
    for (auto const& change : changes_) {
        if (change.old) {
            write_text(folder_ / change.file, *change.old);
        } else {
            fs::remove(folder_ / change.file);
        }
    }
}

}  // namespace sallyport::cli

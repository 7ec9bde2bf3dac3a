// Changes to files of a project that stand only if they bring no mistake into it.

#pragma once

#include "definition/load.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sallyport::cli {

class ProjectEdit {
public:
    /// Reads the project as it is.
    explicit ProjectEdit(std::filesystem::path folder);

    definition::Project const& before() const { return before_; }

    /// The text of a file, relative to the folder. Throws std::runtime_error if it cannot be read.
    std::string read(std::filesystem::path const& file) const;

    /// What a file is to hold; it may be a new one.
    void write(std::filesystem::path file, std::string text);

    /// Writes all of it, and gives the project as it then is. If it has a mistake that it had not before, everything is
    /// taken back and the mistake thrown as std::runtime_error.
    definition::Project apply();

private:
    struct Change {
        std::filesystem::path file;
        std::string text;
        std::optional<std::string> old;  ///< Nothing for a new file.
    };

    void take_back() const;

    std::filesystem::path folder_;
    definition::Project before_;
    std::vector<Change> changes_;
};

}  // namespace sallyport::cli

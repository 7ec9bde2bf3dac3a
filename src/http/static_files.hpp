// Files of a folder over HTTP: types, ETags, conditional and HEAD requests, nothing outside the folder.

#pragma once

#include "sallyport/request.hpp"

#include <sys/stat.h>

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace sallyport::http {

/// Answers GET and HEAD for files below `folder`; "/" is index.html. Dotfiles, links that lead outside and paths with
/// "..", NUL or broken encoding are not there. FILE.br or FILE.gz beside FILE, and not older, goes out in its place to
/// clients that accept it. Safe on any thread.
class StaticFiles {
public:
    /// A folder that does not exist has no files.
    explicit StaticFiles(std::filesystem::path const& folder);

    /// Nothing if there is no such file (or the verb is another one): the next in line may answer.
    std::optional<Response> answer(Request const& request) const;

private:
    std::optional<std::filesystem::path> locate(std::string_view path) const;
    std::optional<std::filesystem::path> inside(std::filesystem::path const& path) const;

    struct Compressed {
        bool is_there = false;    ///< In some form.
        std::string_view coding;  ///< Of the one that was chosen; "" for none.
    };

    /// Puts path and facts of the best form that is accepted in the place of the file's own.
    Compressed compressed(std::filesystem::path& path, struct stat& facts, std::string_view accepted) const;

    std::filesystem::path folder_;
};

/// The Content-Type for a file's name by its extension; "application/octet-stream" for unknown ones.
std::string_view content_type_of(std::string_view name);

/// A request's path below a folder, decoded: "/a%20b/c" is "a b/c". Nothing for what must never reach a file system:
/// empty or hidden segments, "..", control characters, backslashes, broken escapes, text that is not UTF-8.
std::optional<std::string> relative_path(std::string_view path);

}  // namespace sallyport::http

// Files of a folder over HTTP: types, ETags, conditional and HEAD requests, nothing outside the folder.

#pragma once

#include "sallyport/request.hpp"

#include <filesystem>
#include <optional>
#include <string>

namespace sallyport::http {

/// Answers GET and HEAD for files below `folder`; "/" is index.html. Dotfiles, links that lead outside and paths with
/// "..", NUL or broken encoding are not there.
class StaticFiles {
public:
    explicit StaticFiles(std::filesystem::path folder);

    /// Nothing if there is no such file (or the verb is another one): the next in line may answer.
    std::optional<Response> answer(Request const& request) const;

private:
    std::filesystem::path folder_;
};

}  // namespace sallyport::http

// The man page and the completions of shells, from the same declarations as --help.

#pragma once

#include <CLI/CLI.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace sallyport::cli {

/// sallyport(1), in the language of man(7).
std::string man_page(CLI::App const& app, std::string_view version);

/// "bash", "fish" and "zsh".
std::vector<std::string> const& shells();

/// The script that completes verbs, options and files in one of shells().
std::string completion(CLI::App const& app, std::string_view shell);

}  // namespace sallyport::cli

// Files that only their owner reads, and that are on disk when a function returns.

#pragma once

#include <filesystem>
#include <string_view>

namespace sallyport::store {

// All throw std::system_error saying what failed with which file.

/// Makes an empty file with mode 0600. Fails if there is one of that name.
void make_private_file(std::filesystem::path const& file);

/// Makes a file with mode 0600 that holds `text`.
void write_private_file(std::filesystem::path const& file, std::string_view text);

/// Copies a file into a new one with mode 0600.
void copy_private_file(std::filesystem::path const& from, std::filesystem::path const& to);

/// Waits until what was written to a file is on disk; for a folder, its names.
void sync(std::filesystem::path const& path);

/// Gives a file another name in the same folder, in place of whatever has that name.
void rename_durably(std::filesystem::path const& from, std::filesystem::path const& to);

/// The folder a file is in; "." for a name alone.
std::filesystem::path folder_of(std::filesystem::path const& file);

}  // namespace sallyport::store

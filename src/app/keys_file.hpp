// Where the app's keys are: an environment variable, a systemd credential, or keys.json in the project folder.

#pragma once

#include "crypto/keys.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace sallyport::app {

/// Reads the keys, from the first of SALLYPORT_KEYS (their text), $CREDENTIALS_DIRECTORY/sallyport-keys, and
/// FOLDER/keys.json. Where none is there and `make_missing`, writes FOLDER/keys.json first.
///
/// Throws std::runtime_error saying what is wrong and which command mends it.
crypto::Keys read_keys(std::filesystem::path const& folder, bool make_missing);

/// The fingerprints that these keys had before each time they were rotated, the latest first.
std::vector<std::string> earlier_fingerprints(std::filesystem::path const& folder);

/// Puts new keys for codes, passwords and sealing before those in FOLDER/keys.json, which still open what they closed.
/// The key of identifiers stays: what is counted under it would be forgotten. The file is replaced as a whole.
///
/// Throws std::runtime_error if the keys are kept elsewhere, or the file cannot be written.
void rotate_keys(std::filesystem::path const& folder);

}  // namespace sallyport::app

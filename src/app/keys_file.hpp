// Where the app's keys are: an environment variable, a systemd credential, or keys.json in the project folder.

#pragma once

#include "crypto/keys.hpp"

#include <filesystem>

namespace sallyport::app {

/// Reads the keys, from the first of SALLYPORT_KEYS (their text), $CREDENTIALS_DIRECTORY/sallyport-keys, and
/// FOLDER/keys.json. Where none is there and `make_missing`, writes FOLDER/keys.json first.
///
/// Throws std::runtime_error saying what is wrong and which command mends it.
crypto::Keys read_keys(std::filesystem::path const& folder, bool make_missing);

/// That read_keys() would find none.
bool are_keys_missing(std::filesystem::path const& folder);

/// Rotates the keys of FOLDER/keys.json.
///
/// Throws std::runtime_error if the keys are kept elsewhere, or the file cannot be written.
void rotate_keys(std::filesystem::path const& folder);

}  // namespace sallyport::app
